import { formatMs, msOfInstant, parseMs } from '../../core/time.ts'
import { parseLenientInstant, withZone } from '../shared/lenient-time.ts'

// What HQ's own reader takes: single digits, days and hours that roll over, anything after the Z.
const lenient = /^(\d{1,4})-(\d{1,3})-(\d{1,3})T(\d{1,3}):(\d{1,3}):(\d{1,3})(?:\.(\d{1,9}))?Z/

/**
 * The time of an agent as an RFC 3339 date-time, as sent where it is one. What HQ reads is read here too
 * (contract 1.3), for an agent sends what is refused for ever; but a fraction is one, `.5` half a second.
 * Undefined when it cannot be understood.
 */
export function agentTime(text: string): string | undefined {
  const zoned = withZone(text)
  if (parseMs(zoned) !== undefined) return zoned
  const parts = lenient.exec(text)
  if (parts === null) return undefined
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number)
  const fraction = Number((parts[7] ?? '').slice(0, 3).padEnd(3, '0'))
  const date = new Date(0)
  date.setUTCFullYear(year!, month! - 1, day)
  date.setUTCHours(hour!, minute, second, fraction)
  const canonical = formatMs(date.getTime())
  return parseMs(canonical) === undefined ? undefined : canonical
}

// What Java spells for years that have five digits and more, as of a date that means "never".
const far = /^\d{5,9}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/

/** Whether a time is of a year beyond 9999: agents write it and HQ reads it, but RFC 3339 knows none. */
export function isFarTime(text: string): boolean {
  return far.test(text)
}

/** A time in the spelling of dialects C and D: UTC, milliseconds, a literal Z. */
export function spellTime(text: string): string {
  const ms = parseMs(agentTime(text) ?? '')
  if (ms !== undefined) return formatMs(ms)
  return far.exec(text)?.[1] === undefined ? text.replace('Z', '.000Z') : text
}

/** A date in the spelling of HQ's other answers: `2015-05-18T14:07:00.000+0000` (contract section 2). */
export function spellDate(ms: number): string {
  return formatMs(ms).replace('Z', '+0000')
}

/** The ms since 1970 of a date in a request: RFC 3339 with or without a fraction, `Z` or `+0000`. */
export function parseDate(text: string): number | undefined {
  const instant = parseLenientInstant(text)
  return instant === undefined ? undefined : msOfInstant(instant)
}
