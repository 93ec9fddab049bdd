import type { FastifyInstance, FastifyRequest } from 'fastify'
import { EventwellError } from '../../core/errors.ts'
import { decodeUtf8, parseJson } from '../../core/json.ts'

/**
 * Takes request bodies as bytes, whatever content type is claimed: vendors' clients claim what they like.
 * Compressed bodies are refused; no client of these dialects sends them.
 */
export function acceptAnyBody(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.addHook('onRequest', async (request) => {
    const encoding = request.headers['content-encoding']
    if (encoding === undefined || encoding.toLowerCase() === 'identity') return
    throw new EventwellError('unsupported_encoding', 'Send the body without Content-Encoding.')
  })
}

/** The text of a request's body; empty when it has none. */
export function bodyText(request: FastifyRequest): string {
  return request.body instanceof Uint8Array ? decodeUtf8(request.body) : ''
}

/** The JSON of a request's body. */
export function bodyJson(request: FastifyRequest): unknown {
  const text = bodyText(request)
  if (text.trim() === '') throw new EventwellError('invalid_json', 'The body is empty.')
  return parseJson(text)
}
