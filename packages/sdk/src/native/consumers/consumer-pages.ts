import { checkCall } from '../../http/call.ts'
import type { Clock } from '../../http/clock.ts'
import type { EventPage } from '../../wire.ts'
import { isGap } from '../errors/guards.ts'
import type { EventQuery } from '../query/query.ts'
import { comebackMs, isPassing } from '../read/comeback.ts'
import { PageGuard } from '../read/page-guard.ts'
import { list, listRequest, tellPageGap } from '../read/pages.ts'
import { retryMsDefault, type TailProgress } from '../read/tail.ts'
import {
  consumerPagesOptions,
  type CommitOptions,
  type ConsumerPagesOptions,
  type ConsumerQuery,
  type ConsumerTools,
  type Tail,
} from './options.ts'

/** What the loop needs. */
export interface ConsumerPagesTools extends ConsumerTools {
  /** Whose pages they are, and where they are committed. */
  readonly consumer: {
    readonly name: string
    commit(cursor: string, options: CommitOptions): Promise<unknown>
  }
}

/** See `Consumer.pages`. @throws TypeError or RangeError, at once, for what is no query or no option. */
export function consumerPages(
  tools: ConsumerPagesTools,
  query: ConsumerQuery,
  options: ConsumerPagesOptions,
): AsyncGenerator<EventPage, void, undefined> {
  listRequest({ ...query, consumer: tools.consumer.name })
  checkCall(options, consumerPagesOptions)
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
  const commit = async (cursor: string) => {
    if (cursor === committed) return
    await persist(() => consumer.commit(cursor, { lease, ...call }))
    committed = cursor
  }
  let asked: EventQuery = { ...query, consumer: consumer.name }
  for (;;) {
    const page = await persist(() => list(api, asked, call))
    // Thrown, it keeps the cursor before the gap, where the next reader is told, too.
    tellPageGap(page, asked, onGap)
    if (page.events.length > 0) yield page
    await commit(page.cursor)
    if (!page.more && !follow) return
    // Also where an event was waited for, and then was not there.
    await guard.goOn(page, api.sent(listRequest(asked)), signal)
    const after = page.more
      ? page.cursor
      : await newEvent({ tail, commit }, query, page.cursor, { signal, onBreak })
    asked = { ...query, after }
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

interface WaitTools {
  readonly tail: Tail
  readonly commit: (cursor: string) => Promise<void>
}

/**
 * Waits until an event of the selection is there, or a gap, and gives the cursor before it. What passes
 * meanwhile is committed: a reader that stood still would fall behind, and be told of a gap in what it does
 * not select.
 */
async function newEvent(
  { tail, commit }: WaitTools,
  query: ConsumerQuery,
  after: string,
  options: FollowOptions,
): Promise<string> {
  const { limit: _, fields: __, ...selection } = query
  let place = after
  const onProgress = async ({ cursor, caughtUp }: TailProgress) => {
    place = cursor
    // On the way through old events there may be many of these; then there is one in ten seconds.
    if (caughtUp) await commit(cursor)
  }
  try {
    for await (const _event of tail({ ...selection, after }, { ...options, onProgress })) break
  } catch (error) {
    // The page that is read next tells of it.
    if (!isGap(error)) throw error
  }
  return place
}
