import { matches } from '../../core/query.ts'
import { Tally, type Summary, type SummaryPart } from '../../core/summary.ts'
import { BlockCounter, type CounterSources } from './block-counter.ts'
import type { Directory } from './directory.ts'
import type { BlockSource } from './page-walk.ts'
import { timesOf } from './span.ts'
import type { PartRequest } from './summary-walk.ts'

/** Whether a summary asks for nothing but what digests know: facets and times. */
export function isDigestible({ payload = [], words = [], measure }: Summary): boolean {
  return payload.length === 0 && words.length === 0 && measure === undefined
}

/** What a part of such a summary is made from. */
interface Sources extends CounterSources {
  readonly directory: Directory
  readonly events: BlockSource
}

/** Sums up the events after a position from the digests of blocks; those that have none are opened. */
export function summarizeDigests(request: PartRequest, sources: Sources): SummaryPart {
  const { summary, after, partMs } = request
  const { directory, events } = sources
  const { fromMs, untilMs } = timesOf(summary)
  const { minMs, maxMs, length } = directory
  const { first, end } = events.range
  const start = Math.max(directory.indexOf(Math.max(after + 1, first)), 0)
  const tally = new Tally(summary)
  const counter = new BlockCounter(summary, sources, directory.at(start)?.first ?? 1)
  const isAtEdge = (index: number) =>
    (summary.receivedFromMs !== undefined && index === start) ||
    (summary.receivedUntilMs !== undefined && (directory.at(index + 1)?.first ?? Infinity) >= end)
  // To find where to begin in the index may take longer than all the rest: that is not counted.
  let endMs = Infinity
  try {
    for (let index = start; index < length; index++) {
      const span = directory.at(index)!
      if (span.first >= end) break
      if (maxMs[index]! < fromMs || minMs[index]! > untilMs) continue
      const isWhole = span.first > after && !isAtEdge(index)
      if (!(isWhole && counter.isDigested(span) && counter.count(span))) {
        const positions = events.positionsIn(span).filter((position) => position > after)
        for (const event of positions.length === 0 ? [] : events.load(span, positions)) {
          if (matches(event, summary)) tally.add(event)
        }
      }
      if (endMs === Infinity) endMs = performance.now() + partMs
      const last = span.first + span.count - 1
      if (performance.now() >= endMs && last < directory.head) {
        counter.groups.addTo(tally)
        return { rows: tally.rows(), next: last, head: directory.head }
      }
    }
  } finally {
    counter.end()
  }
  counter.groups.addTo(tally)
  return { rows: tally.rows(), head: directory.head }
}
