import type { StoredEvent } from '../../core/event.ts'

/** The source of every event that comes in by this dialect. */
export const workosSource = 'workos'

const prefix = 'event_'
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const timeChars = 10
const positionChars = 16
const ulidId = /^event_([0-7][0-9A-HJKMNP-TV-Z]{9})[0-9A-HJKMNP-TV-Z]{16}$/i
// Positions are below 2^53, so eleven characters hold one and the five before are zeros.
const derivedId = /^event_([0-7][0-9A-HJKMNP-TV-Z]{9})(00000[0-9A-HJKMNP-TV-Z]{11})$/

/**
 * The id under which an event is seen through this dialect. WorkOS's own keep theirs. Every other event
 * has `event_` and a ULID made of its time of receipt and its position: one for each position,
 * increasing, and good as a cursor by itself, because WorkOS's clients use ids as cursors.
 */
export function viewId({ source, id, receivedAtMs, position }: StoredEvent): string {
  if (source === workosSource && id.startsWith(prefix)) return id
  return prefix + base32(receivedAtMs, timeChars) + base32(position, positionChars)
}

/** The position and time of receipt that a derived id was made of; undefined for any other text. */
export function derivedPlace(id: string): { position: number; receivedAtMs: number } | undefined {
  const [, time, position] = derivedId.exec(id) ?? []
  if (time === undefined || position === undefined) return undefined
  const place = { position: fromBase32(position), receivedAtMs: fromBase32(time) }
  return Number.isSafeInteger(place.position) ? place : undefined
}

/** The time in a ULID behind the prefix, in ms since 1970; undefined for a text that is no such id. */
export function ulidMs(id: string): number | undefined {
  const [, time] = ulidId.exec(id) ?? []
  return time === undefined ? undefined : fromBase32(time.toUpperCase())
}

function base32(value: number, length: number): string {
  let text = ''
  for (let rest = value; text.length < length; rest = Math.floor(rest / 32)) {
    text = alphabet[rest % 32]! + text
  }
  return text
}

function fromBase32(text: string): number {
  let value = 0
  for (const char of text) value = value * 32 + alphabet.indexOf(char)
  return value
}
