import type { StoredEvent } from './event.ts'
import type { Page, Query } from './query.ts'

/**
 * Makes a page of the events found, in order; `found` may hold one more than the limit, which tells
 * that more is to come.
 */
export function cutPage(found: readonly StoredEvent[], query: Query, head: number): Page {
  let chars = 0
  let length = 0
  while (
    length < found.length &&
    length < query.limit &&
    (length === 0 || chars < query.charsMax)
  ) {
    chars += found[length]!.data?.length ?? 0
    length += 1
  }
  return { events: found.slice(0, length), more: found.length > length, head }
}
