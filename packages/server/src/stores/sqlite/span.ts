import type { Query, Selection } from '../../core/query.ts'
import { msOfInstant } from '../../core/time.ts'

/** The times that a selection reaches over, in ms since 1970. */
export function timesOf({ from, until }: Selection): { fromMs: number; untilMs: number } {
  return {
    fromMs: from === undefined ? -Infinity : msOfInstant(from),
    untilMs: until === undefined ? Infinity : msOfInstant(until),
  }
}

/** The times that a query reaches over, in ms since 1970: blocks outside hold nothing for it. */
export function spanOf({ after, direction, ...selection }: Query): {
  fromMs: number
  untilMs: number
} {
  const { fromMs, untilMs } = timesOf(selection)
  if (after?.instant === undefined) return { fromMs, untilMs }
  const afterMs = msOfInstant(after.instant)
  return direction === 'forward'
    ? { fromMs: Math.max(fromMs, afterMs), untilMs }
    : { fromMs, untilMs: Math.min(untilMs, afterMs) }
}
