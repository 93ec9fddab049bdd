import { instantOfMs, type Instant } from '../../core/time.ts'

/** Milliseconds of a day. */
export const dayMs = 86_400_000
/** The most days that can be set for a window or a span. */
export const daysMax = 36_500

/** The beginning of a search within a window of so many days back from now. */
export interface Windowed {
  /** The beginning that was asked for, or else, or at the earliest, that of the window. */
  readonly from: Instant | undefined
  /** Whether the beginning that was asked for lies before the window. */
  readonly isBeyond: boolean
}

/** Narrows the beginning of a search to a window, if one is set. */
export function narrowed(
  from: Instant | undefined,
  windowDays: number | undefined,
  nowMs: number,
): Windowed {
  if (windowDays === undefined) return { from, isBeyond: false }
  const edge = instantOfMs(nowMs - windowDays * dayMs)
  const isBeyond = from !== undefined && from < edge
  return { from: from === undefined || isBeyond ? edge : from, isBeyond }
}
