import type { Clock } from '../../http/clock.ts'
import type { CallOptions } from '../../http/options.ts'
import type { EventReceipt } from '../../wire.ts'
import { BacklogError } from '../errors/backlog-error.ts'
import type { BatchRules } from '../options.ts'
import { AbortWatch } from './abort-watch.ts'
import type { EncodedEvent, EventInput } from './event-input.ts'
import type { PostEach } from './post-each.ts'
import { sendEach } from './send-each.ts'
import { WaitingAppend } from './waiting-append.ts'

// An append's own timer comes before the request's: it knows what to say.
const graceMs = 100

/** What a batcher needs besides its rules. */
export interface BatcherTools {
  /** Sends events in one request. */
  readonly post: (call: CallOptions) => PostEach
  readonly encode: (event: EventInput, nowMs: number) => EncodedEvent
  readonly clock: Clock
  /** Within which an append must be settled, unless it says otherwise. */
  readonly totalTimeoutMs: number
  /** The error of an append that was not settled in its time. */
  readonly timeout: (totalTimeoutMs: number, wasSent: boolean) => Error
}

/**
 * Puts single appends together into requests. Events are sent in the order of the calls, and with one
 * request on its way at a time they are kept in it. They are encoded at once: what the caller does with an
 * event after the call does not change what is sent.
 */
export class Batcher {
  readonly #tools: BatcherTools
  readonly #rules: BatchRules
  /** Wait for a request. Sets keep the order, and one in the middle is soon taken out. */
  readonly #queue = new Set<WaitingAppend>()
  /** Everything that is not settled. */
  readonly #open = new Set<WaitingAppend>()
  readonly #aborts = new AbortWatch()
  #queuedBytes = 0
  #openBytes = 0
  #requests = 0
  #linger: AbortController | undefined
  #isClosed = false

  constructor(tools: BatcherTools, rules: BatchRules) {
    this.#tools = tools
    this.#rules = rules
  }

  /** Sends an event with others. @throws whatever became of it, and the signal's reason. */
  async append(
    event: EventInput,
    { signal, totalTimeoutMs = this.#tools.totalTimeoutMs }: CallOptions,
  ): Promise<EventReceipt> {
    signal?.throwIfAborted()
    checkTime(totalTimeoutMs)
    if (this.#isClosed) throw new TypeError('This client was closed; nothing more can be appended.')
    const { encode, clock, timeout } = this.#tools
    const encoded = encode(event, clock.now())
    this.#checkRoom(encoded)
    const bounds = {
      signal,
      totalTimeoutMs,
      timeout: (wasSent: boolean) => timeout(totalTimeoutMs, wasSent),
    }
    const append = new WaitingAppend(encoded, bounds, (one) => this.#forget(one))
    this.#aborts.add(append)
    this.#open.add(append)
    this.#openBytes += encoded.bytes
    this.#queue.add(append)
    this.#queuedBytes += encoded.bytes
    this.#sendSoon()
    return append.promise
  }

  /** Waits until everything that was appended before is settled; how, is for those who appended it. */
  async flush(): Promise<void> {
    this.#send()
    await Promise.allSettled([...this.#open].map(({ promise }) => promise))
  }

  /** Takes nothing more, and waits for the rest. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.flush()
  }

  #checkRoom({ bytes }: EncodedEvent): void {
    const { callsMax, waitingBytesMax } = this.#rules
    // One that alone has more than may wait could never be appended.
    const isFull = this.#open.size > 0 && this.#openBytes + bytes > waitingBytesMax
    if (isFull || this.#open.size >= callsMax) throw new BacklogError(callsMax, waitingBytesMax)
  }

  #forget(append: WaitingAppend): void {
    if (!this.#open.delete(append)) return
    this.#openBytes -= append.encoded.bytes
    this.#aborts.leave(append)
    this.#dequeue(append)
    if (this.#queue.size === 0) this.#stopLinger()
    const { request } = append
    if (request === undefined) return
    request.waiting -= 1
    // It would go on for nobody, and hold up everybody behind it.
    if (request.waiting === 0) request.controller.abort()
  }

  #dequeue(append: WaitingAppend): void {
    if (this.#queue.delete(append)) this.#queuedBytes -= append.encoded.bytes
  }

  #sendSoon(): void {
    const { eventsMax, bytesMax, lingerMs } = this.#rules
    if (this.#queue.size >= eventsMax || this.#queuedBytes >= bytesMax) return this.#send()
    // A request that comes back sends what has gathered meanwhile.
    if (this.#linger !== undefined || this.#requests > 0) return
    const linger = new AbortController()
    this.#linger = linger
    const lingered =
      lingerMs === 0 ? Promise.resolve() : this.#tools.clock.sleep(lingerMs, linger.signal)
    lingered.then(
      () => this.#send(),
      // It was sent before its time.
      () => undefined,
    )
  }

  #send(): void {
    this.#stopLinger()
    while (this.#requests < this.#rules.requestsMax) {
      const batch = this.#nextBatch()
      if (batch.length === 0) return
      void this.#deliver(batch)
    }
  }

  /** A timer that nobody needs would keep the program alive. */
  #stopLinger(): void {
    this.#linger?.abort()
    this.#linger = undefined
  }

  #nextBatch(): WaitingAppend[] {
    const nowMs = performance.now()
    const batch: WaitingAppend[] = []
    let bytes = 0
    for (const append of this.#queue) {
      // Timers are late where the program is busy, and count whole milliseconds; what nobody waits for any
      // more by the time that it is sent, is not sent.
      if (append.endMs - nowMs < 1) {
        append.timeOut()
        continue
      }
      bytes += append.encoded.bytes
      const isFull = batch.length === this.#rules.eventsMax || bytes > this.#rules.bytesMax
      if (isFull && batch.length > 0) break
      this.#dequeue(append)
      batch.push(append)
    }
    return batch
  }

  async #deliver(batch: readonly WaitingAppend[]): Promise<void> {
    this.#requests += 1
    const request = { waiting: batch.length, controller: new AbortController() }
    let endMs = 0
    for (const append of batch) {
      append.request = request
      endMs = Math.max(endMs, append.endMs)
    }
    const { signal } = request.controller
    // Each append ends in its own time, and the request with the last one; it waits for nothing beyond.
    const post: PostEach = (events) => {
      const totalTimeoutMs = Math.max(endMs - performance.now(), 0) + graceMs
      return this.#tools.post({ totalTimeoutMs, signal })(events)
    }
    const events = batch.map(({ encoded }) => encoded)
    try {
      await sendEach(post, events, (index, fate) => batch[index]!.settle(fate))
    } catch (error) {
      for (const append of batch) append.fail(error)
    }
    this.#requests -= 1
    this.#send()
  }
}

function checkTime(totalTimeoutMs: number): void {
  if (typeof totalTimeoutMs === 'number' && totalTimeoutMs > 0) return
  throw new RangeError(
    `totalTimeoutMs must be a number of milliseconds above 0; it is ${totalTimeoutMs}.`,
  )
}
