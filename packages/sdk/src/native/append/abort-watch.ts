import type { WaitingAppend } from './waiting-append.ts'

interface Watched {
  readonly appends: Set<WaitingAppend>
  readonly onAbort: () => void
}

/**
 * Ends appends when their signals abort. It listens once to a signal, however many appends share it: to add
 * and to remove a listener takes runtimes as long as there are others.
 */
export class AbortWatch {
  readonly #watched = new Map<AbortSignal, Watched>()

  /** Until it is left, the append fails with the signal's reason when that aborts. */
  add(append: WaitingAppend): void {
    const { signal } = append
    if (signal === undefined) return
    const known = this.#watched.get(signal)
    if (known !== undefined) {
      known.appends.add(append)
      return
    }
    const appends = new Set([append])
    const onAbort = () => {
      for (const one of appends) one.fail(signal.reason)
    }
    this.#watched.set(signal, { appends, onAbort })
    signal.addEventListener('abort', onAbort)
  }

  /** Leaves an append alone; the last one of a signal leaves that, too. */
  leave(append: WaitingAppend): void {
    const { signal } = append
    const watched = signal && this.#watched.get(signal)
    if (!watched?.appends.delete(append) || watched.appends.size > 0) return
    this.#watched.delete(signal!)
    signal!.removeEventListener('abort', watched.onAbort)
  }
}
