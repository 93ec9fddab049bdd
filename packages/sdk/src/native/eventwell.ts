import { checkCall } from '../http/call.ts'
import { systemClock, type Clock } from '../http/clock.ts'
import { TimeoutError } from '../http/errors/timeout-error.ts'
import { checkNames } from '../http/known-names.ts'
import type { CallOptions } from '../http/options.ts'
import { pathPart } from '../http/path-part.ts'
import type {
  Aggregate,
  CloudEvent,
  ConsumerList,
  ConsumerState,
  ErasurePage,
  ErasureRecord,
  EventPage,
  EventReceipt,
  EventRejection,
  FacetValues,
  Histogram,
  Retention,
  RetentionRule,
  StreamAnswer,
} from '../wire.ts'
import { NativeApi } from './api.ts'
import { appendEach } from './append/append-each.ts'
import { Batcher } from './append/batcher.ts'
import { encodeEvent, type EventIdentity, type EventInput } from './append/event-input.ts'
import { appendKeyed } from './append/append-keyed.ts'
import { appendRequest, postEach, postEvents } from './append/post-each.ts'
import {
  appendEachOptions,
  appendOneOptions,
  appendOptions,
  getOptions,
  type AppendEachOptions,
  type AppendOneOptions,
  type AppendOptions,
  type Erasure,
  type GetOptions,
} from './call-options.ts'
import { Consumer } from './consumers/consumer.ts'
import type { Tail } from './consumers/options.ts'
import { isProblem } from './errors/guards.ts'
import { batchRules, eventwellOptions, type BatchRules, type EventwellOptions } from './options.ts'
import type {
  AggregateQuery,
  ErasureQuery,
  EventQuery,
  ExportQuery,
  FacetQuery,
  HistogramQuery,
  SelectionAfter,
} from './query/query.ts'
import { parametersOf } from './query/selection.ts'
import { openExport, type EventExport, type ExportOptions } from './read/event-export.ts'
import { fieldsText, list, pages, read, type ReadOptions } from './read/pages.ts'
import { tail, type TailedEvent, type TailOptions } from './read/tail.ts'

// An erasure overwrites what it removes, and is answered when that is done.
const erasureTimeoutMs = 600_000

/**
 * A client of an Eventwell server's native API. It holds no connection open but those of its tails, and
 * is meant to live as long as the program.
 *
 * @example
 * ```ts
 * const events = new Eventwell({ url: 'http://127.0.0.1:4567', key: 'development' })
 * await events.append({ source: '/shop', type: 'order.paid', data: { total: 12.5 } })
 * for await (const event of events.read({ type: 'order.*' })) console.log(event.type, event.data)
 * ```
 */
export class Eventwell {
  readonly #api: NativeApi
  readonly #clock: Clock
  readonly #rules: BatchRules
  readonly #batcher: Batcher
  readonly #encode: (event: EventInput, nowMs?: number) => ReturnType<typeof encodeEvent>

  /** @throws TypeError or RangeError for an option that cannot be one. */
  constructor(options: EventwellOptions) {
    checkNames('The argument of new Eventwell({ url, key })', options, eventwellOptions)
    const { clock = systemClock, stringify, batch } = options
    this.#api = new NativeApi(options)
    this.#clock = clock
    this.#rules = batchRules(batch)
    this.#encode = (event, nowMs = clock.now()) => encodeEvent(event, nowMs, stringify)
    this.#batcher = new Batcher(
      {
        post: (call) => postEach(this.#api, call),
        encode: this.#encode,
        clock,
        totalTimeoutMs: this.#api.totalTimeoutMs,
        timeout: (totalTimeoutMs, wasSent) => this.#timeout(totalTimeoutMs, wasSent),
      },
      this.#rules,
    )
  }

