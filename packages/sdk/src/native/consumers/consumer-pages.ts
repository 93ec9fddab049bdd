import type { Clock } from '../../http/clock.ts'
import type { EventPage } from '../../wire.ts'
import type { NativeApi } from '../api.ts'
import type { EventQuery } from '../query/query.ts'
import { comebackMs, isPassing } from '../read/comeback.ts'
import { PageGuard } from '../read/page-guard.ts'
import { list, listRequest, tellPageGap } from '../read/pages.ts'
import { retryMsDefault } from '../read/tail.ts'
import type { Consumer, ConsumerPagesOptions, ConsumerQuery, Tail } from './consumer.ts'

/** What the loop needs. */
export interface ConsumerPagesTools {
  readonly api: NativeApi
  readonly clock: Clock
  readonly consumer: Consumer
  readonly tail: Tail
}

/** See `Consumer.pages`. @throws TypeError or RangeError, at once, for what is no query. */
export function consumerPages(
  tools: ConsumerPagesTools,
  query: ConsumerQuery,
  options: ConsumerPagesOptions,
): AsyncGenerator<EventPage, void, undefined> {
  listRequest({ ...query, consumer: tools.consumer.name })
  return eachPage(tools, query, options)
}

async function* eachPage(
  { api, clock, consumer, tail }: ConsumerPagesTools,
  query: ConsumerQuery,
  { follow = false, lease, onGap, onBreak, ...call }: ConsumerPagesOptions,
): AsyncGenerator<EventPage, void, undefined> {
  const { signal } = call
  const guard = new PageGuard(clock)
  const persist = <T>(attempt: () => Promise<T>) =>
    follow ? untilItPasses(attempt, clock, { signal, onBreak }) : attempt()
  let committed: string | undefined
  let asked: EventQuery = { ...query, consumer: consumer.name }
  for (;;) {
    const page = await persist(() => list(api, asked, call))
    // Thrown, it keeps the cursor before the gap, where the next reader is told, too.
    tellPageGap(page, asked, onGap)
    if (page.events.length > 0) yield page
    if (page.cursor !== committed) {
      await persist(() => consumer.commit(page.cursor, { lease, ...call }))
      committed = page.cursor
    }
    if (!page.more && !follow) return
    // Also where an event was waited for, and then was not there.
    await guard.goOn(page, api.sent(listRequest(asked)), signal)
    if (!page.more) await newEvent(tail, query, page.cursor, { signal, onBreak })
    asked = { ...query, after: page.cursor }
  }
}

type FollowOptions = Pick<ConsumerPagesOptions, 'signal' | 'onBreak'>

/** Goes on trying while what fails is an outage, as a tail does. */
async function untilItPasses<T>(
  attempt: () => Promise<T>,
  clock: Clock,
  { signal, onBreak }: FollowOptions,
): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await attempt()
    } catch (error) {
      signal?.throwIfAborted()
      if (!isPassing(error)) throw error
      const delayMs = comebackMs(error, failures, retryMsDefault, clock)
      onBreak?.({ error, delayMs, failures })
      await clock.sleep(delayMs, signal)
    }
  }
}

/** Waits until an event of the selection is there. */
async function newEvent(
  tail: Tail,
  query: ConsumerQuery,
  after: string,
  options: FollowOptions,
): Promise<void> {
  const { limit: _, fields: __, ...selection } = query
  // A gap is told by the page that is read next.
  for await (const event of tail({ ...selection, after }, { ...options, onGap: () => {} })) {
    if (event.cursor !== after) return
  }
}
