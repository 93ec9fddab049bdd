import { AnswerError } from '../http/errors/answer-error.ts'
import type { NamesOf } from '../http/known-names.ts'
import type { Moment } from '../http/moment.ts'
import type { CallOptions } from '../http/options.ts'
import { pathPart } from '../http/path-part.ts'
import type { Connection } from './connection.ts'
import {
  eventOf,
  type EventOf,
  type EventType,
  type WebexEvent,
  type WebexResource,
} from './event.ts'
import type { WebexPage } from './page.ts'
import { PageReader } from './page-reader.ts'
import { parametersOf } from './query.ts'

/** Which events; all of them where nothing is said (contract 1.2). */
export interface EventQuery<R extends string = string> {
  /** What kind of thing it happened to. An unknown one finds nothing. */
  readonly resource?: R | undefined
  /** What happened. */
  readonly type?: EventType | 'all' | (string & {}) | undefined
  /** Who did it. */
  readonly actorId?: string | undefined
  /** From this time on. Without the Pro Pack licence, Webex refuses one that is over 90 days ago. */
  readonly from?: Moment | undefined
  /** Before this time; now by default. */
  readonly to?: Moment | undefined
  /** The size of a page, and not of the whole: 100 by default, 1000 at most. */
  readonly max?: number | undefined
  /** Must be there with the resource `convergedRecordings`. */
  readonly serviceType?: 'calling' | (string & {}) | undefined
  /** Only messages with cards; Webex for Government and Eventwell know it. */
  readonly hasAttachments?: boolean | undefined
}

const eventFilters: NamesOf<EventQuery> = {
  resource: true,
  type: true,
  actorId: true,
  from: true,
  to: true,
  max: true,
  serviceType: true,
  hasAttachments: true,
}

type AnyResource = WebexResource | 'all' | (string & {})

/** The events of an organisation. */
export class WebexEvents {
  readonly #connection: Connection
  readonly #pages: PageReader<WebexEvent>

  /** @internal */
  constructor(connection: Connection, pagesMax: number) {
    this.#connection = connection
    this.#pages = new PageReader(connection, '/events', pagesMax, eventOf)
  }

  /**
   * The first page of a list, oldest first. A page is not the whole: see `iterate` and `page.next`.
   * @throws RequestError; see `isUnauthorizedError` and its like. TypeError or RangeError for a query that
   * cannot be one, with a filter that there is not, say.
   */
  async list<R extends AnyResource = string>(
    query: EventQuery<R> = {},
    call?: CallOptions,
  ): Promise<WebexPage<EventOf<R>>> {
    // The server gives what the query asks for.
    return (await this.#pages.first(parametersOf(query, eventFilters), call)) as WebexPage<
      EventOf<R>
    >
  }

  /**
   * The page at an address that was kept from an earlier one (`page.nextUrl`).
   * @throws TypeError when it is of another origin than the base address: the token goes there.
   */
  listAt(nextUrl: string, call?: CallOptions): Promise<WebexPage<WebexEvent>> {
    return this.#pages.at(nextUrl, call)
  }

  /**
   * All events of a list, oldest first, page after page; the times of `call` are those of each page.
   * @throws TypeError or RangeError at once for a query that cannot be one, else as `list` and `page.next`.
   */
  iterate<R extends AnyResource = string>(
    query: EventQuery<R> = {},
    call?: CallOptions,
  ): AsyncGenerator<EventOf<R>, void> {
    const parameters = parametersOf(query, eventFilters)
    const events = this.#pages.items(() => this.#pages.first(parameters, call), call)
    return events as AsyncGenerator<EventOf<R>, void>
  }

  /**
   * One event.
   * @throws RequestError; see `isNotFoundError`. TypeError or RangeError for an id that cannot be one.
   */
  async get(id: string, call?: CallOptions): Promise<WebexEvent> {
    const url = `${this.#connection.address}/events/${pathPart('The id of an event', id)}`
    const { request, body } = await this.#connection.get(url, call)
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return eventOf(body)
    throw new AnswerError(`GET ${url} was answered with what is no event`, request)
  }
}
