import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { EventwellError } from '../../core/errors.ts'
import { decodeUtf8, readJson } from '../../core/json/json.ts'
import type { BodyReader } from './body-reader.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the route takes deliveries whose sender is known only once they are read. */
    readonly isDelivery?: boolean
    /** Whether the route reads its body itself as it comes, with the encoding that it has. */
    readonly readsBody?: boolean
  }
}

/** What reads bodies: of senders who are known, and of those who are not, who cannot hinder the others. */
export interface BodyReaders {
  readonly bodies: BodyReader
  readonly deliveries: BodyReader
}

/**
 * Takes request bodies as bytes, whatever content type is claimed: vendors' clients claim what they like.
 * Compressed bodies are refused, except by routes that read their bodies themselves; no client of the
 * vendors' dialects sends them.
 */
export function acceptAnyBody(app: FastifyInstance, readers: BodyReaders, bytesMax?: number): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', async (request: FastifyRequest, payload: IncomingMessage) => {
    const { isDelivery = false, readsBody = false } = request.routeOptions.config
    if (readsBody) return payload
    return isDelivery ? readers.deliveries.read(payload) : readers.bodies.read(payload, bytesMax)
  })
  app.addHook('onRequest', async ({ headers, routeOptions }) => {
    // The framework refuses types that it cannot parse before it asks for a parser.
    if (headers['content-type'] !== undefined) headers['content-type'] = 'any/any'
    const encoding = headers['content-encoding']
    if (routeOptions.config.readsBody === true) return
    if (encoding === undefined || encoding.toLowerCase() === 'identity') return
    throw new EventwellError('unsupported_encoding', 'Send the body without Content-Encoding.')
  })
}

/** The bytes of a request's body; none when it has none. */
export function bodyBytes({ body }: FastifyRequest): Uint8Array {
  return body instanceof Uint8Array ? body : new Uint8Array()
}

/** The text of a request's body; empty when it has none. */
export function bodyText(request: FastifyRequest): string {
  return decodeUtf8(bodyBytes(request))
}

/** The JSON of a request's body. */
export function bodyJson(request: FastifyRequest): unknown {
  const text = bodyText(request)
  if (text.trim() === '') throw new EventwellError('invalid_json', 'The body is empty.')
  return readJson(text)
}
