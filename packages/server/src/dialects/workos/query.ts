import { invalidQuery } from '../../core/errors.ts'
import type { Instant } from '../../core/time.ts'
import { parseLenientInstant } from '../shared/lenient-time.ts'
import { lastValue, wholeNumber } from '../shared/query-string.ts'

const limitDefault = 10
const limitMax = 100
const namesMax = 500

/** What a list request asks for. */
export interface ListRequest {
  /** The names of the wanted events; none for all. */
  readonly names: readonly string[]
  readonly organization: string | undefined
  readonly from: Instant | undefined
  readonly until: Instant | undefined
  readonly limit: number
  /** An event's id; the list begins after it. */
  readonly after: string | undefined
  /** An event's id; the list ends before it. */
  readonly before: string | undefined
  /** Half of the SDKs send `desc` without being asked (contract trap 2), so it is heeded where that is set. */
  readonly order: string | undefined
}

/**
 * The query of `GET /events`, in every array encoding of contract 1.2.
 * @throws EventwellError `invalid_query` naming the parameter.
 */
export function decodeList(pairs: URLSearchParams): ListRequest {
  const limit = wholeNumber(lastValue(pairs, 'limit'), limitDefault)
  if (!(limit >= 1 && limit <= limitMax)) {
    throw invalidQuery('limit', `limit must be a whole number from 1 to ${limitMax}.`)
  }
  return {
    names: eventNames(pairs),
    organization: lastValue(pairs, 'organization_id'),
    from: instant(pairs, 'range_start'),
    until: instant(pairs, 'range_end'),
    limit,
    after: lastValue(pairs, 'after')?.trim(),
    before: lastValue(pairs, 'before')?.trim(),
    order: lastValue(pairs, 'order')?.trim(),
  }
}

/** The names of `events=a,b`, `events=a&events=b`, `events[]=a` and `events[0]=a`, united. */
function eventNames(pairs: URLSearchParams): string[] {
  const names = new Set<string>()
  for (const [key, value] of pairs) {
    if (!/^events(?:\[\d*\])?$/.test(key)) continue
    for (const name of value.split(',')) if (name.trim() !== '') names.add(name.trim())
  }
  if (names.size <= namesMax) return [...names]
  throw invalidQuery('events', `events may hold at most ${namesMax} names.`)
}

function instant(pairs: URLSearchParams, name: string): Instant | undefined {
  const text = lastValue(pairs, name)
  if (text === undefined) return undefined
  const found = parseLenientInstant(text)
  if (found !== undefined) return found
  throw invalidQuery(name, `${name} must be an ISO 8601 date or date-time.`)
}
