import type { EventReceipt } from '../../wire.ts'
import { EventConflictError } from '../errors/event-conflict-error.ts'
import { EventRejectedError } from '../errors/event-rejected-error.ts'
import type { EncodedEvent, EventInput } from './event-input.ts'
import type { Fate } from './send-each.ts'

/** One event that was appended, until it is known what became of it. */
export class WaitingAppend {
  readonly event: EventInput
  /** When it was appended, in milliseconds since 1970. */
  readonly atMs: number
  readonly promise: Promise<EventReceipt>
  encoded: EncodedEvent | undefined
  readonly #signal: AbortSignal | undefined
  readonly #abort: () => void
  #resolve!: (receipt: EventReceipt) => void
  #reject!: (error: unknown) => void

  /** @param onAbort Called when the caller no longer waits. */
  constructor(
    event: EventInput,
    atMs: number,
    signal: AbortSignal | undefined,
    onAbort: (append: WaitingAppend) => void,
  ) {
    this.event = event
    this.atMs = atMs
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    this.#signal = signal
    this.#abort = () => {
      this.fail(signal?.reason)
      onAbort(this)
    }
    signal?.addEventListener('abort', this.#abort, { once: true })
  }

  /** The server has decided. An event that is not kept must not look as if it were. */
  settle(fate: Fate): void {
    this.#release()
    if (fate.outcome === 'refused') return this.#reject(fate.error)
    if (fate.outcome === 'conflict') return this.#reject(new EventConflictError(fate))
    if (fate.outcome === 'rejected') {
      // Its place in a request that the caller never saw would tell nothing.
      const { index: _, pointer, ...rest } = fate
      const inner = pointer?.replace(/^\/\d+/, '')
      const rejection = { ...rest, ...(inner !== undefined && { pointer: inner }) }
      return this.#reject(new EventRejectedError(rejection))
    }
    return this.#resolve(fate)
  }

  /** It came to nothing, or it is not known what became of it. Without effect once it is settled. */
  fail(error: unknown): void {
    this.#release()
    this.#reject(error)
  }

  #release(): void {
    this.#signal?.removeEventListener('abort', this.#abort)
  }
}
