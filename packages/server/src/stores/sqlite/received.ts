import type { Selection } from '../../core/query.ts'
import type { Block } from './record.ts'
import type { BlockSpan, Directory } from './directory.ts'

/** The positions that a selection's times of receipt reach over: from the first to before the end. */
export interface PositionRange {
  readonly first: number
  readonly end: number
}

type Open = (span: BlockSpan) => Block

/**
 * The blocks between which a selection's times of receipt lie, as positions. Events are received in the order
 * of their positions, so a handful of blocks tell.
 */
export function receivedRange(
  { receivedFromMs, receivedUntilMs }: Selection,
  directory: Directory,
  open: Open,
): PositionRange {
  const firstOf = (index: number) => directory.at(index)?.first ?? directory.head + 1
  const since = (ms: number) => firstBlockSince(ms, directory, open)
  return {
    // The block before may hold some of them, too.
    first: receivedFromMs === undefined ? 1 : firstOf(Math.max(since(receivedFromMs) - 1, 0)),
    end: receivedUntilMs === undefined ? Infinity : firstOf(since(receivedUntilMs)),
  }
}

/** The first position that was given out at a time of receipt or later; the one behind the head at most. */
export function firstSince(ms: number, directory: Directory, open: Open): number {
  const index = firstBlockSince(ms, directory, open)
  const before = directory.at(index - 1)
  if (before !== undefined) {
    const block = open(before)
    for (let position = before.first; position < before.first + before.count; position++) {
      if (block.receivedAtMs(position) >= ms) return position
    }
  }
  return directory.at(index)?.first ?? directory.head + 1
}

/** The index of the first block that begins at a time of receipt or later. */
function firstBlockSince(ms: number, directory: Directory, open: Open): number {
  let [low, high] = [0, directory.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const span = directory.at(middle)!
    if (open(span).receivedAtMs(span.first) < ms) low = middle + 1
    else high = middle
  }
  return low
}
