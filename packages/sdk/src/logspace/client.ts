import { baseAddress, withQuery } from '../http/address.ts'
import { checkedSecret } from '../http/checked-secret.ts'
import { CursorTrail, ledBack } from '../http/cursor-trail.ts'
import { AnswerError } from '../http/errors/answer-error.ts'
import { isHttpError } from '../http/errors/guards.ts'
import { checkNames } from '../http/known-names.ts'
import type { Mask } from '../http/mask.ts'
import { membersOf } from '../http/members-of.ts'
import type { CallOptions } from '../http/options.ts'
import { pathPart } from '../http/path-part.ts'
import { queryText } from '../http/query-text.ts'
import { drain } from '../http/read-text.ts'
import type { RetryPolicy } from '../http/retry.ts'
import { readJson as readAnswer, Transport, type ApiRequest } from '../http/transport.ts'
import { understood } from '../http/understood.ts'
import { bodiesOf } from './batches.ts'
import {
  capabilitiesText,
  orderOf,
  type ControllerCapabilities,
  type ControllerOrder,
} from './controllers.ts'
import { eventOf } from './decode.ts'
import { spellingOf, type Spelling } from './dialect.ts'
import { errorOf } from './errors.ts'
import type { LogspaceEvent, StoredLogspaceEvent } from './event.ts'
import { filterText } from './filter.ts'
import {
  iterateOptions,
  logspaceOptions,
  ordersOptions,
  retrieveOptions,
  streamOptions,
  type IterateOptions,
  type LogspaceOptions,
  type LogspacePage,
  type OrdersOptions,
  type RetrieveOptions,
  type StreamOptions,
} from './options.ts'
import { readJson } from './read-json.ts'
import { elementsOf } from './stream.ts'

const vendor = 'Logspace'
const beginning = '*'
const pageMax = 1000
const streamMax = 2 ** 31 - 1
const silenceMsDefault = 60_000

// The vendor's agents wait a minute and begin anew; a program that waits for an answer wants to know
// sooner. A request may be sent again whatever became of it: an event replaces the one of its id.
const retry: RetryPolicy = {
  retriesMax: 3,
  statuses: [408, 429, 500, 502, 503, 504],
  withoutAnswer: true,
  firstDelayMs: 500,
  factor: 2,
  delayMsMax: 10_000,
  jitter: 0.5,
  retryAfterMsMax: 60_000,
}

/**
 * A client of Logspace's HQ: stores events, fetches what agents are ordered to do, and reads events back.
 *
 * @example
 * ```ts
 * const logspace = new Logspace({ hqUrl: 'http://127.0.0.1:4567', spaceToken: 'development' })
 * await logspace.storeEvents([
 *   {
 *     id: crypto.randomUUID(),
 *     type: 'os/memory',
 *     system: 'pear',
 *     agentId: 'os/memory',
 *     timestamp: new Date(),
 *     properties: { longs: { free_memory: 2074169344n } },
 *   },
 * ])
 * ```
 */
export class Logspace {
  readonly #transport: Transport
  readonly #base: string
  readonly #spelling: Spelling

  /** @throws TypeError or RangeError for options that cannot be right. */
  constructor(options: LogspaceOptions) {
    checkNames('The argument of new Logspace({ hqUrl, spaceToken })', options, logspaceOptions)
    const { hqUrl, dialect = '0.3' } = options
    const spaceToken = checkedSecret('spaceToken', options.spaceToken)
    this.#spelling = spellingOf(dialect)
    this.#base = baseAddress('hqUrl', hqUrl) + this.#spelling.prefix
    const headers = { 'logspace.space-token': spaceToken, accept: 'application/json' }
    const secretHeaders = ['logspace.space-token']
    const times = { timeoutMs: 30_000, totalTimeoutMs: 120_000 }
    const rules = { ...times, retry, headers, secretHeaders, errorOf }
    this.#transport = new Transport(rules, options)
  }

