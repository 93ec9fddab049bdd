import type { StoredEvent } from './event.ts'
import type { Page, Query } from './query.ts'

/** How many of the events found, in order, make a page: up to the limit, and to the bound of characters. */
export function pageLength(found: readonly StoredEvent[], query: Query): number {
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
  return length
}

/** Makes a page of the events found, in order. What was found beyond it tells that more is to come. */
export function cutPage(found: readonly StoredEvent[], query: Query, head: number): Page {
  const length = pageLength(found, query)
  return { events: found.slice(0, length), more: found.length > length, head }
}
