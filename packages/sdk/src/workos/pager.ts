import type { Clock } from '../http/clock.ts'
import { CursorTrail, ledBack } from '../http/cursor-trail.ts'
import type { SentRequest } from '../http/errors/request-error.ts'
import { checkNames, type NamesOf } from '../http/known-names.ts'
import { callOptions, type CallOptions } from '../http/options.ts'
import type { EventList } from './list.ts'
import type { EventsQuery } from './query.ts'

const pollMsDefault = 10_000
// WorkOS takes 6000 requests a minute from an address, of all its clients together.
const pollMsMin = 10

/** How a pager goes on at the end of the list. */
export interface FollowOptions {
  /** The wait before it asks again, in milliseconds: 10000 by default, at least 10. */
  readonly pollMs?: number | undefined
  /** Ends when no event has come for so many milliseconds; `Infinity` by default. */
  readonly idleMs?: number | undefined
}

/** What a pager takes. The timeouts are those of each request. */
export interface PagerOptions extends CallOptions {
  /** Whether it goes on asking at the end of the list, and how; by default it ends there. */
  readonly follow?: boolean | FollowOptions | undefined
}

/** Gets one page, and says by which request. */
export type GetPage = (
  after: string | undefined,
) => Promise<{ readonly request: SentRequest; readonly list: EventList }>

/** A follower's times, checked; `undefined` for a pager that ends with the list. */
export type FollowTimes = Required<{ [Name in keyof FollowOptions]: number }> | undefined

const pagerOptions: NamesOf<PagerOptions> = { ...callOptions, follow: true }
const followOptions: NamesOf<FollowOptions> = { pollMs: true, idleMs: true }

/**
 * The times of a follower.
 * @throws RangeError for times that make no sense, TypeError for an option that there is not and for a range
 * that has an end.
 */
export function followTimes(options: PagerOptions, query: EventsQuery): FollowTimes {
  checkNames('A pager', options, pagerOptions)
  if (options.follow === undefined || options.follow === false) return undefined
  const follow = options.follow === true ? {} : options.follow
  checkNames('follow', follow, followOptions)
  const { pollMs = pollMsDefault, idleMs = Infinity } = follow
  if (!(pollMs >= pollMsMin)) {
    throw new RangeError(`follow.pollMs must be at least ${pollMsMin} ms; it is ${pollMs}.`)
  }
  if (!(idleMs > 0)) throw new RangeError(`follow.idleMs must be above 0; it is ${idleMs}.`)
  if (query.rangeEnd === undefined) return { pollMs, idleMs }
  throw new TypeError('A list with a rangeEnd has an end and cannot be followed.')
}

/**
 * The pages of a list that have events, one after the other. Asks with the same parameters and the page's
 * cursor until there is no cursor or a page is empty, as the vendor's own pagers do (contract 4, Paging).
 * A follower then asks for what comes after the last event it saw.
 * @throws AnswerError when the server leads it back to where it was, which would never end.
 */
export async function* walkPages(
  getPage: GetPage,
  start: string | undefined,
  follow: FollowTimes,
  clock: Clock,
  signal: AbortSignal | undefined,
): AsyncGenerator<EventList, void, undefined> {
  const trail = new CursorTrail()
  if (start !== undefined) trail.add(start)
  let after = start
  let seen = start
  let newsMs = clock.now()
  for (;;) {
    const { request, list } = await getPage(after)
    const last = list.data.at(-1)
    if (last !== undefined) {
      const next = list.listMetadata.after
      stepOn(trail, request, list, after)
      yield list
      newsMs = clock.now()
      seen = last.id
      after = next ?? seen
      if (next !== null) continue
    }
    if (follow === undefined || clock.now() - newsMs >= follow.idleMs) return
    await clock.sleep(follow.pollMs, signal)
    // At the end, an event is where to go on, and not what a page gave for a cursor (contract 1.3).
    after = seen
  }
}

/** Notes where a page ends and where it leads; each must be new, or the pages would never end. */
function stepOn(
  trail: CursorTrail,
  request: SentRequest,
  { data, listMetadata }: EventList,
  after: string | undefined,
): void {
  // Where it is to go on from is on the trail already.
  const again = data.find(({ id }) => id === after)?.id
  const places = new Set([data.at(-1)?.id, listMetadata.after ?? undefined])
  for (const place of [again, ...places]) {
    if (place !== undefined && trail.has(place)) throw ledBack(request, place)
  }
  for (const place of places) if (place !== undefined) trail.add(place)
}
