import { matches } from '../../core/query.ts'
import { Tally, type Summary, type SummaryPart, type SummaryRow } from '../../core/summary.ts'
import type { Directory } from './directory.ts'
import type { BlockSource } from './page-walk.ts'
import { timesOf } from './span.ts'

/** Which part of a summary to make, and how long it may take: other reads wait meanwhile. */
export interface PartRequest {
  readonly summary: Summary
  readonly after: number
  readonly partMs: number
}

/** Whether a summary asks for nothing but how many events have certain facets. */
export function isPlainCount({
  from,
  until,
  receivedFromMs,
  receivedUntilMs,
  except,
  words,
  payload,
  groupBy,
  buckets,
  measure,
}: Summary): boolean {
  const others = [receivedFromMs, receivedUntilMs, except, words]
  const asks = [from, until, payload, groupBy, buckets, measure, ...others]
  return asks.every((asked) => asked === undefined || (Array.isArray(asked) && asked.length === 0))
}

/** The row of a plain count; none when nothing was found. */
export function countRow(events: number): SummaryRow[] {
  if (events === 0) return []
  return [{ group: [], bucket: 0, events, values: 0, sum: 0, min: Infinity, max: -Infinity }]
}

/** Sums up the events after a position, block by block, until a part's time is over. */
export function summarizeEvents(
  { summary, after, partMs }: PartRequest,
  directory: Directory,
  source: BlockSource,
): SummaryPart {
  const { fromMs, untilMs } = timesOf(summary)
  const { minMs, maxMs, length } = directory
  const tally = new Tally(summary)
  // To find where to begin in the index may take longer than all the rest: that is not counted.
  let endMs = Infinity
  const { first, end } = source.range
  const start = Math.max(directory.indexOf(Math.max(after + 1, first)), 0)
  for (let index = start; index < length && directory.at(index)!.first < end; index++) {
    if (maxMs[index]! < fromMs || minMs[index]! > untilMs) continue
    const span = directory.at(index)!
    const positions = source.positionsIn(span).filter((position) => position > after)
    for (const event of positions.length === 0 ? [] : source.load(span, positions)) {
      if (matches(event, summary)) tally.add(event)
    }
    if (endMs === Infinity) endMs = performance.now() + partMs
    const last = span.first + span.count - 1
    if (performance.now() >= endMs && last < directory.head)
      return { rows: tally.rows(), next: last, head: directory.head }
  }
  return { rows: tally.rows(), head: directory.head }
}
