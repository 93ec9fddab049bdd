import type { Clock } from '../http/clock.ts'
import type { CallOptions } from '../http/options.ts'
import type { ApiRequest, Transport } from '../http/transport.ts'
import type { EventName, EventNamed, WorkOSEvent } from './event.ts'
import { readList, type EventList } from './list.ts'
import { followTimes, walkPages, type PagerOptions } from './pager.ts'
import { listAddress, type EventsQuery } from './query.ts'

/** The events of an environment. */
export class WorkOSEvents {
  readonly #baseUrl: string
  readonly #transport: Transport
  readonly #clock: Clock

  /** @internal */
  constructor(baseUrl: string, transport: Transport, clock: Clock) {
    this.#baseUrl = baseUrl
    this.#transport = transport
    this.#clock = clock
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
    const follow = followTimes(options, query)
    const { follow: _, ...call } = options
    const pages = walkPages(
      (after) => this.#page(query, after, call),
      query.after,
      follow,
      this.#clock,
      call.signal,
    )
    return pages as AsyncGenerator<EventList<EventNamed<Name>>, void, undefined>
  }

  /**
   * Each event of a list, page by page: until the end, or with `follow` on and on. To go on another
   * time, give the id of the last event that was dealt with as `after`.
   * @throws As `pages`.
   */
  iterate<const Name extends EventName = EventName>(
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
