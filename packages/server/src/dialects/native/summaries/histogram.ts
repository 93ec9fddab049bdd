import type { Histogram, HistogramBucket } from '@eventwell/client'
import Type from 'typebox'
import type { Buckets, Summary, SummaryRow } from '../../../core/summary.ts'
import { Parameters } from '../parameters.ts'
import { selectionFree, selectionOf, selectionProperties } from '../selection.ts'
import {
  afterSummaryProperty,
  bucketsOf,
  bucketStart,
  byCount,
  byProperty,
  facetNameOf,
  intervalMeaning,
  type Found,
} from './summary-query.ts'

/** What `GET /eventwell/histogram` takes. */
export const histogramParameters = new Parameters(
  {
    ...selectionProperties,
    interval: Type.String({ description: intervalMeaning }),
    by: byProperty,
    after: afterSummaryProperty,
  },
  selectionFree,
)

/** What a histogram is asked for. */
export interface HistogramQuery {
  readonly summary: Summary & { readonly buckets: Buckets }
  readonly interval: string
  readonly after: string | undefined
}

/**
 * The query of `GET /eventwell/histogram`.
 * @throws EventwellError `invalid_query`.
 */
export function decodeHistogram(pairs: URLSearchParams): HistogramQuery {
  const { values, free } = histogramParameters.read(pairs)
  const { interval, by, after } = values
  const summary = {
    ...selectionOf(values, free),
    buckets: bucketsOf(interval),
    ...(by !== undefined && { groupBy: [facetNameOf(by)] }),
  }
  return { summary, interval, after }
}

/** The answer: rows of groups in buckets become buckets of groups. */
export function encodeHistogram(
  { summary: { buckets, groupBy }, interval }: HistogramQuery,
  { rows, cursor, complete }: Found,
): Histogram {
  const byBucket = Map.groupBy(rows, ({ bucket }) => bucket)
  const shown = [...byBucket]
    .toSorted(([one], [other]) => one - other)
    .map(([bucket, found]): HistogramBucket => {
      const start = bucketStart(buckets, bucket)
      if (groupBy === undefined) return { start, count: countOf(found) }
      return { start, count: countOf(found), groups: groupsOf(found) }
    })
  return { interval, buckets: shown, total: countOf(rows), cursor, complete }
}

function countOf(rows: readonly SummaryRow[]): number {
  return rows.reduce((sum, { events }) => sum + events, 0)
}

function groupsOf(rows: readonly SummaryRow[]) {
  return rows.map(({ group: [value = ''], events }) => ({ value, count: events })).toSorted(byCount)
}
