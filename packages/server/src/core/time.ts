/** A moment as nanoseconds since 1970-01-01T00:00:00Z. */
export type Instant = bigint

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d):(\d\d))$/
const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
// Date.UTC reads years 0 to 99 as 1900 to 1999, and Go sends its zero time as year 1; the calendar
// repeats every 400 years, so reckon there and come back.
const calendarCycleYears = 400
const calendarCycleMs = 146_097 * 86_400_000
// The years 1 to 9999, in UTC: Python's clients fail on a year 0.
const earliestMs = -62_135_596_800_000
const latestMs = 253_402_300_799_999

/**
 * Milliseconds since 1970 of an RFC 3339 date-time with a zone, rounded down; undefined when the
 * text is not one. T and Z must be capitals and seconds below 60, because the vendors' clients cannot
 * read the other spellings that the RFC allows. Digits below the millisecond are left to `parseInstant`.
 */
export function parseMs(text: string): number | undefined {
  const ms = parseUsualMs(text)
  if (ms !== undefined) return ms
  const parts = rfc3339.exec(text)
  return parts === null ? undefined : msOf(parts)
}

/**
 * The instant of an RFC 3339 date-time with a zone, to the nanosecond (further digits do not count);
 * undefined when the text is not one.
 */
export function parseInstant(text: string): Instant | undefined {
  const parts = rfc3339.exec(text)
  const ms = parts === null ? undefined : msOf(parts)
  if (parts === null || ms === undefined) return undefined
  const belowMs = (parts[7] ?? '').slice(3, 9).padEnd(6, '0')
  return instantOfMs(ms) + BigInt(belowMs)
}

/** The instant at the beginning of a millisecond. */
export function instantOfMs(ms: number): Instant {
  return BigInt(ms) * 1_000_000n
}

/** The millisecond an instant lies in, rounded down. */
export function msOfInstant(instant: Instant): number {
  return Number((instant - (((instant % 1_000_000n) + 1_000_000n) % 1_000_000n)) / 1_000_000n)
}

/** `2026-03-01T00:00:00.000Z`: UTC, three digits, a literal Z. */
export function formatMs(ms: number): string {
  return new Date(ms).toISOString()
}

/** `2026-03-01T00:00:00.000Z`, which nearly all clients write, several times faster; else undefined. */
function parseUsualMs(text: string): number | undefined {
  if (text.length !== 24 || !hasUsualMarks(text)) return undefined
  const year = digits(text, 0, 4)
  const time = [digits(text, 11, 2), digits(text, 14, 2), digits(text, 17, 2), digits(text, 20, 3)]
  return calendarMs(year, digits(text, 5, 2), digits(text, 8, 2), time, 0)
}

function hasUsualMarks(text: string): boolean {
  return (
    text[4] === '-' &&
    text[7] === '-' &&
    text[10] === 'T' &&
    text[13] === ':' &&
    text[16] === ':' &&
    text[19] === '.' &&
    text[23] === 'Z'
  )
}

/** The number that some digits spell; NaN when one of them is none. */
function digits(text: string, start: number, count: number): number {
  let value = 0
  for (let index = start; index < start + count; index++) {
    const digit = text.charCodeAt(index) - 48
    if (digit < 0 || digit > 9) return NaN
    value = value * 10 + digit
  }
  return value
}

function msOf(parts: RegExpExecArray): number | undefined {
  const [, year, month, day] = parts.map(Number)
  const fraction = parts[7] === undefined ? 0 : Number(parts[7].slice(0, 3).padEnd(3, '0'))
  const time = [Number(parts[4]), Number(parts[5]), Number(parts[6]), fraction]
  const offset = offsetMs(parts)
  return offset === undefined ? undefined : calendarMs(year!, month!, day!, time, offset)
}

/** Milliseconds since 1970, or undefined for a date or time of day that does not exist. */
function calendarMs(
  year: number,
  month: number,
  day: number,
  [hour = 0, minute = 0, second = 0, fraction = 0]: readonly number[],
  offset: number,
): number | undefined {
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month))) return undefined
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return undefined
  const wall = Date.UTC(year + calendarCycleYears, month - 1, day, hour, minute, second, fraction)
  const ms = wall - calendarCycleMs - offset
  return ms >= earliestMs && ms <= latestMs ? ms : undefined
}

function offsetMs(parts: RegExpExecArray): number | undefined {
  if (parts[8] === undefined) return 0
  const hours = Number(parts[9])
  const minutes = Number(parts[10])
  if (hours > 23 || minutes > 59) return undefined
  return (parts[8] === '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000
}

function daysIn(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return month === 2 && isLeap ? 29 : monthDays[month - 1]!
}
