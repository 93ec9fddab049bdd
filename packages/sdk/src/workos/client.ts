import { baseAddress } from '../http/address.ts'
import { systemClock, type Clock } from '../http/clock.ts'
import type { CallOptions, ClientOptions } from '../http/options.ts'
import type { RetryPolicy } from '../http/retry.ts'
import { Transport, type ApiRequest } from '../http/transport.ts'
import { WorkOSError } from './error.ts'
import type { EventName, EventNamed, WorkOSEvent } from './event.ts'
import { readList, type EventList } from './list.ts'
import { followTimes, walkPages, type PagerOptions } from './pager.ts'
import { listAddress, type EventsQuery } from './query.ts'

// As @workos-inc/node 11 does: three times after the first, 500 ms · 1.5ⁿ from n = 2 on, at most 8 s,
// each times
// 0.5 to 1.5 by chance. Chance only shortens a wait here, so the figures are those of the longest.
const retry: RetryPolicy = {
  retriesMax: 3,
  statuses: [408, 429, 500, 502, 503, 504],
  withoutAnswer: true,
  firstDelayMs: 1687.5,
  factor: 1.5,
  delayMsMax: 12_000,
  jitter: 2 / 3,
  retryAfterMsMax: 60_000,
}
const timeoutMs = 60_000
// Four tries and the three longest waits between them; the official client has no bound of this kind.
const totalTimeoutMs = 420_000

/** Where WorkOS is, and as whom it is asked. */
export interface WorkOSOptions extends ClientOptions {
  /** WorkOS's API key, `sk_…`, which also says which environment; of an Eventwell server, a key of yours. */
  readonly apiKey: string
  /** `https://api.workos.com` by default; an Eventwell server's address, say `http://127.0.0.1:4567`. */
  readonly baseUrl?: string | URL | undefined
}

/**
 * Reads the events of WorkOS, or of an Eventwell server, which answers in the same way.
 *
 * @example
 * ```ts
 * const workos = new WorkOS({ apiKey: 'sk_…' })
 * for await (const event of workos.events({ events: ['user.created', 'user.deleted'] })) {
 *   if (event.event === 'user.created') console.log(event.data.email)
 * }
 * ```
 */
export class WorkOS {
  readonly #transport: Transport
  readonly #baseUrl: string
  readonly #clock: Clock

  /** @throws TypeError or RangeError for options that cannot be right. */
  constructor(options: WorkOSOptions) {
    const { apiKey, baseUrl = 'https://api.workos.com', clock = systemClock } = options
    // What a header cannot hold would be shown in the error that the runtime throws for it.
    if (typeof apiKey !== 'string' || !/^[\x21-\x7e]+$/.test(apiKey)) {
      throw new TypeError('apiKey must be a key, without blanks and in ASCII.')
    }
    this.#baseUrl = baseAddress(baseUrl)
    this.#clock = clock
    const rules = {
      timeoutMs,
      totalTimeoutMs,
      retry,
      // Those of the official client, but for its name.
      headers: {
        accept: 'application/json, text/plain, */*',
        'content-type': 'application/json',
        authorization: `Bearer ${apiKey}`,
      },
      errorOf: (refusal: ConstructorParameters<typeof WorkOSError>[0]) => new WorkOSError(refusal),
    }
    this.#transport = new Transport(rules, options)
  }

  /**
   * One page of events, the oldest first. Where the names are given as literals, the events are typed by
   * them.
   * @throws WorkOSError when it is refused, another RequestError when no proper answer comes.
   * @throws TypeError or RangeError for what cannot be asked; the reason of the signal when it aborts.
   */
  async listEvents<const Name extends EventName = EventName>(
    query: EventsQuery<Name> = {},
    call: CallOptions = {},
  ): Promise<EventList<EventNamed<Name>>> {
    const { list } = await this.#page(query, query.after, call)
    return list as EventList<EventNamed<Name>>
  }

  /**
   * The pages of a list, one after the other, without empty ones: until the end, or with `follow` on and
   * on.
   * @throws As `listEvents`, and AnswerError when the server leads back to a page that was there.
   */
  pages<const Name extends EventName = EventName>(
    query: EventsQuery<Name> = {},
    options: PagerOptions = {},
  ): AsyncGenerator<EventList<EventNamed<Name>>, void, undefined> {
    // A mistake is told at once, and not when the first page is asked for.
    listAddress(this.#baseUrl, query)
    const pages = walkPages(
      (after) => this.#page(query, after, options),
      query.after,
      followTimes(options.follow, query),
      this.#clock,
      options.signal,
    )
    return pages as AsyncGenerator<EventList<EventNamed<Name>>, void, undefined>
  }

  /**
   * Each event of a list, page by page: until the end, or with `follow` on and on. To go on another
   * time, give the id of the last event that was dealt with as `after`.
   * @throws As `pages`.
   */
  events<const Name extends EventName = EventName>(
    query: EventsQuery<Name> = {},
    options: PagerOptions = {},
  ): AsyncGenerator<EventNamed<Name>, void, undefined> {
    return eventsOf(this.pages(query, options))
  }

  async #page(query: EventsQuery, after: string | undefined, call: CallOptions) {
    const url = listAddress(this.#baseUrl, { ...query, after })
    const request: ApiRequest = { method: 'GET', url, isRepeatable: true }
    return { request, list: readList(request, await this.#transport.json(request, call)) }
  }
}

async function* eventsOf<Event extends WorkOSEvent>(
  pages: AsyncIterable<EventList<Event>>,
): AsyncGenerator<Event, void, undefined> {
  for await (const { data } of pages) yield* data
}
