import { timerMsMax, type Clock } from '../http/clock.ts'

/** Time, as one needs it who waits. */
export type WaitingClock = Pick<Clock, 'now' | 'sleep'>

/** The system's, on which waiting does not keep a process alive. */
export const idleClock: WaitingClock = {
  now: () => Date.now(),
  sleep: (delayMs, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error)
      const stop = () => {
        clearTimeout(timer)
        reject(signal?.reason as Error)
      }
      const end = () => {
        signal?.removeEventListener('abort', stop)
        resolve()
      }
      const timer = setTimeout(end, Math.min(delayMs, timerMsMax))
      timer.unref()
      signal?.addEventListener('abort', stop)
    }),
}
