import type { IncomingHttpHeaders } from 'node:http'
import { EventwellError, invalidEvent } from '../../../core/errors.ts'
import { decodeUtf8, readJson, type JsonObject } from '../../../core/json/json.ts'

const prefix = 'ce-'
const signs = ['ce-specversion', 'ce-id', 'ce-source', 'ce-type']
// The payload is the body, and its type is that of the body.
const notInHeaders = new Set(['data', 'data_base64', 'datacontenttype'])
const contentTypeHeader = 'content-type'

/** Whether a request is a CloudEvent in binary mode; one that forgot a header is, too, so as to be told. */
export function isBinary(headers: IncomingHttpHeaders): boolean {
  return signs.some((name) => headers[name] !== undefined)
}

/** The content type that a request claims. */
export function contentTypeOf(rawHeaders: readonly string[]): string | undefined {
  const at = rawHeaders.findIndex((name, index) => {
    return index % 2 === 0 && name.toLowerCase() === contentTypeHeader
  })
  return at < 0 ? undefined : rawHeaders[at + 1]
}

/**
 * A CloudEvent in binary mode as the JSON object that it would be in structured mode (CloudEvents HTTP
 * binding, section 3.1). `rawHeaders` are names and values in turn.
 * @throws EventwellError `invalid_event` naming the header, `invalid_json` when a JSON body is none.
 */
export function binaryEvent(rawHeaders: readonly string[], body: Uint8Array): JsonObject {
  const attributes = new Map<string, unknown>()
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const header = rawHeaders[at]!.toLowerCase()
    if (!header.startsWith(prefix)) continue
    const name = header.slice(prefix.length)
    if (notInHeaders.has(name)) {
      const message = `${header} is no header of binary mode: the body is the data, with its Content-Type.`
      throw invalidEvent(0, header, message)
    }
    if (attributes.has(name)) throw invalidEvent(0, name, `${header} must be sent once.`)
    attributes.set(name, headerText(name, rawHeaders[at + 1]!))
  }
  const contentType = contentTypeOf(rawHeaders)
  if (contentType !== undefined) attributes.set('datacontenttype', contentType)
  return Object.fromEntries([...attributes, ...dataOf(contentType, body)])
}

/**
 * A refusal of an event in binary mode, with the header at fault as its field. There is no other event, so it
 * has no index; where the body is at fault, the message alone says so.
 */
export function namedByHeader(error: EventwellError): EventwellError {
  if (error.places.length === 0) return error
  const { field } = error.place
  const header = field === undefined ? undefined : headerOf(field)
  if (field === undefined || header === undefined) {
    return new EventwellError(error.code, error.message, [], error, error.retryAfterSeconds)
  }
  const message = error.message.startsWith(`${field} `)
    ? header + error.message.slice(field.length)
    : error.message
  return new EventwellError(error.code, message, { field: header }, error, error.retryAfterSeconds)
}

/** The header that a field came in; undefined for the body. */
function headerOf(field: string): string | undefined {
  if (field.startsWith(prefix)) return field
  if (field === 'data' || field === 'data_base64') return undefined
  if (field === 'datacontenttype') return contentTypeHeader
  return `${prefix}${field === 'actor' ? 'authid' : field}`
}

/**
 * The text of a header's value: once freed of quotes, as older versions of the binding had them, then
 * percent-decoded. Bytes beyond ASCII, which the binding has encoded, are taken as UTF-8.
 */
function headerText(name: string, value: string): string {
  const quoted = /^"(.*)"$/.exec(value)?.[1]
  const plain = quoted === undefined ? value : quoted.replace(/\\(.)/g, '$1')
  // Node gives each byte of a header as one character.
  const text = plain.replace(/%([0-9a-f]{2})/gi, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  )
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      Buffer.from(text, 'latin1'),
    )
  } catch (cause) {
    const message = `${name} must be UTF-8, each byte beyond ASCII as % and two hex digits.`
    throw new EventwellError('invalid_event', message, { index: 0, field: name }, cause)
  }
}

type Data = readonly (readonly [string, unknown])[]

/** What the body is in JSON: a JSON type its value, a text type a string, anything else base64. */
function dataOf(contentType: string | undefined, body: Uint8Array): Data {
  if (body.length === 0) return []
  const [type = '', ...parameters] = (contentType ?? '').toLowerCase().split(';')
  const mediaType = type.trim()
  if (/^(application|text)\/json$|\+json$/.test(mediaType)) {
    return [['data', readJson(decodeUtf8(body))]]
  }
  const isText = /^text\/|^application\/xml$|\+xml$/.test(mediaType)
  const text = isText && isUtf8(parameters) ? wholeText(body) : undefined
  if (text !== undefined) return [['data', text]]
  return [['data_base64', Buffer.from(body).toString('base64')]]
}

function isUtf8(parameters: readonly string[]): boolean {
  const parameter = parameters.find((text) => /^\s*charset=/.test(text))
  const name = parameter?.split('=')[1]!.replaceAll('"', '') ?? 'utf-8'
  return ['utf-8', 'utf8', 'us-ascii'].includes(name.trim())
}

/** The body as text; undefined where that would alter it. */
function wholeText(body: Uint8Array): string | undefined {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(body)
  return Buffer.from(text).equals(body) ? text : undefined
}
