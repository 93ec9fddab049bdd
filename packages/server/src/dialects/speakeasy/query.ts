import { invalidQuery } from '../../core/errors.ts'
import type { CursorQuery } from '../../core/log.ts'
import type { FacetFilter } from '../../core/query.ts'
import type { Instant } from '../../core/time.ts'
import { parseLenientInstant } from '../shared/lenient-time.ts'
import { lastValue, wholeNumber } from '../shared/query-string.ts'
import { searchFacets, speakeasySource } from './decode.ts'
import { requiredFields } from './fields.ts'

// "The stream holds the 250 most recent events", says the vendor's CLI of a search without a limit.
const limitDefault = 250

/**
 * The events that this dialect shows: those that came in by it. The vendor's clients cannot decode an
 * array that holds any other.
 */
export const ownEvents: FacetFilter = { name: 'source', values: [speakeasySource] }

const newestFirst = { order: 'time', direction: 'backward' } as const

/** The query of searchWorkspaceEvents (contract 1.4): filters ANDed, newest first. */
export function decodeSearch(pairs: URLSearchParams, limitMax: number): CursorQuery {
  const facets = [ownEvents]
  for (const name of searchFacets) {
    // An empty value is one, too, that no event has: it must not find everything.
    const value = pairs.getAll(name).at(-1)
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
  return { facets, from: createdAfter(pairs), ...newestFirst, limit }
}

/** The newest events of one target, or of one source revision: as many as a page holds. */
export function decodeEventsOf(
  name: string,
  value: string,
  pairs: URLSearchParams,
  limit: number,
): CursorQuery {
  const facets = [ownEvents, { name, values: [value] }]
  return { facets, from: createdAfter(pairs), ...newestFirst, limit }
}

/** The instant strictly after which a target's last event must have been created, if one is given. */
export function lastEventAfter(pairs: URLSearchParams): Instant | undefined {
  return instantAt(pairs, 'after_last_event_created_at')
}

function oneOf(
  pairs: URLSearchParams,
  name: string,
  values: readonly string[],
): string | undefined {
  const value = pairs.getAll(name).at(-1)
  if (value === undefined || values.includes(value)) return value
  throw invalidQuery(name, `${name} must be one of ${values.join(', ')}.`)
}

/** Strictly after an instant: from the next nanosecond on. */
function createdAfter(pairs: URLSearchParams): Instant | undefined {
  const instant = instantAt(pairs, 'after_created_at')
  return instant === undefined ? undefined : instant + 1n
}

/** Naive Python times come without a zone here too, and are UTC as in events (contract 3.1). */
function instantAt(pairs: URLSearchParams, name: string): Instant | undefined {
  const text = lastValue(pairs, name)
  if (text === undefined) return undefined
  const instant = parseLenientInstant(text)
  if (instant !== undefined) return instant
  throw invalidQuery(name, `${name} must be an RFC 3339 date-time.`)
}