  /**
   * Stores events. All are checked before any is sent; more than 1000 (or 8 Mi characters) go in several
   * requests, one after the other. When one of those fails, the events of those before it are stored: to
   * give all of them again does no harm, since an event replaces the one of its id. No event, no request.
   * @param call Its times are for each of the requests.
   * @throws TypeError or RangeError for an event that cannot be sent; LogspaceError for a refusal, or
   *   another RequestError; an AnswerError for a success that is not the 202 of Logspace.
   */
  async storeEvents(events: readonly LogspaceEvent[], call: CallOptions = {}): Promise<void> {
    const { storeMethod } = this.#spelling
    for (const body of bodiesOf(events, this.#spelling)) {
      const request = this.#request(storeMethod, '/events', body)
      await this.#transport.send(request, (response) => checkStored(request, response), call)
    }
  }

  /**
   * Tells what a controller's agents can do, in place of what it told before.
   * @throws LogspaceError `INVALID_CONTROLLER_ID` and others, or another RequestError.
   */
  async uploadCapabilities(
    capabilities: ControllerCapabilities,
    call: CallOptions = {},
  ): Promise<void> {
    const body = capabilitiesText(capabilities)
    const path = `/capabilities/${pathPart('The id of a controller', capabilities.id)}`
    await this.#transport.send(this.#request('PUT', path, body), drain, call)
  }

  /**
   * The order for a controller; `undefined` when it is still the one of `lastModified`.
   * @throws LogspaceError `ORDER_NOT_FOUND` when there is none, or another RequestError.
   */
  async orders(
    controllerId: string,
    options: OrdersOptions = {},
  ): Promise<ControllerOrder | undefined> {
    checkNames('The options', options, ordersOptions)
    const { lastModified, ...call } = options
    const since = queryText('lastModified', lastModified)
    const path = `/orders/${pathPart('The id of a controller', controllerId)}`
    const request: ApiRequest = {
      ...this.#request('GET', path),
      headers: since === undefined ? {} : { 'if-modified-since': since },
    }
    const read = async (response: Response, mask: Mask) => {
      const answer = await readAnswer(request, response, readJson, mask)
      const time = response.headers.get('last-modified')
      return understood(request, vendor, () => orderOf(answer, time))
    }
    return this.#transport.send(request, read, call).catch((error: unknown) => {
      if (isHttpError(error) && error.status === 304) return undefined
      throw error
    })
  }

  /**
   * A page of events, oldest first.
   * @throws TypeError or RangeError for options that cannot be; a RequestError.
   */
  async retrieveEvents(options: RetrieveOptions = {}): Promise<LogspacePage> {
    checkNames('The options', options, retrieveOptions)
    const { filter = [], count, cursor, ...call } = options
    checkCount('count', count, 0, pageMax)
    const request = this.#pageRequest(filterText(filter), count, cursor)
    const { events, totalCount, nextCursor = cursor ?? beginning } = await this.#page(request, call)
    return { events, totalCount, nextCursor }
  }

  /**
   * All events that a filter finds, oldest first, asked for page by page as they are used. Events that
   * are stored meanwhile are among them if their timestamps are later than the last page's. Times are for
   * each page.
   * @throws As `retrieveEvents`, options that cannot be at once; AnswerError when the server leads it in a
   * circle, or does not say where a list goes on.
   */
  iterateEvents(
    options: IterateOptions = {},
  ): AsyncGenerator<StoredLogspaceEvent, void, undefined> {
    checkNames('The options', options, iterateOptions)
    const { filter = [], pageSize = pageMax, cursor: start = beginning, ...call } = options
    checkCount('pageSize', pageSize, 1, pageMax)
    const body = filterText(filter)
    const requestAt = (cursor: string) => this.#pageRequest(body, pageSize, cursor)
    // Made here, a mistake in the cursor is told at once.
    return this.#iterate(requestAt(start), start, requestAt, call)
  }

  async *#iterate(
    first: ApiRequest,
    start: string,
    requestAt: (cursor: string) => ApiRequest,
    call: CallOptions,
  ): AsyncGenerator<StoredLogspaceEvent, void, undefined> {
    const trail = new CursorTrail()
    let seen = 0
    for (let [request, cursor] = [first, start]; ;) {
      trail.add(cursor)
      const { events, totalCount, nextCursor } = await this.#page(request, call)
      yield* events
      seen += events.length
      // All are counted, also those before a page that it is begun behind.
      const isWhole = seen >= totalCount || start !== beginning
      if (seen === 0 && !isWhole) throw noneAtAll(request, totalCount)
      if (events.length === 0 || nextCursor === cursor) return
      if (nextCursor === undefined) {
        if (isWhole) return
        throw noneNext(request, seen, totalCount)
      }
      if (trail.has(nextCursor)) throw ledBack(request, nextCursor)
      ;[request, cursor] = [requestAt(nextCursor), nextCursor]
    }
  }

  /**
   * Events in one answer, oldest first, as they come in; for very many of them. It is sent again only
   * until the answer begins: one that breaks off later is a NetworkError, one that falls silent a
   * TimeoutError, and `offset` is where to go on.
   * @throws As `retrieveEvents`, options that cannot be at once.
   */
  streamEvents(options: StreamOptions = {}): AsyncGenerator<StoredLogspaceEvent, void, undefined> {
    checkNames('The options', options, streamOptions)
    const {
      filter = [],
      offset,
      count = streamMax,
      silenceMs = silenceMsDefault,
      ...call
    } = options
    checkCount('offset', offset, 0, streamMax)
    checkCount('count', count, 0, streamMax)
    if (!(typeof silenceMs === 'number' && silenceMs > 0)) {
      throw new RangeError(`silenceMs must be a number above 0; it is ${String(silenceMs)}.`)
    }
    const path = withQuery('/event-stream', { count, offset })
    return this.#stream(this.#request('POST', path, filterText(filter)), silenceMs, call)
  }

  async *#stream(
    request: ApiRequest,
    silenceMs: number,
    call: CallOptions,
  ): AsyncGenerator<StoredLogspaceEvent, void, undefined> {
    const answer = await this.#transport.open(request, call)
    let index = 0
    for await (const text of elementsOf(request, answer, silenceMs, call.signal)) {
      const place = `events[${index}]`
      yield understood(request, vendor, () => eventOf(readJson(text), place))
      index += 1
    }
  }

  #pageRequest(filter: string, count: number | undefined, cursor: string | undefined): ApiRequest {
    const parameters = { count, cursor: queryText('cursor', cursor) }
    return this.#request('POST', withQuery('/events', parameters), filter)
  }

  async #page(request: ApiRequest, call: CallOptions): Promise<FoundPage> {
    const answer = await this.#transport.json(request, call, readJson)
    return understood(request, vendor, () => pageOf(answer))
  }

  #request(method: 'GET' | 'POST' | 'PUT', path: string, body?: string): ApiRequest {
    return {
      method,
      url: this.#base + path,
      ...(body !== undefined && {
        body,
        headers: { 'content-type': 'application/json; charset=UTF-8' },
      }),
      isRepeatable: true,
    }
  }
}

