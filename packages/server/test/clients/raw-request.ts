import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'

const timeoutMs = 30_000

/** A time that Go's `time.RFC3339` parses: the zone is not to be left out. */
export const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/

/** An answer before any client decoded it. */
export interface RawAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A JSON object of which nothing is known yet. */
export type Fields = Readonly<Record<string, unknown>>

/**
 * Sends a request whose address goes out to the letter, with exactly these headers (and `Host`). `fetch`
 * would spell the query anew, and refuses to send `Content-Length: 0` with a GET.
 */
export async function sendRaw(
  address: string,
  headers: Readonly<Record<string, string>>,
  method = 'GET',
): Promise<RawAnswer> {
  const origin = /^http:\/\/[^/]+/.exec(address)?.[0]
  assert.ok(origin, `${address} is not absolute`)
  const path = address.slice(origin.length)
  const sent = request(origin, { method, path, headers, timeout: timeoutMs })
  sent.on('timeout', () => sent.destroy(new Error('no answer in time')))
  sent.end()
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  return { status: answer.statusCode!, headers: answer.headers, body: await text(answer) }
}

/** The object in a body, read only when the content type says so, as most clients do. */
export function objectOf({ headers, body }: RawAnswer): Fields {
  assert.match(headers['content-type'] ?? '', /^application\/json/)
  return asObject(JSON.parse(body))
}

/** Fails unless this is a JSON object. */
export function asObject(value: unknown): Fields {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  assert.ok(isObject, `not an object: ${JSON.stringify(value)}`)
  return value as Fields
}

/** Text for a query as form encoders write it: a blank is `+`, and nearly all else is escaped. */
export function formText(text: string): string {
  return rfc3986Text(text).replaceAll('%20', '+')
}

/** Text for a query as RFC 3986 wants it. */
export function rfc3986Text(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
