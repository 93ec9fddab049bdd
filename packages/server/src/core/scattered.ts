import { charsOf, withoutReplaced, type StoredEvent } from './event.ts'
import { cutPage, pageLength } from './page.ts'
import type { Patience } from './patience.ts'
import { comparePlaces, placeOf, type Page, type Query } from './query.ts'

/** A page by time of events that lie anywhere in the log: all of them are looked at, by position. */
export async function readScattered(
  read: (query: Query) => Promise<Page>,
  query: Query,
  pageEventsMax: number,
  patience: Patience,
): Promise<Page> {
  const { after, order: _order, direction: _direction, ...selection } = query
  const isBeyond = (event: StoredEvent) =>
    after === undefined || comparePlaces(placeOf(event, query), after, query) > 0
  const inOrder = (one: StoredEvent, other: StoredEvent) =>
    comparePlaces(placeOf(one, query), placeOf(other, query), query)
  let first: StoredEvent[] = []
  for (let position = 0; ;) {
    const page = await read({
      ...selection,
      order: 'position',
      direction: 'forward',
      after: { position },
      limit: pageEventsMax,
    })
    // What is at hand came before: the later state of an event counts.
    const found = withoutReplaced([...first, ...page.events.filter(isBeyond)])
    first = found.toSorted(inOrder)
    first = first.slice(0, pageLength(first.map(charsOf), query) + 1)
    if (!page.more) return cutPage(first, query, page.head)
    position = page.next?.position ?? page.events.at(-1)!.position
    patience.check()
  }
}
