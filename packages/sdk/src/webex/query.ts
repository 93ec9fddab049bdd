import type { QueryValue } from '../http/address.ts'
import { checkNames } from '../http/known-names.ts'
import { isDate, momentText } from '../http/moment.ts'
import { queryNames, queryText } from '../http/query-text.ts'

/**
 * The parameters as they are sent: by name, as the Go SDK sends them (contract 4.1), and times of `Date` with
 * three digits and `Z`. An array without names is left out: it says nothing.
 * @param names All that there may be.
 * @throws RangeError for a `max` or `offset` that is no whole number in its range, or a `Date` that is no
 * time; TypeError for a parameter that there is not, for a text that is empty, and for names that cannot be
 * joined by commas.
 */
export function parametersOf(query: object, names: object): Record<string, QueryValue> {
  checkNames('A query', query, names)
  const given = query as Readonly<Record<string, unknown>>
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

function sent(name: string, value: unknown): QueryValue {
  if (typeof value === 'number' || typeof value === 'boolean') return value
  if (isDate(value)) return momentText(name, value)
  if (!Array.isArray(value)) return queryText(name, value)
  return value.length === 0 ? undefined : queryNames(name, value)
}

function checkWhole(name: string, value: unknown, min: number): void {
  if (value === undefined || (Number.isInteger(value) && Number(value) >= min)) return
  throw new RangeError(`${name} must be a whole number from ${min} on.`)
}
