import { timerMsMax } from './clock.ts'

/**
 * The signal of one try: it aborts with the caller's signal, or when the time is over. `AbortSignal.any`
 * is not used, since runtimes of the present keep what it makes for as long as a long-lived signal of
 * the caller's lives.
 */
export class TryControl {
  readonly #controller = new AbortController()
  readonly #caller: AbortSignal | undefined
  readonly #abort = () => this.#controller.abort(this.#caller?.reason)
  #timer: ReturnType<typeof setTimeout> | undefined
  #hasTimedOut = false
  /** What the server has said already, though not in full: a refusal whose body is still to come. */
  refusal: Error | undefined

  /** @param timeoutMs `Infinity` for no bound. */
  constructor(caller: AbortSignal | undefined, timeoutMs: number) {
    this.#caller = caller
    if (caller?.aborted) this.#abort()
    caller?.addEventListener('abort', this.#abort)
    if (timeoutMs === Infinity) return
    const stop = () => {
      this.#hasTimedOut = true
      this.#controller.abort()
    }
    this.#timer = setTimeout(stop, Math.min(timeoutMs, timerMsMax))
  }

  /** For `fetch`. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Whether the time was over before the try was. */
  get hasTimedOut(): boolean {
    return this.#hasTimedOut
  }

  /**
   * What a promise comes to, unless the try ends before: also a `fetch` that takes no notice of signals
   * does.
   */
  race<T>(promise: Promise<T>): Promise<T> {
    const { signal } = this
    const aborted = new Promise<never>((_, reject) => {
      const stop = () => reject(signal.reason)
      if (signal.aborted) stop()
      signal.addEventListener('abort', stop, { once: true })
    })
    return Promise.race([promise, aborted])
  }

  /** From here on only the caller ends it: a stream has begun. */
  stopTimer(): void {
    clearTimeout(this.#timer)
  }

  /** The try is over: nothing of it stays behind. */
  release(): void {
    this.stopTimer()
    this.#caller?.removeEventListener('abort', this.#abort)
  }

  /** Breaks off what still comes, and releases. */
  cancel(): void {
    this.release()
    this.#controller.abort()
  }
}
