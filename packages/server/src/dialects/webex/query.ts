import { invalidQuery } from '../../core/errors.ts'
import type { CursorQuery } from '../../core/log.ts'
import type { FacetFilter } from '../../core/query.ts'
import { formatMs, instantOfMs, msOfInstant, type Instant } from '../../core/time.ts'
import { parseLenientInstant } from '../shared/lenient-time.ts'
import { lastValue, wholeNumber } from '../shared/query-string.ts'

const maxDefault = 100
const facetOfParameter = { resource: 'resource', type: 'action', actorId: 'actor' } as const

/**
 * The query of `GET /v1/events` (contract 1.2, 1.3): oldest first, `from` included, `to` not. A `to`
 * that is missing or in the future is now, and a `max` above the ceiling is the ceiling.
 * @throws EventwellError `invalid_query` naming the parameter.
 */
export function decodeList(pairs: URLSearchParams, nowMs: number, ceiling: number): CursorQuery {
  if (pairs.getAll('cursor').some((value) => value.trim() === '')) {
    throw invalidQuery('cursor', 'cursor must not be empty: that would begin from the start.')
  }
  const max = wholeNumber(lastValue(pairs, 'max'), maxDefault)
  if (!(max >= 1)) throw invalidQuery('max', `max must be a whole number from 1 to ${ceiling}.`)
  const facets: FacetFilter[] = []
  for (const [parameter, name] of Object.entries(facetOfParameter)) {
    const value = lastValue(pairs, parameter)
    if (value !== undefined && value !== 'all') facets.push({ name, values: [value] })
  }
  // Events are kept to the millisecond in this vendor's eyes: now includes the one that is running.
  const now = instantOfMs(nowMs + 1)
  const to = instant(pairs, 'to') ?? now
  return {
    facets,
    from: instant(pairs, 'from'),
    until: to < now ? to : now,
    order: 'time',
    direction: 'forward',
    limit: Math.min(max, ceiling),
    cursor: lastValue(pairs, 'cursor'),
  }
}

/**
 * The address of the next page: every parameter of the request, `to` frozen at the first page's, and the
 * cursor, all percent-encoded so that naive parsers of the `Link` header find its end (contract 0.4, 0.5).
 */
export function nextPageUrl(
  address: string,
  pairs: URLSearchParams,
  query: CursorQuery,
  cursor: string,
): string {
  const next = new Map([...pairs].filter(([, value]) => value.trim() !== ''))
  if (query.until !== undefined && !isKept(pairs, query.until)) {
    next.set('to', formatMs(msOfInstant(query.until)))
  }
  next.set('max', String(query.limit))
  next.set('cursor', cursor)
  const text = [...next].map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&')
  return `${address}?${text}`
}

/** Whether the request's own `to` is the end that the query has. */
function isKept(pairs: URLSearchParams, until: Instant): boolean {
  return parseLenientInstant(lastValue(pairs, 'to') ?? '') === until
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16)}`,
  )
}

function instant(pairs: URLSearchParams, name: string): Instant | undefined {
  const text = lastValue(pairs, name)
  if (text === undefined) return undefined
  const found = parseLenientInstant(text)
  if (found !== undefined) return found
  throw invalidQuery(name, `${name} must be an ISO 8601 date-time.`)
}
