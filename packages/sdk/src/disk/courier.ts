import { idleClock, type WaitingClock } from './idle-clock.ts'
import type { Spool } from './spool.ts'

// Whatever a server asks for: no haste without end.
const delayMsMin = 100

/** What became of a batch. */
export interface Delivery {
  /** How many records, from the first on, are dealt with for good. */
  readonly finished: number
  /** Why the others are not; they are tried again. */
  readonly error?: unknown
}

/** How a courier works. */
export interface CourierRules {
  readonly recordsMax: number
  readonly bytesMax: number
  /** How long a batch that is not full waits for more, from when the first of it was seen. */
  readonly lingerMs: number
  /** Brings a batch to where it belongs. What it throws stands for all of the batch. */
  deliver(records: readonly string[], signal: AbortSignal): Promise<Delivery>
  /**
   * How long to wait after a failure, 100 ms at least; `failures` is how many there were in a row, from
   * 1.
   */
  delayMs(error: unknown, failures: number): number
  /** Told of each failure, and how long is waited before the next try. It must not throw. */
  onFault(error: unknown, delayMs: number): void
  readonly clock?: WaitingClock | undefined
}

type CourierSpool = Pick<Spool, 'size' | 'passed' | 'next' | 'done' | 'settled'>

interface Waiter {
  readonly target: number
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/**
 * Brings the records of a spool to where they belong, in their order, a batch at a time, for as long as
 * it takes. Its own waiting does not keep a process alive, since nothing is lost when that ends; a
 * `flush` that is waited for does, and so does a request that is on its way, until it is answered.
 */
export class Courier {
  readonly #spool: CourierSpool
  readonly #rules: CourierRules
  readonly #clock: WaitingClock
  readonly #closing = new AbortController()
  readonly #waiters = new Set<Waiter>()
  readonly #running: Promise<void>
  #lingerMs: number
  // When what is there is sent, though it is not a full batch.
  #dueMs: number | undefined
  #wake: (() => void) | undefined
  #failures = 0

  constructor(spool: CourierSpool, rules: CourierRules) {
    this.#spool = spool
    this.#rules = rules
    this.#clock = rules.clock ?? idleClock
    this.#lingerMs = rules.lingerMs
    // What an earlier process left has waited long enough.
    this.#dueMs = this.#clock.now()
    this.#running = this.#run()
  }

  /** To be called when something was added. */
  wake(): void {
    this.#wake?.()
  }

  /** From now on; what is there is sent at once. */
  setLinger(lingerMs: number): void {
    this.#lingerMs = lingerMs
    this.#dueMs = this.#clock.now()
    this.wake()
  }

  /**
   * Sends what is there or is being added, without waiting for more, and resolves when it is dealt with.
   * @throws The signal's reason; Error when it is closed before.
   */
  async flush(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    await unlessAborted(this.#spool.settled(), signal)
    signal?.throwIfAborted()
    const { passed, size } = this.#spool
    if (size.records <= 0) return
    const target = passed + size.records
    if (this.#closing.signal.aborted) throw closedError()
    const keepAlive = setInterval(() => this.wake(), 60_000)
    let leave = () => {}
    try {
      await new Promise<void>((resolve, reject) => {
        const waiter = { target, resolve, reject }
        leave = () => this.#leave(waiter, signal)
        this.#waiters.add(waiter)
        signal?.addEventListener('abort', leave)
        this.wake()
      })
    } finally {
      signal?.removeEventListener('abort', leave)
      clearInterval(keepAlive)
    }
  }

  /** Stops, also in the middle of a delivery, which is then made again by whoever comes next. */
  async close(): Promise<void> {
    this.#closing.abort()
    this.wake()
    await this.#running
    for (const { reject } of this.#waiters) reject(closedError())
    this.#waiters.clear()
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing
    for (;;) {
      await this.#untilDue()
      if (signal.aborted) return
      const error = await this.#round().catch((thrown: unknown) => thrown)
      if (signal.aborted) return
      if (error === undefined) {
        this.#failures = 0
        continue
      }
      this.#failures += 1
      const delayMs = Math.max(this.#rules.delayMs(error, this.#failures), delayMsMin)
      this.#rules.onFault(error, delayMs)
      await this.#clock.sleep(delayMs, signal).catch(() => undefined)
    }
  }

  /** One batch; what it comes to is why some of it is left. */
  async #round(): Promise<unknown> {
    const { passed } = this.#spool
    const batch = await this.#spool.next(this.#rules)
    if (batch === undefined) {
      this.#settle()
      // Some were lost, or else this would go round and round.
      if (this.#spool.passed > passed) return undefined
      return new Error('Nothing can be read of what is unsent.')
    }
    const { signal } = this.#closing
    const { finished, error } = await this.#rules.deliver(batch.records, signal)
    if (finished > 0) {
      this.#failures = 0
      await this.#spool.done(batch.mark - batch.records.length + finished)
    }
    // Those that are left are still due; others wait for company anew.
    if (error === undefined) this.#dueMs = undefined
    this.#settle()
    return error
  }

  #settle(): void {
    for (const waiter of this.#waiters) {
      if (waiter.target > this.#spool.passed) continue
      this.#waiters.delete(waiter)
      waiter.resolve()
    }
  }

  async #untilDue(): Promise<void> {
    const { recordsMax, bytesMax } = this.#rules
    while (!this.#closing.signal.aborted) {
      const { records, bytes } = this.#spool.size
      if (records >= recordsMax || bytes >= bytesMax) return
      if (records > 0 && this.#waiters.size > 0) return
      if (records === 0) this.#dueMs = undefined
      else {
        const nowMs = this.#clock.now()
        // No later than that, also where somebody has set the clock back.
        this.#dueMs = Math.min(this.#dueMs ?? Infinity, nowMs + this.#lingerMs)
        if (this.#dueMs <= nowMs) return
      }
      await this.#pause((this.#dueMs ?? Infinity) - this.#clock.now())
    }
  }

  /** Until something happens, or so long. */
  #pause(delayMs: number): Promise<void> {
    const awake = new AbortController()
    const woken = new Promise<void>((resolve) => {
      this.#wake = () => {
        resolve()
        awake.abort()
      }
    })
    if (delayMs === Infinity) return woken
    const slept = this.#clock.sleep(delayMs, awake.signal).catch(() => undefined)
    return Promise.race([woken, slept])
  }

  #leave(waiter: Waiter, signal: AbortSignal | undefined): void {
    if (this.#waiters.delete(waiter)) waiter.reject(signal?.reason as Error)
  }
}

/** Waits for something, but not beyond a signal. @throws The signal's reason. */
async function unlessAborted(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  let leave = () => {}
  const left = new Promise<never>((_, reject) => {
    leave = () => reject(signal?.reason as Error)
    signal?.addEventListener('abort', leave)
  })
  try {
    await Promise.race([work, left])
  } finally {
    signal?.removeEventListener('abort', leave)
  }
}

function closedError(): Error {
  return new Error('It was closed before everything was sent; what is left is kept in the folder.')
}
