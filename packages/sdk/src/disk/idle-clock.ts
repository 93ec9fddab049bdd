/** Time, as one needs it who waits. */
export interface WaitingClock {
  /** Milliseconds since 1970. */
  now(): number
  /** Ends after so many milliseconds; when the signal aborts before, it throws the signal's reason. */
  sleep(delayMs: number, signal: AbortSignal): Promise<void>
}

/** The longest time that a timer counts. */
const timerMsMax = 2 ** 31 - 1

/** The system's, on which waiting does not keep a process alive. */
export const idleClock: WaitingClock = {
  now: () => Date.now(),
  sleep: (delayMs, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error)
      const stop = () => {
        clearTimeout(timer)
        reject(signal.reason as Error)
      }
      const end = () => {
        signal.removeEventListener('abort', stop)
        resolve()
      }
      const timer = setTimeout(end, Math.min(delayMs, timerMsMax))
      timer.unref()
      signal.addEventListener('abort', stop)
    }),
}
