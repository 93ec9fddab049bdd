import { checkCall } from '../../http/call.ts'
import { chunks } from '../../http/chunks.ts'
import type { Clock } from '../../http/clock.ts'
import { AnswerError } from '../../http/errors/answer-error.ts'
import { NetworkError } from '../../http/errors/network-error.ts'
import type { NamesOf } from '../../http/known-names.ts'
import type { CallOptions } from '../../http/options.ts'
import type { CloudEvent } from '../../wire.ts'
import type { NativeApi, NativeRequest } from '../api.ts'
import { tellGap } from '../errors/gap-error.ts'
import type { SelectionAfter } from '../query/query.ts'
import { parametersOf } from '../query/selection.ts'
import { comebackMs, isPassing } from './comeback.ts'
import { EventStreamParser, type StreamMessage } from './event-stream-parser.ts'
import type { ReadOptions, ReadTools } from './pages.ts'
import { checkedSilenceMs } from './silence.ts'

const messageCharsMax = 64 * 1024 * 1024
// The server sends a comment every ten seconds (PROTOCOL.md section 6.3).
const silenceMsDefault = 30_000
// A server that says less would be asked with hardly a pause; up to half of it is left to chance.
const retryMsMin = 200

/** How many milliseconds a reader waits before it comes back, unless the server says otherwise. */
export const retryMsDefault = 1000

/** An event of a tail. */
export interface TailedEvent {
  /** The event itself. */
  readonly event: CloudEvent
  /** Store it once the event is dealt with, and begin `after` it the next time. */
  readonly cursor: string
}

/** How far a tail has come, told also where nothing was selected. */
export interface TailProgress {
  /** Everything that was selected up to here was given before. */
  readonly cursor: string
  /** Whether nothing more was there at that moment. */
  readonly caughtUp: boolean
}

/** A connection of a tail that ended, and what happens now. */
export interface TailBreak {
  /** Why: a `NetworkError` also where the server ended the stream, as it does when it stops. */
  readonly error: unknown
  /** After how many milliseconds the tail comes back. */
  readonly delayMs: number
  /** How often in a row no message came of it, this one included. */
  readonly failures: number
}

/** How a tail is followed. */
export interface TailOptions extends Omit<ReadOptions, 'totalTimeoutMs'> {
  /**
   * Told how far the tail has come: first when it is connected. Where it gives a promise, the tail goes on
   * when that is kept.
   */
  readonly onProgress?: ((progress: TailProgress) => unknown) | undefined
  /** Told of each connection that ended, before the tail comes back. */
  readonly onBreak?: ((tailBreak: TailBreak) => void) | undefined
  /** How many milliseconds without a sign of life are a broken connection; 30,000 by default. */
  readonly silenceMs?: number | undefined
  /**
   * After how many failures in a row, without a message between, the last one is thrown; never by
   * default.
   */
  readonly failuresMax?: number | undefined
}

const tailOptions: NamesOf<TailOptions> = {
  signal: true,
  timeoutMs: true,
  onGap: true,
  onProgress: true,
  onBreak: true,
  silenceMs: true,
  failuresMax: true,
}

/**
 * Follows the log through as many connections as it takes.
 * @throws TypeError or RangeError, at once, for what is no query, and for options that cannot be.
 */
export function tail(
  { api, clock }: ReadTools,
  query: SelectionAfter,
  options: TailOptions,
): AsyncGenerator<TailedEvent, void, undefined> {
  checkCall(options, tailOptions)
  const { failuresMax = Infinity, silenceMs } = options
  checkedSilenceMs(silenceMs)
  if (!(failuresMax === Infinity || (Number.isSafeInteger(failuresMax) && failuresMax >= 0))) {
    throw new RangeError(`failuresMax must be a whole number from 0 on; it is ${failuresMax}.`)
  }
  return follow(new Follower(api, query, options), clock, { ...options, failuresMax })
}

async function* follow(
  follower: Follower,
  clock: Clock,
  { signal, failuresMax, onBreak }: TailOptions & { readonly failuresMax: number },
): AsyncGenerator<TailedEvent, void, undefined> {
  let failures = 0
  for (;;) {
    let error: unknown
    try {
      for await (const message of follower.connection()) {
        failures = 0
        const event = await follower.take(message)
        if (event !== undefined) yield event
      }
      error = follower.ended()
    } catch (thrown) {
      signal?.throwIfAborted()
      if (!isPassing(thrown)) throw thrown
      error = thrown
    }
    failures += 1
    if (failures > failuresMax) throw error
    const delayMs = comebackMs(error, failures, follower.retryMs, clock)
    onBreak?.({ error, delayMs, failures })
    await clock.sleep(delayMs, signal)
  }
}

