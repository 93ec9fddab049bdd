import { msOf, type StoredEvent } from '../../core/event.ts'
import { comparePlaces, matches, placeOf, type Query } from '../../core/query.ts'
import { msOfInstant } from '../../core/time.ts'
import type { BlockSpan, Directory } from './directory.ts'

/** Where the events come from. */
export interface BlockSource {
  /** The positions in a block that may satisfy the query's facets, ascending. */
  positionsIn(span: BlockSpan): readonly number[]
  load(span: BlockSpan, positions: readonly number[]): StoredEvent[]
}

/**
 * The first events of a query, in its order: as many as it asks for and one more. Only blocks that can
 * hold one of them are opened. By position, the walk ends when it has enough. By time it ends when no
 * block that is left reaches back before the last one found; events mostly arrive in the order in which
 * they happen, so that is soon.
 */
export function findEvents(query: Query, directory: Directory, source: BlockSource): StoredEvent[] {
  return query.order === 'position'
    ? findByPosition(query, directory, source)
    : findByTime(query, directory, source)
}

function findByPosition(query: Query, directory: Directory, source: BlockSource): StoredEvent[] {
  const { spans } = directory
  const step = query.direction === 'forward' ? 1 : -1
  const entry = query.after?.position ?? (step > 0 ? 0 : directory.head)
  const canHold = reachOf(query)
  const found: StoredEvent[] = []
  let chars = 0
  for (let index = Math.max(directory.indexOf(entry), 0); index in spans; index += step) {
    const span = spans[index]!
    const positions = canHold(span) ? source.positionsIn(span) : []
    if (positions.length === 0) continue
    const events = source.load(span, positions)
    for (const event of step > 0 ? events : events.toReversed()) {
      if (!isWanted(event, query)) continue
      found.push(event)
      chars += event.data?.length ?? 0
    }
    if (found.length > query.limit || chars > query.charsMax) break
  }
  return found
}

function findByTime(query: Query, directory: Directory, source: BlockSource): StoredEvent[] {
  const walk = directory.spans.filter(reachOf(query))
  if (query.direction === 'backward') walk.reverse()
  const nearest = nearestFromHere(walk, query)
  const found: StoredEvent[] = []
  for (let index = 0; index < walk.length; index++) {
    const span = walk[index]!
    const last = found[query.limit]
    if (last !== undefined) {
      if (isBeyond(nearest[index]!, last, query)) break
      if (isBeyond(edgeMs(span, query), last, query)) continue
    }
    const positions = source.positionsIn(span)
    if (positions.length === 0) continue
    found.push(...source.load(span, positions).filter((event) => isWanted(event, query)))
    found.sort((one, other) => comparePlaces(placeOf(one, query), placeOf(other, query), query))
    found.length = Math.min(found.length, query.limit + 1)
  }
  return found
}

function isWanted(event: StoredEvent, query: Query): boolean {
  if (!matches(event, query)) return false
  return query.after === undefined || comparePlaces(placeOf(event, query), query.after, query) > 0
}

/** Tells whether a block's times and positions reach into what the query asks for; true when in doubt. */
function reachOf({ from, until, after, direction }: Query): (span: BlockSpan) => boolean {
  const isForward = direction === 'forward'
  const afterMs = after?.instant === undefined ? undefined : msOfInstant(after.instant)
  let fromMs = from === undefined ? -Infinity : msOfInstant(from)
  let untilMs = until === undefined ? Infinity : msOfInstant(until)
  if (afterMs !== undefined && isForward) fromMs = Math.max(fromMs, afterMs)
  if (afterMs !== undefined && !isForward) untilMs = Math.min(untilMs, afterMs)
  const position = afterMs === undefined ? after?.position : undefined
  return ({ first, count, minMs, maxMs }) => {
    if (maxMs < fromMs || minMs > untilMs) return false
    if (position === undefined) return true
    return isForward ? first + count - 1 > position : first < position
  }
}

/** The time at which a block begins, seen in the query's direction, in ms. */
function edgeMs(span: BlockSpan, query: Query): number {
  return query.direction === 'forward' ? span.minMs : span.maxMs
}

/** For each block of a walk, the nearest edge of it and all that follow. */
function nearestFromHere(walk: readonly BlockSpan[], query: Query): number[] {
  const nearer = query.direction === 'forward' ? Math.min : Math.max
  const nearest = walk.map((span) => edgeMs(span, query))
  for (let index = walk.length - 2; index >= 0; index--) {
    nearest[index] = nearer(nearest[index]!, nearest[index + 1]!)
  }
  return nearest
}

/** Whether all events at this edge or farther come after an event that is in the page already. */
function isBeyond(ms: number, last: StoredEvent, query: Query): boolean {
  return query.direction === 'forward' ? ms > msOf(last) : ms < msOf(last)
}
