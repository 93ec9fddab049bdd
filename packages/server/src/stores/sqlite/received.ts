import type { Selection } from '../../core/query.ts'
import type { Block } from './record.ts'
import type { BlockSpan, Directory } from './directory.ts'

/** The positions that a selection's times of receipt reach over: from the first to before the end. */
export interface PositionRange {
  readonly first: number
  readonly end: number
}

/**
 * The blocks between which a selection's times of receipt lie, as positions. Events are received in the order
 * of their positions, so a handful of blocks tell.
 */
export function receivedRange(
  { receivedFromMs, receivedUntilMs }: Selection,
  directory: Directory,
  open: (span: BlockSpan) => Block,
): PositionRange {
  /** The first block, by its index, that begins at this time or after. */
  function firstSince(ms: number): number {
    let [low, high] = [0, directory.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      const span = directory.at(middle)!
      if (open(span).receivedAtMs(span.first) < ms) low = middle + 1
      else high = middle
    }
    return low
  }

  const firstOf = (index: number) => directory.at(index)?.first ?? directory.head + 1
  return {
    // The block before may hold some of them, too.
    first: receivedFromMs === undefined ? 1 : firstOf(Math.max(firstSince(receivedFromMs) - 1, 0)),
    end: receivedUntilMs === undefined ? Infinity : firstOf(firstSince(receivedUntilMs)),
  }
}
