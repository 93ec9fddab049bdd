import { charsOf, msOf, type StoredEvent } from '../../core/event.ts'
import { pageLength } from '../../core/page.ts'
import { comparePlaces, matches, placeOf, type Place, type Query } from '../../core/query.ts'
import type { BlockSpan, Directory } from './directory.ts'
import { NearestFirst } from './nearest-first.ts'
import type { PositionRange } from './received.ts'
import { spanOf } from './span.ts'
import { looksIntoPayloads, timeSliceOf } from './slice.ts'

// By how much more blocks are opened each time, when those opened before did not hold a page.
const batchGrowth = 4
// To pass a block by takes about this part of the time that it takes to open one.
const passedByShare = 1 / 32
// Payloads may be large: others have their turn after this time, however many blocks were opened.
const sliceMs = 30

/** Where the events come from. */
export interface BlockSource {
  /** The positions in a block that may satisfy the query's facets, ascending. */
  positionsIn(span: BlockSpan): readonly number[]
  load(span: BlockSpan, positions: readonly number[]): StoredEvent[]
  /** How many blocks a query that looks into payloads may open in one go. */
  readonly sliceBlocks: number
  /** Only blocks that reach into these positions hold anything for the query. */
  readonly range: PositionRange
}

/** The events found; and where to go on, when the search ended before it had looked everywhere. */
interface FoundEvents {
  readonly events: StoredEvent[]
  readonly next?: Place | undefined
  readonly isScattered?: boolean
}

interface Candidate {
  readonly event: StoredEvent
  readonly place: Place
  readonly chars: number
}

/**
 * The first events of a query, in its order: a page of them and at least one more, if there is one. Only
 * blocks that can hold one of them are opened. By position, the walk ends when it has enough. By time it
 * goes from the block that begins first, and ends at the first that begins after the last event found: in
 * whatever order events arrived, only blocks whose times overlap are opened together.
 */
export function findEvents(query: Query, directory: Directory, source: BlockSource): FoundEvents {
  if (query.order === 'position') return findByPosition(query, directory, source)
  const slice = timeSliceOf(query, directory, source.sliceBlocks)
  if (slice.isScattered === true) return { events: [], isScattered: true }
  return { events: findByTime(slice.query, directory, source), next: slice.next }
}

function findByPosition(query: Query, directory: Directory, source: BlockSource): FoundEvents {
  const step = query.direction === 'forward' ? 1 : -1
  const start = query.after?.position ?? (step > 0 ? 0 : directory.head + 1)
  const { range } = source
  const entry = (step > 0 ? Math.max(start, range.first - 1) : Math.min(start, range.end)) + step
  if (entry < 1 || entry > directory.head) return { events: [] }
  const { fromMs, untilMs } = spanOf(query)
  const { minMs, maxMs, length } = directory
  const found: Candidate[] = []
  const looksIn = looksIntoPayloads(query)
  const endMs = performance.now() + sliceMs
  let blocksLeft = looksIn ? source.sliceBlocks : Infinity
  for (
    let index = Math.max(directory.indexOf(entry), 0);
    index >= 0 && index < length;
    index += step
  ) {
    const { first, count } = directory.at(index)!
    if (step > 0 ? first >= range.end : first + count <= range.first) break
    if (maxMs[index]! < fromMs || minMs[index]! > untilMs) continue
    const candidates = open(directory.at(index)!, query, source)
    for (const candidate of candidates ?? []) found.push(candidate)
    if (found.length > lengthOf(found, query)) break
    blocksLeft -= candidates === undefined ? passedByShare : 1
    const position = step > 0 ? first + count - 1 : first
    const isOver = looksIn && performance.now() >= endMs
    if (blocksLeft <= 0 || isOver) return { events: eventsOf(found), next: { position } }
  }
  return { events: eventsOf(found) }
}

function findByTime(query: Query, directory: Directory, source: BlockSource): StoredEvent[] {
  const sign = query.direction === 'forward' ? 1 : -1
  // How far on the way in time a block begins. The way begins amid those that begin before the query does.
  const edges = sign > 0 ? directory.minMs : directory.maxMs
  const distance = (index: number) => edges[index]! * sign
  const { fromMs, untilMs } = spanOf(query)
  const start = sign > 0 ? fromMs : -untilMs
  const blocks = blocksWithin(query, directory, source.range)
  const later = new NearestFirst(
    blocks.filter((index) => distance(index) > start),
    distance,
  )
  // A walk along the facets' index begins anew whenever it has to go back: it goes over many blocks at once.
  const growth = query.facets !== undefined && query.facets.length > 0 ? batchGrowth : 1
  let found: Candidate[] = []
  let last = Infinity
  let batch = blocks.filter((index) => distance(index) <= start)
  for (let size = 1; ; size *= growth) {
    for (const index of batch) {
      if (distance(index) > last) continue
      const candidates = open(directory.at(index)!, query, source)
      if (candidates === undefined || candidates.length === 0) continue
      found = firstOf([...found, ...candidates], query)
      const page = lengthOf(found, query)
      if (found.length > page) last = msOf(found[page]!.event) * sign
    }
    const next = later.take(size)
    if (next.length === 0 || distance(next[0]!) > last) return eventsOf(found)
    batch = next.toSorted((one, other) => (one - other) * sign)
  }
}

/** The blocks that may hold events of the query's times, in its direction. */
function blocksWithin(query: Query, directory: Directory, range: PositionRange): number[] {
  const { minMs, maxMs } = directory
  const { fromMs, untilMs } = spanOf(query)
  const within: number[] = []
  const end = Math.min(directory.indexOf(range.end) + 1, directory.length)
  for (let index = Math.max(directory.indexOf(range.first), 0); index < end; index++) {
    if (maxMs[index]! >= fromMs && minMs[index]! <= untilMs) within.push(index)
  }
  return query.direction === 'forward' ? within : within.toReversed()
}

/** The candidates of a page and one more, in order; the rest is let go, so that memory has a bound. */
function firstOf(candidates: Candidate[], query: Query): Candidate[] {
  candidates.sort((one, other) => comparePlaces(one.place, other.place, query))
  return candidates.slice(0, lengthOf(candidates, query) + 1)
}

function lengthOf(candidates: readonly Candidate[], query: Query): number {
  return pageLength(
    candidates.map(({ chars }) => chars),
    query,
  )
}

function eventsOf(candidates: readonly Candidate[]): StoredEvent[] {
  return candidates.map(({ event }) => event)
}

/** The events of a block that the query asks for, in its direction by position; undefined if none can be. */
function open(span: BlockSpan, query: Query, source: BlockSource): Candidate[] | undefined {
  const positions = source.positionsIn(span)
  if (positions.length === 0) return undefined
  const wanted: Candidate[] = []
  for (const event of source.load(span, positions)) {
    if (!matches(event, query)) continue
    const place = placeOf(event, query)
    if (query.after !== undefined && comparePlaces(place, query.after, query) <= 0) continue
    wanted.push({ event, place, chars: charsOf(event) })
  }
  return query.direction === 'forward' ? wanted : wanted.toReversed()
}