  /**
   * Appends events in one request, in their order: all of them or none. Nothing else stands between them.
   * At most 20,000 events and 32 MiB.
   * @throws ProblemError `conflict` or `invalid_event`, whose `errors` name the events at fault.
   */
  append<E extends EventInput>(
    events: readonly E[],
    options?: AppendOptions & { readonly mode?: 'all' | undefined },
  ): Promise<EventReceipt[]>
  /** Appends those of the events that can be taken, in one request; look at each outcome. */
  append<E extends EventInput>(
    events: readonly E[],
    options: AppendOptions & { readonly mode: 'each' },
  ): Promise<(EventReceipt | EventRejection)[]>
  /**
   * Appends one event, in a request with others that are appended at the same time. Once this resolves
   * it is on the server's disk, in its place. A signal takes out an event that waits; one that was sent
   * may be kept all the same.
   * @throws EventRejectedError, EventConflictError, BacklogError, RequestError, and TypeError for what is
   * no event.
   */
  append<E extends EventInput>(event: E, call?: AppendOneOptions): Promise<EventReceipt>
  async append(
    input: EventInput | readonly EventInput[],
    options: AppendOptions = {},
  ): Promise<EventReceipt | (EventReceipt | EventRejection)[]> {
    checkCall(options, isOne(input) ? appendOneOptions : appendOptions)
    if (isOne(input)) return this.#batcher.append(input, options)
    const { mode = 'all', idempotencyKey, ...call } = options
    if (mode !== 'all' && mode !== 'each') throw new TypeError('mode must be all or each.')
    const events = input.map((event) => this.#encode(event))
    if (idempotencyKey === undefined) return postEvents(this.#api, events, mode, call)
    return appendKeyed(idempotencyKey, call, {
      post: (headers, bounded) => postEvents(this.#api, events, mode, bounded, headers),
      clock: this.#clock,
      totalTimeoutMs: this.#api.totalTimeoutMs,
    })
  }

  /**
   * Appends any number of events that come one after the other, a request at a time, and takes no more of
   * them than it sends. What cannot be taken is counted and named, and holds nothing up.
   * @throws RequestError for what concerns all of them, and whatever `events` throws; what was kept before
   * stays. To send all again does no harm where the events have ids of their own.
   */
  async appendEach<E extends EventInput>(
    events: Iterable<E> | AsyncIterable<E>,
    options: AppendEachOptions = {},
  ): Promise<StreamAnswer> {
    checkCall(options, appendEachOptions)
    const { onProgress, ...call } = options
    const post = postEach(this.#api, call)
    return appendEach(events, { post, encode: this.#encode, rules: this.#rules, onProgress })
  }

  /** Waits until every single append that was made before is settled; each one's own promise says how. */
  flush(): Promise<void> {
    return this.#batcher.flush()
  }

  /** Takes no more single appends, and waits for those that were made before. */
  close(): Promise<void> {
    return this.#batcher.close()
  }

  /** One page of events, in order of position. */
  async list(query: EventQuery = {}, call?: CallOptions): Promise<EventPage> {
    return list(this.#api, query, call)
  }

  /**
   * Page by page, until there is no more at that moment. Store the cursor of a page that is dealt with.
   * @throws TypeError or RangeError, at once, for what is no query; in the loop RequestError, and GapError
   * where events were removed before they were read, unless there is an `onGap`.
   */
  pages(
    query: EventQuery = {},
    options: ReadOptions = {},
  ): AsyncGenerator<EventPage, void, undefined> {
    return pages({ api: this.#api, clock: this.#clock }, query, options)
  }

  /** Event by event, until there is no more at that moment. @throws as `pages`. */
  read(
    query: EventQuery = {},
    options: ReadOptions = {},
  ): AsyncGenerator<CloudEvent, void, undefined> {
    return read({ api: this.#api, clock: this.#clock }, query, options)
  }

  /**
   * Each event as it comes, for ever: a connection that breaks, or is silent for too long, is opened
   * again after the last event that was given, so that none is given twice and none is left out.
   * Without `after` it begins with what is appended from the moment it is connected. It reads no faster
   * than it is asked. Leaving the loop closes the connection; while the loop waits for an event, only a
   * signal ends it.
   * @throws TypeError or RangeError, at once, for what is no query; in the loop HttpError for a refusal
   * that would stay the same, AnswerError, GapError unless there is an `onGap`, and the reason of the
   * signal.
   */
  tail(
    query: SelectionAfter = {},
    options: TailOptions = {},
  ): AsyncGenerator<TailedEvent, void, undefined> {
    return tail({ api: this.#api, clock: this.#clock }, query, options)
  }

  /**
   * The event at a sequence; `undefined` when there is none.
   * @throws TypeError for what is no sequence.
   */
  get(sequence: string, call?: GetOptions): Promise<CloudEvent | undefined>
  /**
   * The event of an identity; `undefined` when there is none.
   * @throws RangeError for an id that no address can have, such as `..`.
   */
  get(identity: EventIdentity, call?: GetOptions): Promise<CloudEvent | undefined>
  async get(
    event: string | EventIdentity,
    options: GetOptions = {},
  ): Promise<CloudEvent | undefined> {
    checkCall(options, getOptions)
    const { fields, ...call } = options
    const { id, source } = identityOf(event)
    const request = {
      path: `/events/${pathPart('id', id)}`,
      parameters: { source, fields: fieldsText(fields) },
    }
    try {
      return await this.#api.json<CloudEvent>(request, [], call, this.#api.parse)
    } catch (error) {
      if (isProblem(error, 'not_found')) return undefined
      throw error
    }
  }

  /**
   * How many events happened in each stretch of time. Where `complete` is false, go on after its
   * `cursor`.
   */
  async histogram(query: HistogramQuery, call?: CallOptions): Promise<Histogram> {
    const { interval, by } = query
    const request = { path: '/histogram', parameters: parametersOf(query, { interval, by }) }
    return this.#api.json<Histogram>(request, ['buckets[]'], call)
  }

  /** Counts and measures. Where `complete` is false, go on after its `cursor`. */
  async aggregate(query: AggregateQuery = {}, call?: CallOptions): Promise<Aggregate> {
    const { interval, by, measure, percentiles } = query
    const others = { interval, by, measure, percentiles: percentiles?.join(',') }
    const request = { path: '/aggregate', parameters: parametersOf(query, others) }
    return this.#api.json<Aggregate>(request, ['rows[]'], call)
  }

  /**
   * The values of a facet, the most frequent first. Where `complete` is false, go on after its `cursor`.
   * @param name One of `FacetName`, or the name of one that a dialect adds.
   */
  async facet(name: string, query: FacetQuery = {}, call?: CallOptions): Promise<FacetValues> {
    const { prefix, limit } = query
    const path = `/facets/${pathPart('facet', name)}`
    const request = { path, parameters: parametersOf(query, { prefix, limit }) }
    return this.#api.json<FacetValues>(request, ['values[]'], call)
  }

  /** Everything that is there at this moment, as lines, CSV or an array. */
  async export(query: ExportQuery = {}, call: ExportOptions = {}): Promise<EventExport> {
    return openExport(this.#api, query, call)
  }

  /**
   * A reader whose cursor the server keeps.
   * @throws RangeError for a name that no consumer can have.
   */
  consumer(name: string): Consumer {
    const follow: Tail = (query, options) => this.tail(query, options)
    return new Consumer({ api: this.#api, clock: this.#clock, tail: follow }, name)
  }

  /** All consumers of the workspace, by name; at most 1,000. */
  async consumers(call?: CallOptions): Promise<ConsumerState[]> {
    const answer = await this.#api.json<ConsumerList>({ path: '/consumers' }, ['consumers[]'], call)
    return answer.consumers
  }

  /**
   * Erases events for good; once this resolves they are gone from the server's disk. By default it may
   * take ten minutes. It is not sent again when no answer came: it then runs to its end all the same,
   * and `erasures` tells of it.
   */
  async erase(erasure: Erasure, call: CallOptions = {}): Promise<ErasureRecord> {
    checkCall(call)
    const { timeoutMs = erasureTimeoutMs, totalTimeoutMs = erasureTimeoutMs, signal } = call
    const body = JSON.stringify(erasure)
    const request = { method: 'POST', path: '/erasures', body, isRepeatable: false } as const
    return this.#api.json<ErasureRecord>(request, ['events'], { timeoutMs, totalTimeoutMs, signal })
  }

  /** What was erased, newest first, so that whoever has copies can erase them, too. */
  async erasures(query: ErasureQuery = {}, call?: CallOptions): Promise<ErasurePage> {
    const { after, limit } = query
    checkNames('A query', query, { after: true, limit: true })
    const request = { path: '/erasures', parameters: { after, limit } }
    return this.#api.json<ErasurePage>(request, ['erasures[]'], call)
  }

  /** How long events are kept, and what went so far. */
  async retention(call?: CallOptions): Promise<RetentionRule[]> {
    return (await this.#api.json<Retention>({ path: '/retention' }, ['rules[]'], call)).rules
  }

  #timeout(totalTimeoutMs: number, wasSent: boolean): TimeoutError {
    const sent = this.#api.sent({ ...appendRequest, parameters: { mode: 'each' } })
    const what = wasSent
      ? 'was not answered (the event was sent and may be kept)'
      : 'was not sent (the event waited for its turn and is not kept)'
    return new TimeoutError(sent, totalTimeoutMs, what)
  }
}

function isOne(input: EventInput | readonly EventInput[]): input is EventInput {
  return !Array.isArray(input)
}

/** An event at a sequence is asked for in the place of an id, without a source. */
function identityOf(event: string | EventIdentity): {
  readonly id: string
  readonly source?: string
} {
  if (typeof event === 'string' && /^\d{1,16}$/.test(event)) return { id: event }
  if (typeof event !== 'object' || event === null || typeof event.source !== 'string') {
    throw new TypeError('get takes a sequence, of 1 to 16 digits, or { source, id }.')
  }
  return event
}
