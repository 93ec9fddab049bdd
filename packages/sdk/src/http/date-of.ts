// Year with its sign, month and day; time and zone; seconds with their fraction; hours and minutes.
const form = /^([+-]?)(\d{4,6})(-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?(.*))?$/i
const zoneForm = /^(?:|Z|([+-]\d\d)(?::?(\d\d))?)$/i

/**
 * The moment of a date-time (RFC 3339, ISO 8601), to the millisecond; `undefined` for any other text, which
 * the runtimes' own `Date` would guess at. As writers have it: a day alone is its first moment, a year may
 * have more than four digits and no sign (Java), a zone no colon (Java) or no minutes, and what has no zone
 * (Python) is meant as UTC.
 */
export function dateOf(text: string): Date | undefined {
  const found = form.exec(text)
  const zone = zoneForm.exec(found?.[6] ?? '')
  if (found === null || zone === null) return undefined
  const [, sign, digits, day, minute = '00:00', rest = ':00'] = found
  const [, hours, minutes = '00'] = zone
  const year =
    sign === '' && digits!.length === 4 ? digits! : `${sign || '+'}${digits!.padStart(6, '0')}`
  const second = rest.slice(0, 3)
  const fraction = rest.slice(4, 7).padEnd(3, '0')
  const local = `${day}T${minute}${second}.${fraction}Z`
  const date = new Date(year + local)
  // A 30th of February is none, though some runtimes take it for a day of March.
  if (Number.isNaN(date.getTime()) || !date.toISOString().endsWith(local)) return undefined
  if (hours === undefined) return date
  const offset = Math.abs(Number(hours)) * 60 + Number(minutes)
  const isEast = hours.startsWith('+')
  const moment = new Date(date.getTime() + (isEast ? -offset : offset) * 60_000)
  return Number.isNaN(moment.getTime()) ? undefined : moment
}