/** The vendor's agents, too, hold events to be stored at exactly 202: a proxy's page comes with a 200. */
async function checkStored(request: ApiRequest, response: Response): Promise<void> {
  await drain(response)
  if (response.status === 202) return
  const what = `${request.method} ${request.url} was answered ${response.status}`
  throw new AnswerError(`${what} where Logspace answers 202, so nothing may be stored`, request)
}

/** A page as it came: without a cursor, when there was none in it. */
type FoundPage = Omit<LogspacePage, 'nextCursor'> & { readonly nextCursor?: string }

function pageOf(answer: unknown): FoundPage {
  const { totalCount, nextCursorMark, events } = membersOf(answer)
  if (!Array.isArray(events)) throw new TypeError('there are no events in it')
  return {
    events: events.map((event: unknown, index) => eventOf(event, `events[${index}]`)),
    totalCount: typeof totalCount === 'number' ? totalCount : events.length,
    ...(typeof nextCursorMark === 'string' && { nextCursor: nextCursorMark }),
  }
}

function noneAtAll({ method, url }: ApiRequest, totalCount: number): AnswerError {
  const what = `${method} ${url} was answered with a page of no events, though there are ${totalCount}`
  return new AnswerError(what, { method, url })
}

function noneNext({ method, url }: ApiRequest, seen: number, totalCount: number): AnswerError {
  const what = `${method} ${url} was answered with a page that has no nextCursorMark`
  return new AnswerError(`${what}, after ${seen} of ${totalCount} events`, { method, url })
}

function checkCount(name: string, value: number | undefined, min: number, max: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= min && value <= max)) return
  throw new RangeError(`${name} must be a whole number from ${min} to ${max}; it is ${value}.`)
}
