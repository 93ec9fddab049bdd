/** A WorkOS event as it is on the wire. */
export interface WireEvent {
  readonly id: string
  readonly event: string
  readonly data: object
  readonly created_at: string
}

/** A page of the list as it is on the wire. */
export interface WirePage {
  readonly object: 'list'
  readonly data: readonly WireEvent[]
  readonly list_metadata: { readonly after: string | null; readonly before?: string | null }
}

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** The time of the events that are made without one. */
export const startMs = Date.UTC(2026, 2, 1, 10)

/** An id as WorkOS makes it: `event_` and a ULID of this time; the number keeps ids of one time apart. */
export function idAt(ms: number, number = 0): string {
  let text = ''
  for (let rest = ms; text.length < 10; rest = Math.floor(rest / 32)) {
    text = alphabet[rest % 32]! + text
  }
  return `event_${text}Z${String(number).padStart(15, '0')}`
}

/** The nth event of a test, each a minute after the one before; its type is in no catalogue. */
export function eventAt(n: number, event = 'order.paid', data: object = { n }): WireEvent {
  const ms = startMs + n * 60_000
  return { id: idAt(ms, n), event, data, created_at: new Date(ms).toISOString() }
}
