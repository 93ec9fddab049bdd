import { invalidQuery } from '../../core/errors.ts'
import type { CursorQuery } from '../../core/log.ts'
import { parseInstant } from '../../core/time.ts'
import { lastValue, wholeNumber } from '../shared/query-string.ts'
import { searchFacets, speakeasySource } from './decode.ts'
import { requiredFields } from './fields.ts'

// "The stream holds the 250 most recent events", says the vendor's CLI of a search without a limit.
const limitDefault = 250

/**
 * The query of searchWorkspaceEvents (contract 1.4): filters ANDed, newest first. Only events that came
 * in by this dialect are shown: the vendor's clients cannot decode an array that holds any other.
 */
export function decodeSearch(pairs: URLSearchParams, limitMax: number): CursorQuery {
  const facets = [{ name: 'source', values: [speakeasySource] }]
  for (const name of searchFacets) {
    const value = lastValue(pairs, name)
    if (value !== undefined) facets.push({ name, values: [value] })
  }
  const type = oneOf(pairs, 'interaction_type', requiredFields['interaction_type'] as string[])
  if (type !== undefined) facets.push({ name: 'type', values: [type] })
  const success = oneOf(pairs, 'success', ['true', 'false'])
  if (success !== undefined) facets.push({ name: 'success', values: [success] })
  const limit = wholeNumber(lastValue(pairs, 'limit'), limitDefault)
  if (!(limit >= 1 && limit <= limitMax)) {
    throw invalidQuery('limit', `limit must be a whole number from 1 to ${limitMax}.`)
  }
  return { facets, from: createdAfter(pairs), order: 'time', direction: 'backward', limit }
}

function oneOf(
  pairs: URLSearchParams,
  name: string,
  values: readonly string[],
): string | undefined {
  const value = lastValue(pairs, name)
  if (value === undefined || values.includes(value)) return value
  throw invalidQuery(name, `${name} must be one of ${values.join(', ')}.`)
}

/** The legacy filter: strictly after an instant. */
function createdAfter(pairs: URLSearchParams): bigint | undefined {
  const text = lastValue(pairs, 'after_created_at')
  if (text === undefined) return undefined
  const instant = parseInstant(text.replace(' ', '+'))
  if (instant !== undefined) return instant + 1n
  throw invalidQuery('after_created_at', 'after_created_at must be an RFC 3339 date-time.')
}
