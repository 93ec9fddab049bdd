import { charsOf, type StoredEvent } from './event.ts'
import type { Page, Query } from './query.ts'

/**
 * How many of the events found, in order, make a page, given the characters that each carries: up to the
 * limit, and until the bound of characters is met.
 */
export function pageLength(
  chars: readonly number[],
  query: Pick<Query, 'limit' | 'charsMax'>,
): number {
  let sum = 0
  let length = 0
  while (length < chars.length && length < query.limit && (length === 0 || sum < query.charsMax)) {
    sum += chars[length]!
    length += 1
  }
  return length
}

/** Makes a page of the events found, in order. What was found beyond it tells that more is to come. */
export function cutPage(found: readonly StoredEvent[], query: Query, head: number): Page {
  const length = pageLength(found.map(charsOf), query)
  return { events: found.slice(0, length), more: found.length > length, head }
}
