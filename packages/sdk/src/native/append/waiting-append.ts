import { timerMsMax } from '../../http/clock.ts'
import type { EventReceipt } from '../../wire.ts'
import { EventConflictError } from '../errors/event-conflict-error.ts'
import { EventRejectedError } from '../errors/event-rejected-error.ts'
import type { EncodedEvent } from './event-input.ts'
import type { Fate } from './send-each.ts'

/** How long an append may take, and what becomes of it then. */
export interface AppendBounds {
  readonly signal: AbortSignal | undefined
  /** From now on. */
  readonly totalTimeoutMs: number
  /** The error of an append whose time is over. */
  readonly timeout: (wasSent: boolean) => Error
}

/** A request of several appends. */
export interface BatchRequest {
  /** How many of them are not settled. */
  waiting: number
  readonly controller: AbortController
}

/** One event that was appended, until it is known what became of it, or nobody waits for that any more. */
export class WaitingAppend {
  readonly encoded: EncodedEvent
  readonly signal: AbortSignal | undefined
  /** When its time is over, by `performance.now()`: nobody sets that clock. */
  readonly endMs: number
  readonly promise: Promise<EventReceipt>
  /** The request that it was put into. */
  request: BatchRequest | undefined
  readonly #bounds: AppendBounds
  readonly #onEnd: (append: WaitingAppend) => void
  #timer: ReturnType<typeof setTimeout> | undefined
  #resolve!: (receipt: EventReceipt) => void
  #reject!: (error: unknown) => void

  /** @param onEnd Called before whoever waits hears of it. */
  constructor(encoded: EncodedEvent, bounds: AppendBounds, onEnd: (append: WaitingAppend) => void) {
    this.encoded = encoded
    this.signal = bounds.signal
    this.endMs = performance.now() + bounds.totalTimeoutMs
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    this.#bounds = bounds
    this.#onEnd = onEnd
    if (bounds.totalTimeoutMs === Infinity) return
    const delayMs = Math.min(bounds.totalTimeoutMs, timerMsMax)
    this.#timer = setTimeout(() => this.timeOut(), delayMs)
  }

  /** The server has decided. An event that is not kept must not look as if it were. */
  settle(fate: Fate): void {
    if (fate.outcome === 'refused') return this.fail(fate.error)
    if (fate.outcome === 'conflict') return this.fail(new EventConflictError(fate))
    if (fate.outcome === 'rejected') {
      // Its place in a request that the caller never saw would tell nothing.
      const { index: _, pointer, ...rest } = fate
      const inner = pointer?.replace(/^\/\d+/, '')
      const { id, source } = this.encoded
      const rejection = { id, source, ...rest, ...(inner !== undefined && { pointer: inner }) }
      return this.fail(new EventRejectedError(rejection))
    }
    this.#end()
    this.#resolve(fate)
  }

  /** Its time is over. */
  timeOut(): void {
    this.fail(this.#bounds.timeout(this.request !== undefined))
  }

  /** It came to nothing, or it is not known what became of it. Without effect once it is settled. */
  fail(error: unknown): void {
    this.#end()
    this.#reject(error)
  }

  #end(): void {
    clearTimeout(this.#timer)
    this.#onEnd(this)
  }
}
