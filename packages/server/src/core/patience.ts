import { EventwellError } from './errors.ts'

/** How long somebody waits for an answer. */
export interface Patience {
  /** @throws EventwellError `too_costly` when the time is over, `busy` when the caller has gone. */
  check(): void
  /** Whether the time is over. @throws EventwellError `busy` when the caller has gone. */
  isOver(): boolean
}

/** The patience of a caller: so many ms, and for as long as the signal is not aborted. */
export function patienceOf(msMax: number, signal: AbortSignal | undefined): Patience {
  const deadlineMs = performance.now() + msMax
  const isOver = (): boolean => {
    if (signal?.aborted === true) throw new EventwellError('busy', 'Nobody waits for this now.')
    return performance.now() > deadlineMs
  }
  return {
    isOver,
    check() {
      if (isOver()) throw tooCostly('would take too long')
    },
  }
}

/** A refusal of a question that costs too much; the reason goes on after "This". */
export function tooCostly(reason: string): EventwellError {
  return new EventwellError('too_costly', `This ${reason}; ask for a shorter time, or for less.`)
}
