import { EventwellError, invalidQuery } from '../../core/errors.ts'
import type { CursorQuery } from '../../core/log.ts'
import type { PayloadFilter } from '../../core/payload.ts'
import type { FacetFilter } from '../../core/query.ts'
import { instantOfMs, type Instant } from '../../core/time.ts'
import { parseLenientInstant } from '../shared/lenient-time.ts'
import { lastValue, wholeNumber } from '../shared/query-string.ts'
import { narrowed } from '../shared/window.ts'
import type { WebexSettings } from './settings.ts'

const maxDefault = 100
const facetOfParameter = { resource: 'resource', type: 'action', actorId: 'actor' } as const

/**
 * The query of `GET /v1/events` (contract 1.2, 1.3): oldest first, `from` included, `to` not. A `to`
 * that is missing or in the future is now, and a `max` above the ceiling is the ceiling.
 * @throws EventwellError `invalid_query` naming the parameter, `forbidden` beyond the window that is set.
 */
export function decodeList(
  pairs: URLSearchParams,
  nowMs: number,
  ceiling: number,
  settings: WebexSettings = {},
): CursorQuery {
  const cursor = cursorOf(pairs)
  const limit = maxOf(pairs, ceiling)
  // Events are kept to the millisecond in this vendor's eyes: now includes the one that is running.
  const now = instantOfMs(nowMs + 1)
  const to = instantOf(pairs, 'to') ?? now
  const from = instantOf(pairs, 'from')
  checkServiceType(pairs)
  return {
    facets: facetsOf(pairs),
    payload: payloadOf(pairs),
    from: withinWindow(from, nowMs, settings, cursor !== undefined),
    until: to < now ? to : now,
    order: 'time',
    direction: 'forward',
    limit,
    cursor,
  }
}

/** A next page's cursor; undefined on the first. @throws EventwellError `invalid_query` for an empty one. */
export function cursorOf(pairs: URLSearchParams): string | undefined {
  if (pairs.getAll('cursor').some((value) => value.trim() === '')) {
    throw invalidQuery('cursor', 'cursor must not be empty: that would begin from the start.')
  }
  return lastValue(pairs, 'cursor')
}

/** The size of a page: the ceiling for a `max` above it. @throws EventwellError `invalid_query`. */
export function maxOf(pairs: URLSearchParams, ceiling: number): number {
  const max = wholeNumber(lastValue(pairs, 'max'), maxDefault)
  if (max >= 1) return Math.min(max, ceiling)
  throw invalidQuery('max', `max must be a whole number from 1 to ${ceiling}.`)
}

/** The instant of a parameter; undefined where it is absent. @throws EventwellError `invalid_query`. */
export function instantOf(pairs: URLSearchParams, name: string): Instant | undefined {
  const text = lastValue(pairs, name)
  if (text === undefined) return undefined
  const found = parseLenientInstant(text)
  if (found !== undefined) return found
  throw invalidQuery(name, `${name} must be an ISO 8601 date-time.`)
}

function facetsOf(pairs: URLSearchParams): FacetFilter[] {
  const facets: FacetFilter[] = []
  for (const [parameter, name] of Object.entries(facetOfParameter)) {
    const value = lastValue(pairs, parameter)
    if (value !== undefined && value !== 'all') facets.push({ name, values: [value] })
  }
  return facets
}

/** `hasAttachments=true` wants events whose payload has some; `false` is no filter (contract 1.2). */
function payloadOf(pairs: URLSearchParams): PayloadFilter[] | undefined {
  const wanted = lastValue(pairs, 'hasAttachments')?.toLowerCase() ?? 'false'
  if (wanted === 'false') return undefined
  if (wanted === 'true') return [{ paths: [['attachments']], as: 'presence', ranges: [{}] }]
  throw invalidQuery('hasAttachments', 'hasAttachments must be true or false.')
}

/** There is one service; its events are those of `resource=convergedRecordings` with and without it. */
function checkServiceType(pairs: URLSearchParams): void {
  const service = lastValue(pairs, 'serviceType') ?? 'calling'
  if (service !== 'calling') throw invalidQuery('serviceType', 'serviceType must be calling.')
}

/**
 * A `from` beyond the window is refused, in the live service's words, and not narrowed in silence; but where a
 * page is the next one, its first page was not refused, and the window has moved on.
 */
function withinWindow(
  asked: Instant | undefined,
  nowMs: number,
  { windowDays }: WebexSettings,
  isNextPage: boolean,
): Instant | undefined {
  const { from, isBeyond } = narrowed(asked, windowDays, nowMs)
  if (!isBeyond || isNextPage) return from
  const message = `User is only authorized to search within past ${String(windowDays)} days.`
  throw new EventwellError('forbidden', message)
}
