import { parseInstant, type Instant } from '../../core/time.ts'

const lenient =
  /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d)(:\d\d)?(\.\d+)? ?(Z|z|[+ -]\d\d:?\d\d)?(?: [A-Z]{2,5})?)?$/

/**
 * An instant as clients write it in queries: RFC 3339, and also a date alone (midnight UTC), without
 * seconds, without a zone (UTC), with a blank for the T, with a `+` that a form decoder made a blank, and as
 * Go prints a time (`2026-03-01 10:00:00 +0000 UTC`).
 */
export function parseLenientInstant(text: string): Instant | undefined {
  const parts = lenient.exec(text.trim())
  if (parts === null) return undefined
  const [, date, minutes = '00:00', seconds = ':00', fraction = '', zone = 'Z'] = parts
  const signed = zone
    .toUpperCase()
    .replace(' ', '+')
    .replace(/^([+-]\d\d):?(\d\d)$/, '$1:$2')
  return parseInstant(`${date}T${minutes}${seconds}${fraction}${signed}`)
}

/** A date-time with its zone: one that is written without is UTC. */
export function withZone(time: string): string {
  return /(?:Z|[+-]\d\d:\d\d)$/.test(time) ? time : `${time}Z`
}
