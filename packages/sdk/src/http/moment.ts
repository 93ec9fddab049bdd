import { queryText } from './query-text.ts'

/** A time: a `Date`, or a text such as `2026-03-01T10:00:00Z`, which is sent as it is. */
export type Moment = string | Date

/** Whether a value is a `Date`; by its tag, since it may come from another realm. */
export function isDate(value: unknown): value is Date {
  return Object.prototype.toString.call(value) === '[object Date]'
}

/**
 * A `Date` as RFC 3339 spells it: with milliseconds, in UTC.
 * @param name What the error calls it.
 * @throws TypeError for what is no `Date`, RangeError for one that is no time, or in no year from 1 to 9999.
 */
export function dateText(name: string, value: unknown): string {
  if (!isDate(value)) throw new TypeError(`${name} must be a Date.`)
  if (Number.isNaN(value.getTime())) throw new RangeError(`${name} is a Date that is no time.`)
  const year = value.getUTCFullYear()
  if (year >= 1 && year <= 9999) return value.toISOString()
  throw new RangeError(`${name} is in no year from 1 to 9999.`)
}

/**
 * A moment as it is sent; only `undefined` is left out.
 * @throws TypeError as `queryText`, RangeError as `dateText`.
 */
export function momentText(name: string, value: unknown): string | undefined {
  return isDate(value) ? dateText(name, value) : queryText(name, value)
}
