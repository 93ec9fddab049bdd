/** Time and chance, so that tests need not wait for them. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** From 0 up to, but without 1. */
  random(): number
  /** Ends after so many milliseconds; when the signal aborts before, it throws the signal's reason. */
  sleep(delayMs: number, signal: AbortSignal | undefined): Promise<void>
}

/** The runtime's. */
export const systemClock: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  sleep: (delayMs, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const stop = () => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      const timer = setTimeout(
        () => {
          signal?.removeEventListener('abort', stop)
          resolve()
        },
        Math.min(delayMs, timerMsMax),
      )
      signal?.addEventListener('abort', stop, { once: true })
    }),
}

/** The longest time that a timer of any runtime counts; a longer one would end at once. */
export const timerMsMax = 2 ** 31 - 1
