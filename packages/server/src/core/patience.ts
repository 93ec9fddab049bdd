import { EventwellError } from './errors.ts'

/** How long somebody waits for an answer. */
export interface Patience {
  /** @throws EventwellError `too_costly` when the time is over, `busy` when the caller has gone. */
  check(): void
}

/** The patience of a caller: so many ms, and for as long as the signal is not aborted. */
export function patienceOf(msMax: number, signal: AbortSignal | undefined): Patience {
  const deadlineMs = performance.now() + msMax
  return {
    check() {
      if (signal?.aborted === true) throw new EventwellError('busy', 'Nobody waits for this now.')
      if (performance.now() > deadlineMs) throw tooCostly('would take too long')
    },
  }
}

/** A refusal of a question that costs too much; the reason goes on after "This". */
export function tooCostly(reason: string): EventwellError {
  return new EventwellError('too_costly', `This ${reason}; ask for a shorter time, or for less.`)
}
