import { baseAddress, withQuery } from '../http/address.ts'
import { AnswerError } from '../http/errors/answer-error.ts'
import { isHttpError } from '../http/errors/guards.ts'
import type { CallOptions } from '../http/options.ts'
import { readText } from '../http/read-text.ts'
import type { RetryPolicy } from '../http/retry.ts'
import { readJson as readAnswer, Transport, type ApiRequest } from '../http/transport.ts'
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
import { filterText, type EventFilter } from './filter.ts'
import type {
  EventsOptions,
  LogspaceOptions,
  LogspacePage,
  OrdersOptions,
  RetrieveOptions,
  StreamOptions,
} from './options.ts'
import { readJson } from './read-json.ts'
import { elementsOf } from './stream.ts'

const beginning = '*'
const pageMax = 1000
const streamMax = 2 ** 31 - 1
const answerBytesMax = 1024 * 1024

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

  /** @throws TypeError for an address or a token that cannot be one, RangeError for an unknown dialect. */
  constructor(options: LogspaceOptions) {
    const { hqUrl, spaceToken, dialect = '0.3' } = options
    // Told here: at the first request, the runtime's own complaint would show the token.
    if (typeof spaceToken !== 'string' || !/^(?=.*\S)[\x20-\x7e]+$/.test(spaceToken)) {
      throw new TypeError('spaceToken must be a text of printable ASCII, and not blank.')
    }
    this.#spelling = spellingOf(dialect)
    this.#base = baseAddress(hqUrl) + this.#spelling.prefix
    const headers = { 'logspace.space-token': spaceToken, accept: 'application/json' }
    const rules = { timeoutMs: 30_000, totalTimeoutMs: 120_000, retry, headers, errorOf }
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
    const path = `/capabilities/${segment(capabilities.id, 'The id of a controller')}`
    await this.#transport.send(this.#request('PUT', path, body), drain, call)
  }

  /**
   * The order for a controller; `undefined` when it is still the one of `lastModified`.
   * @throws LogspaceError `ORDER_NOT_FOUND` when there is none, or another RequestError.
   */
  async orders(
    controllerId: string,
    { lastModified, ...call }: OrdersOptions = {},
  ): Promise<ControllerOrder | undefined> {
    const path = `/orders/${segment(controllerId, 'The id of a controller')}`
    const request: ApiRequest = {
      ...this.#request('GET', path),
      headers: lastModified === undefined ? {} : { 'if-modified-since': lastModified },
    }
    const read = async (response: Response) => {
      const answer = await readAnswer(request, response, readJson)
      const time = response.headers.get('last-modified')
      return understood(request, () => orderOf(answer, time))
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
    const { filter, count, cursor, ...call } = options
    checkCount('count', count, 0, pageMax)
    const path = withQuery('/events', { count, cursor })
    const request = this.#request('POST', path, bodyOf(filter))
    const answer = await this.#transport.json(request, call, readJson)
    return understood(request, () => pageOf(answer, cursor ?? beginning))
  }

  /**
   * All events that a filter finds, oldest first, asked for page by page as they are used. Events that
   * are stored meanwhile are among them if their timestamps are later than the last page's. Times are for
   * each page.
   * @throws As `retrieveEvents`, at the first step.
   */
  async *events(options: EventsOptions = {}): AsyncGenerator<StoredLogspaceEvent, void, undefined> {
    const { pageSize = pageMax, cursor: start = beginning, ...rest } = options
    checkCount('pageSize', pageSize, 1, pageMax)
    for (let cursor = start; ;) {
      const page = await this.retrieveEvents({ ...rest, count: pageSize, cursor })
      yield* page.events
      if (page.events.length === 0 || page.nextCursor === cursor) return
      cursor = page.nextCursor
    }
  }

  /**
   * Events in one answer, oldest first, as they come in; for very many of them. It is sent again only
   * until the answer begins: one that breaks off later is a NetworkError, and `offset` is where to go on.
   * @throws As `retrieveEvents`, at the first step.
   */
  async *streamEvents(
    options: StreamOptions = {},
  ): AsyncGenerator<StoredLogspaceEvent, void, undefined> {
    const { filter, offset, count = streamMax, ...call } = options
    checkCount('offset', offset, 0, streamMax)
    checkCount('count', count, 0, streamMax)
    const path = withQuery('/event-stream', { count, offset })
    const request = this.#request('POST', path, bodyOf(filter))
    const answer = await this.#transport.open(request, call)
    let index = 0
    for await (const text of elementsOf(request, answer, call.signal)) {
      const place = `events[${index}]`
      yield understood(request, () => eventOf(readJson(text), place))
      index += 1
    }
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

/** Reads what nobody needs, so that the connection can be used again. */
async function drain(response: Response): Promise<void> {
  await readText(response, answerBytesMax).catch(() => '')
}

function bodyOf(filter: EventFilter | undefined): string {
  return filterText(filter ?? [])
}

function pageOf(answer: unknown, cursor: string): LogspacePage {
  const { totalCount, nextCursorMark, events } = (answer ?? {}) as Readonly<Record<string, unknown>>
  if (!Array.isArray(events)) throw new TypeError('there are no events in it')
  return {
    events: events.map((event: unknown, index) => eventOf(event, `events[${index}]`)),
    totalCount: typeof totalCount === 'number' ? totalCount : events.length,
    nextCursor: typeof nextCursorMark === 'string' ? nextCursorMark : cursor,
  }
}

/** What an answer says. @throws AnswerError when it cannot be understood. */
function understood<T>(request: ApiRequest, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    const what = `${request.method} ${request.url} was answered with what is none of Logspace's`
    throw new AnswerError(`${what}: ${(cause as Error).message}`, request, { cause })
  }
}

function checkCount(name: string, value: number | undefined, min: number, max: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= min && value <= max)) return
  throw new RangeError(`${name} must be a whole number from ${min} to ${max}; it is ${value}.`)
}

/** A part of a path. An address leaves `.` and `..` out, and would lead elsewhere. */
function segment(text: string, what: string): string {
  if (typeof text !== 'string' || text === '') throw new TypeError(`${what} must be a text.`)
  if (text !== '.' && text !== '..') return encodeURIComponent(text)
  throw new RangeError(`${what} must not be ${text}.`)
}