/** Knows where a tail is, from one connection to the next. */
class Follower {
  readonly #api: NativeApi
  readonly #request: NativeRequest
  readonly #options: TailOptions
  /** After the last message that was dealt with. */
  #cursor: string | undefined
  retryMs = retryMsDefault

  constructor(api: NativeApi, query: SelectionAfter, options: TailOptions) {
    this.#api = api
    this.#options = options
    // It stays the same for all connections, so that a browser asks for leave to send it only once.
    this.#request = { path: '/tail', parameters: parametersOf(query) }
  }

  /** The messages of one connection. */
  async *connection(): AsyncGenerator<StreamMessage, void, undefined> {
    const { signal, timeoutMs } = this.#options
    const silenceMs = this.#options.silenceMs ?? silenceMsDefault
    const headers = { ...(this.#cursor !== undefined && { 'last-event-id': this.#cursor }) }
    const call: CallOptions = { signal, ...(timeoutMs !== undefined && { timeoutMs }) }
    const { response, close } = await this.#api.openOnce({ ...this.#request, headers }, call)
    try {
      const sent = this.#api.sent(this.#request)
      const type = response.headers.get('content-type') ?? ''
      if (!/^text\/event-stream *(;|$)/i.test(type)) {
        throw new AnswerError(`GET ${sent.url} was answered with no stream of events`, sent)
      }
      const parser = new EventStreamParser(messageCharsMax)
      for await (const bytes of chunks(response, sent, silenceMs, signal)) {
        yield* this.#parsed(parser, bytes)
        this.retryMs = Math.max(parser.retryMs ?? this.retryMs, retryMsMin)
      }
    } finally {
      close()
    }
  }

  /** What a stream that came to its end stands for. */
  ended(): NetworkError {
    const sent = this.#api.sent(this.#request)
    return new NetworkError(`GET ${sent.url}: the server ended the stream`, sent)
  }

  /** Deals with a message; gives an event to whoever reads. */
  async take({ name, data, id }: StreamMessage): Promise<TailedEvent | undefined> {
    const { onProgress, onGap } = this.#options
    // The next connection is asked for with it, in a header.
    if (!/^[\x21-\x7e]*$/.test(id)) throw this.#wrong('a cursor that no header can hold')
    if (name === '' || name === 'message') {
      if (id === '') throw this.#wrong('an event without a cursor')
      const event = this.#json(data, this.#api.parse) as CloudEvent
      this.#cursor = id
      return { event, cursor: id }
    }
    if (name === 'gap') {
      const { cursor, through } = this.#json(data) as { cursor: string; through: string }
      if (typeof cursor !== 'string' || typeof through !== 'string') {
        throw this.#wrong('a gap that is none')
      }
      tellGap({ cursor, through }, onGap)
    } else if (name === 'progress') {
      // Its cursor is looked at below; whether it has caught up only informs.
      const { cursor, caughtUp } = this.#json(data) as unknown as TailProgress
      if (typeof cursor !== 'string') throw this.#wrong('progress without a cursor')
      await onProgress?.({ cursor, caughtUp })
    }
    // Whatever its name: a place that was dealt with need not be seen again.
    if (id !== '') this.#cursor = id
    return undefined
  }

  *#parsed(
    parser: EventStreamParser,
    bytes: Uint8Array,
  ): Generator<StreamMessage, void, undefined> {
    try {
      yield* parser.push(bytes)
    } catch (cause) {
      throw this.#wrong('a message that is too long', cause)
    }
  }

  #json(data: string, parse: (text: string) => unknown = JSON.parse): object {
    let value: unknown
    try {
      value = parse(data)
    } catch (cause) {
      throw this.#wrong('a message that is not JSON', cause)
    }
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
    throw this.#wrong('a message that is no object')
  }

  #wrong(what: string, cause?: unknown): AnswerError {
    const sent = this.#api.sent(this.#request)
    return new AnswerError(`GET ${sent.url} was answered with ${what}`, sent, { cause })
  }
}
