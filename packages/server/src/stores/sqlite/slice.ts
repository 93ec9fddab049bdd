import type { Place, Query } from '../../core/query.ts'
import { instantOfMs, type Instant } from '../../core/time.ts'
import type { Directory } from './directory.ts'
import { spanOf } from './span.ts'

/** A query over a part of its time, and where to go on after it; that is missing when it is the last part. */
interface TimeSlice {
  readonly query: Query
  readonly next?: Place
  /** Whether even the smallest part is too large. */
  readonly isScattered?: boolean
}

// How many times the blocks of a slice may be opened at once where they overlap, rather than by position.
const scatteredFactor = 8

/** Whether a query parses the payload of every event that the rest of it selects. */
export function looksIntoPayloads({ payload = [], words = [] }: Query): boolean {
  return payload.length > 0 || words.length > 0
}

/**
 * The first part in time of a query by time: as much of it as lies in few blocks. Blocks overlap in time, so
 * the part ends where the next block begins.
 */
export function timeSliceOf(query: Query, directory: Directory, sliceBlocks: number): TimeSlice {
  if (!looksIntoPayloads(query) || directory.length <= sliceBlocks) return { query }
  const { fromMs, untilMs } = spanOf(query)
  const isForward = query.direction === 'forward'
  const edges: number[] = []
  for (let index = 0; index < directory.length; index++) {
    const [minMs, maxMs] = [directory.minMs[index]!, directory.maxMs[index]!]
    if (maxMs < fromMs || minMs > untilMs) continue
    edges.push(isForward ? Math.max(minMs, fromMs) : -Math.min(maxMs, untilMs))
  }
  if (edges.length <= sliceBlocks) return { query }
  const sorted = Float64Array.from(edges).toSorted()
  // Blocks that overlap where the part begins would be opened again for the next one, and the next.
  const overlapping = sorted.findLastIndex((edge) => edge === sorted[0]) + 1
  if (overlapping > sliceBlocks) {
    return edges.length <= sliceBlocks * scatteredFactor ? { query } : { query, isScattered: true }
  }
  // At least a millisecond, however many blocks begin in it.
  const edge = Math.max(sorted[sliceBlocks]!, sorted[0]! + 1)
  return isForward ? before(query, instantOfMs(edge)) : after(query, instantOfMs(-edge + 1))
}

function before(query: Query, end: Instant): TimeSlice {
  if (query.until !== undefined && query.until <= end) return { query }
  return { query: { ...query, until: end }, next: { instant: end, position: 0 } }
}

function after(query: Query, start: Instant): TimeSlice {
  if (query.from !== undefined && query.from >= start) return { query }
  const next = { instant: start - 1n, position: Number.MAX_SAFE_INTEGER }
  return { query: { ...query, from: start }, next }
}
