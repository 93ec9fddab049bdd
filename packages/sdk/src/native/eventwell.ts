import { systemClock, type Clock } from '../http/clock.ts'
import { AnswerError } from '../http/errors/answer-error.ts'
import type { CallOptions } from '../http/options.ts'
import type {
  Aggregate,
  AppendAnswer,
  CloudEvent,
  ConsumerList,
  ConsumerState,
  EachAnswer,
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
import { appendAll } from './append/append-all.ts'
import { Batcher } from './append/batcher.ts'
import { encodeEvent, type EventInput } from './append/event-input.ts'
import { appendKeyed } from './append/append-keyed.ts'
import type { AppendAllOptions, AppendOptions, Erasure, GetOptions } from './call-options.ts'
import { Consumer } from './consumers/consumer.ts'
import { isProblem } from './errors/guards.ts'
import { batchRules, type BatchRules, type EventwellOptions } from './options.ts'
import type {
  AggregateQuery,
  ErasureQuery,
  EventQuery,
  ExportQuery,
  FacetQuery,
  HistogramQuery,
  SelectionAfter,
} from './query/query.ts'
import { pathPart } from './path-part.ts'
import { parametersOf } from './query/selection.ts'
import { openExport, type EventExport } from './read/event-export.ts'
import { list, pages, read, type ReadOptions } from './read/pages.ts'
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
    const { clock = systemClock, stringify, batch } = options
    this.#api = new NativeApi(options)
    this.#clock = clock
    this.#rules = batchRules(batch)
    this.#encode = (event, nowMs = clock.now()) => encodeEvent(event, nowMs, stringify)
    const post = (body: string, count: number) => this.#postEach(body, count)
    this.#batcher = new Batcher({ post, encode: this.#encode, clock }, this.#rules)
  }

  /**
   * Appends one event, in a request with others that are appended at the same time. Once this resolves
   * it is on the server's disk, in its place. A signal takes out an event that waits; one that was sent
   * may be kept all the same.
   * @throws EventRejectedError, EventConflictError, BacklogError, RequestError, and TypeError for what is
   * no event.
   */
  append(event: EventInput, call?: Pick<CallOptions, 'signal'>): Promise<EventReceipt>
  /**
   * Appends events in one request, in their order: all of them or none. Nothing else stands between them.
   * At most 20,000 events and 32 MiB.
   * @throws ProblemError `conflict` or `invalid_event`, whose `errors` name the events at fault.
   */
  append(
    events: readonly EventInput[],
    options?: AppendOptions & { readonly mode?: 'all' | undefined },
  ): Promise<EventReceipt[]>
  /** Appends those of the events that can be taken, in one request; look at each outcome. */
  append(
    events: readonly EventInput[],
    options: AppendOptions & { readonly mode: 'each' },
  ): Promise<(EventReceipt | EventRejection)[]>
  async append(
    input: EventInput | readonly EventInput[],
    options: AppendOptions = {},
  ): Promise<EventReceipt | (EventReceipt | EventRejection)[]> {
    if (isOne(input)) return this.#batcher.append(input, options.signal)
    const { mode = 'all', idempotencyKey, ...call } = options
    const body = `[${input.map((event) => this.#encode(event).text).join(',')}]`
    if (idempotencyKey === undefined) return (await this.#post(body, mode, call)).events
    const post = (headers: Readonly<Record<string, string>>) =>
      this.#post(body, mode, call, headers)
    return (await appendKeyed(post, idempotencyKey, this.#clock, call)).events
  }

  /**
   * Appends any number of events that come one after the other, a request at a time, and takes no more of
   * them than it sends. What cannot be taken is counted and named, and holds nothing up.
   * @throws RequestError for what concerns all of them; what was kept before stays. To send all again
   * does no harm where the events have ids of their own.
   */
  async appendAll(
    events: Iterable<EventInput> | AsyncIterable<EventInput>,
    { onProgress, ...call }: AppendAllOptions = {},
  ): Promise<StreamAnswer> {
    const post = (body: string, count: number) => this.#postEach(body, count, call)
    return appendAll(events, { post, encode: this.#encode, rules: this.#rules, onProgress })
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
   */
  pages(query: EventQuery = {}, call?: CallOptions): AsyncGenerator<EventPage, void, undefined> {
    return pages(this.#api, query, call)
  }

  /**
   * Event by event, until there is no more at that moment.
   * @throws GapError where events were removed before they were read, unless there is an `onGap`.
   */
  read(query: EventQuery = {}, options?: ReadOptions): AsyncGenerator<CloudEvent, void, undefined> {
    return read(this.#api, query, options)
  }

  /**
   * Each event as it comes, for ever: a connection that breaks, or is silent for too long, is opened
   * again after the last event that was given, so that none is given twice and none is left out.
   * Without `after` it begins with what is appended from the moment it is connected. It reads no faster
   * than it is asked.
   * @throws HttpError for a refusal that would stay the same, AnswerError, GapError unless there is an
   * `onGap`, and the reason of the signal.
   */
  tail(
    query: SelectionAfter = {},
    options: TailOptions = {},
  ): AsyncGenerator<TailedEvent, void, undefined> {
    return tail(this.#api, this.#clock, query, options)
  }

  /**
   * The event at a sequence; `undefined` when there is none.
   * @throws RangeError for an id that no address can have, such as `..`.
   */
  get(sequence: string, call?: GetOptions): Promise<CloudEvent | undefined>
  /** The event of a source and an id; `undefined` when there is none. */
  get(id: string, source: string, call?: GetOptions): Promise<CloudEvent | undefined>
  async get(
    id: string,
    sourceOrCall?: string | GetOptions,
    options: GetOptions = {},
  ): Promise<CloudEvent | undefined> {
    const source = typeof sourceOrCall === 'string' ? sourceOrCall : undefined
    const { fields, ...call } = typeof sourceOrCall === 'object' ? sourceOrCall : options
    const request = {
      path: `/events/${pathPart('id', id)}`,
      parameters: { source, fields: fields?.join(',') },
    }
    try {
      return (await this.#api.json<object>(request, [], call, this.#api.parse)) as CloudEvent
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
    return this.#api.json<Histogram>(request, ['buckets'], call)
  }

  /** Counts and measures. Where `complete` is false, go on after its `cursor`. */
  async aggregate(query: AggregateQuery = {}, call?: CallOptions): Promise<Aggregate> {
    const { interval, by, measure, percentiles } = query
    const others = { interval, by, measure, percentiles: percentiles?.join(',') }
    const request = { path: '/aggregate', parameters: parametersOf(query, others) }
    return this.#api.json<Aggregate>(request, ['rows'], call)
  }

  /**
   * The values of a facet, the most frequent first. Where `complete` is false, go on after its `cursor`.
   * @param name One of `FacetName`, or the name of one that a dialect adds.
   */
  async facet(name: string, query: FacetQuery = {}, call?: CallOptions): Promise<FacetValues> {
    const { prefix, limit } = query
    const path = `/facets/${pathPart('facet', name)}`
    const request = { path, parameters: parametersOf(query, { prefix, limit }) }
    return this.#api.json<FacetValues>(request, ['values'], call)
  }

  /** Everything that is there at this moment, as lines, CSV or an array. */
  async export(query: ExportQuery = {}, call: CallOptions = {}): Promise<EventExport> {
    return openExport(this.#api, query, call)
  }

  /**
   * A reader whose cursor the server keeps.
   * @throws RangeError for a name that no consumer can have.
   */
  consumer(name: string): Consumer {
    return new Consumer(this.#api, (query, options) => this.tail(query, options), name)
  }

  /** All consumers of the workspace, by name; at most 1,000. */
  async consumers(call?: CallOptions): Promise<ConsumerState[]> {
    const answer = await this.#api.json<ConsumerList>({ path: '/consumers' }, ['consumers'], call)
    return answer.consumers
  }

  /**
   * Erases events for good; once this resolves they are gone from the server's disk. By default it may
   * take ten minutes. It is not sent again when no answer came: it then runs to its end all the same,
   * and `erasures` tells of it.
   */
  async erase(erasure: Erasure, call: CallOptions = {}): Promise<ErasureRecord> {
    const { timeoutMs = erasureTimeoutMs, totalTimeoutMs = erasureTimeoutMs, signal } = call
    const body = JSON.stringify(erasure)
    const request = { method: 'POST', path: '/erasures', body, isRepeatable: false } as const
    return this.#api.json<ErasureRecord>(request, ['events'], { timeoutMs, totalTimeoutMs, signal })
  }

  /** What was erased, newest first, so that whoever has copies can erase them, too. */
  async erasures(query: ErasureQuery = {}, call?: CallOptions): Promise<ErasurePage> {
    const { after, limit } = query
    const request = { path: '/erasures', parameters: { after, limit } }
    return this.#api.json<ErasurePage>(request, ['erasures'], call)
  }

  /** How long events are kept, and what went so far. */
  async retention(call?: CallOptions): Promise<RetentionRule[]> {
    return (await this.#api.json<Retention>({ path: '/retention' }, ['rules'], call)).rules
  }

  async #postEach(body: string, count: number, call: CallOptions = {}): Promise<EachAnswer> {
    const answer = await this.#post(body, 'each', call)
    if (answer.events.length === count) return answer
    const sent = this.#api.sent({ ...appendRequest, parameters: { mode: 'each' } })
    const what = `was answered with ${answer.events.length} outcomes for ${count} events`
    throw new AnswerError(`POST ${sent.url} ${what}`, sent)
  }

  #post(
    body: string,
    mode: 'all' | 'each',
    call: CallOptions,
    more: Readonly<Record<string, string>> = {},
  ): Promise<EachAnswer> {
    const headers = { 'content-type': 'application/cloudevents-batch+json', ...more }
    const parameters = mode === 'each' ? { mode } : {}
    const request = { ...appendRequest, parameters, headers, body }
    return this.#api.json<AppendAnswer | EachAnswer>(request, ['events'], call)
  }
}

const appendRequest = { method: 'POST', path: '/events' } as const

function isOne(input: EventInput | readonly EventInput[]): input is EventInput {
  return !Array.isArray(input)
}
