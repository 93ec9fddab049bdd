import type { QueryValue } from '../http/address.ts'

/** A time in a query: a `Date`, or an ISO 8601 text that is sent as it is. */
export type QueryTime = string | Date

type Given = QueryValue | Date

/**
 * The parameters as they are sent: by name, as the Go SDK sends them (contract 4.1), and times of `Date` with
 * three digits and `Z`.
 * @throws RangeError for a `max` or `offset` that is no whole number in its range, or a `Date` that is no time.
 */
export function parametersOf(query: object): Record<string, QueryValue> {
  const given = query as Readonly<Record<string, Given>>
  checkWhole('max', given['max'], 1)
  checkWhole('offset', given['offset'], 0)
  const pairs = Object.entries(given).filter(([, value]) => value !== undefined)
  return Object.fromEntries(
    pairs
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, value]) => [name, sent(name, value)]),
  )
}

/** @throws TypeError when a parameter that must be there is not. */
export function requireParameters(query: object, names: readonly string[]): void {
  for (const name of names) {
    const value: unknown = (query as Record<string, unknown>)[name]
    if (value === undefined || value === '') throw new TypeError(`${name} is required.`)
  }
}

function sent(name: string, value: Given): QueryValue {
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw new RangeError(`${name} is a Date that is no time.`)
    return value.toISOString()
  }
  return Array.isArray(value) ? value.join(',') : value
}

function checkWhole(name: string, value: Given, min: number): void {
  if (value === undefined || (Number.isInteger(value) && Number(value) >= min)) return
  throw new RangeError(`${name} must be a whole number from ${min} on.`)
}
