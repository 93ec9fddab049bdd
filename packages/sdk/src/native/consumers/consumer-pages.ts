import type { EventPage } from '../../wire.ts'
import type { NativeApi } from '../api.ts'
import type { EventQuery } from '../query/query.ts'
import { list } from '../read/pages.ts'
import type { Consumer, ConsumerPagesOptions, ConsumerQuery, Tail } from './consumer.ts'

/** What the loop needs. */
export interface ConsumerPagesTools {
  readonly api: NativeApi
  readonly consumer: Consumer
  readonly tail: Tail
}

/** See `Consumer.pages`. */
export async function* consumerPages(
  { api, consumer, tail }: ConsumerPagesTools,
  query: ConsumerQuery,
  { follow = false, lease, ...call }: ConsumerPagesOptions,
): AsyncGenerator<EventPage, void, undefined> {
  let committed: string | undefined
  let asked: EventQuery = { ...query, consumer: consumer.name }
  for (;;) {
    const page = await list(api, asked, call)
    if (page.events.length > 0 || page.gap !== undefined) yield page
    if (page.cursor !== committed) {
      await consumer.commit(page.cursor, { lease, ...call })
      committed = page.cursor
    }
    if (!page.more) {
      if (!follow) return
      await newEvent(tail, query, page.cursor, call.signal)
    }
    asked = { ...query, after: page.cursor }
  }
}

/** Waits until an event of the selection is there. */
async function newEvent(
  tail: Tail,
  query: ConsumerQuery,
  after: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { limit: _, fields: __, ...selection } = query
  // A gap is told by the page that is read next.
  for await (const event of tail({ ...selection, after }, { signal, onGap: () => {} })) {
    if (event.cursor !== after) return
  }
}
