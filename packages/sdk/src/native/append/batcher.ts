import type { Clock } from '../../http/clock.ts'
import type { EventReceipt } from '../../wire.ts'
import { BacklogError } from '../errors/backlog-error.ts'
import type { BatchRules } from '../options.ts'
import type { EncodedEvent, EventInput } from './event-input.ts'
import { sendEach, type PostEach } from './send-each.ts'
import { WaitingAppend } from './waiting-append.ts'

/** What a batcher needs besides its rules. */
export interface BatcherTools {
  readonly post: PostEach
  readonly encode: (event: EventInput, nowMs: number) => EncodedEvent
  readonly clock: Clock
}

/**
 * Puts single appends together into requests. Events are sent in the order of the calls, and with one
 * request on its way at a time they are kept in it.
 */
export class Batcher {
  readonly #tools: BatcherTools
  readonly #rules: BatchRules
  /**
   * Wait for room, and are not encoded yet. Sets keep the order, and one in the middle is soon taken
   * out.
   */
  readonly #outside = new Set<WaitingAppend>()
  /** Encoded, wait for a request. */
  readonly #queue = new Set<WaitingAppend>()
  /** Everything that is not settled. */
  readonly #open = new Set<Promise<unknown>>()
  #queuedBytes = 0
  #sentBytes = 0
  #requests = 0
  #linger: AbortController | undefined
  #isClosed = false

  constructor(tools: BatcherTools, rules: BatchRules) {
    this.#tools = tools
    this.#rules = rules
  }

  /** Sends an event with others. @throws whatever became of it, and the signal's reason. */
  async append(event: EventInput, signal?: AbortSignal): Promise<EventReceipt> {
    signal?.throwIfAborted()
    if (this.#isClosed) throw new TypeError('This client was closed; nothing more can be appended.')
    const { callsMax } = this.#rules
    if (this.#queue.size + this.#outside.size >= callsMax) throw new BacklogError(callsMax)
    const append = new WaitingAppend(event, this.#tools.clock.now(), signal, (one) =>
      this.#takeOut(one),
    )
    const { promise } = append
    this.#open.add(promise)
    const forget = () => this.#open.delete(promise)
    promise.then(forget, forget)
    this.#outside.add(append)
    this.#letIn()
    this.#sendSoon()
    return promise
  }

  /** Waits until everything that was appended before is settled; how, is for those who appended it. */
  async flush(): Promise<void> {
    this.#send()
    await Promise.allSettled(this.#open)
  }

  /** Takes nothing more, and waits for the rest. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.flush()
  }

  /** Encodes what there is room for. */
  #letIn(): void {
    for (const append of this.#outside) {
      if (this.#queuedBytes + this.#sentBytes >= this.#rules.waitingBytesMax) return
      this.#outside.delete(append)
      try {
        append.encoded = this.#tools.encode(append.event, append.atMs)
      } catch (error) {
        append.fail(error)
        continue
      }
      this.#queue.add(append)
      this.#queuedBytes += append.encoded.bytes
    }
  }

  #takeOut(append: WaitingAppend): void {
    this.#outside.delete(append)
    if (!this.#queue.delete(append)) return
    this.#queuedBytes -= append.encoded!.bytes
    this.#letIn()
    this.#sendSoon()
  }

  #sendSoon(): void {
    const { eventsMax, bytesMax, lingerMs } = this.#rules
    if (this.#queue.size === 0) return
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
    // A timer that nobody needs would keep the program alive.
    this.#linger?.abort()
    this.#linger = undefined
    while (this.#requests < this.#rules.requestsMax && this.#queue.size > 0) {
      void this.#deliver(this.#nextBatch())
    }
  }

  #nextBatch(): WaitingAppend[] {
    const batch: WaitingAppend[] = []
    let bytes = 0
    for (const append of this.#queue) {
      bytes += append.encoded!.bytes
      const isFull = batch.length === this.#rules.eventsMax || bytes > this.#rules.bytesMax
      if (isFull && batch.length > 0) break
      this.#queue.delete(append)
      this.#queuedBytes -= append.encoded!.bytes
      batch.push(append)
    }
    return batch
  }

  async #deliver(batch: readonly WaitingAppend[]): Promise<void> {
    const events = batch.map(({ encoded }) => encoded!)
    const bytes = events.reduce((sum, event) => sum + event.bytes, 0)
    this.#requests += 1
    this.#sentBytes += bytes
    try {
      await sendEach(this.#tools.post, events, (index, fate) => batch[index]!.settle(fate))
    } catch (error) {
      for (const append of batch) append.fail(error)
    }
    this.#requests -= 1
    this.#sentBytes -= bytes
    this.#letIn()
    this.#send()
  }
}
