import type { NewEvent } from '../../core/event.ts'

/**
 * The payload as a JSON object in text, for vendors whose clients take nothing else: an object as it
 * is, any other value as `{"value": …}`, base64 data as `{"data_base64": …}`, no payload as `{}`.
 */
export function payloadObject({ data, envelope }: NewEvent): string {
  if (data?.startsWith('{')) return data
  if (data !== undefined) return `{"value":${data}}`
  const base64 = envelope?.['data_base64']
  return base64 === undefined ? '{}' : JSON.stringify({ data_base64: base64 })
}

/** Text for the members of a JSON object, to stand before its closing brace: `,"a":1,"b":2`. */
export function membersText(members: Readonly<Record<string, unknown>> | undefined): string {
  const text = JSON.stringify(members ?? {})
  return text === '{}' ? '' : `,${text.slice(1, -1)}`
}
