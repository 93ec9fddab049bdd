import type { Aggregate, AggregateRow } from '@eventwell/client'
import Type from 'typebox'
import { invalidQuery } from '../../../core/errors.ts'
import { quantiles } from '../../../core/sketch.ts'
import type { Summary, SummaryRow } from '../../../core/summary.ts'
import { Parameters } from '../parameters.ts'
import { pathOf, selectionFree, selectionOf, selectionProperties } from '../selection.ts'
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

const percentilesMax = 10

/** What `GET /eventwell/aggregate` takes. */
export const aggregateParameters = new Parameters(
  {
    ...selectionProperties,
    measure: Type.Optional(
      Type.String({
        description:
          'The number that is measured: a path in the payload, such as data.total. Of an array, every ' +
          'element; what is no number does not count. Without it, events are only counted.',
      }),
    ),
    interval: Type.Optional(Type.String({ description: intervalMeaning })),
    by: byProperty,
    percentiles: Type.Optional(
      Type.String({
        description:
          `Percentiles of the numbers, above 0 and up to 100, joined by commas, at most ${percentilesMax}, ` +
          'such as 50,99.9. They need measure.',
      }),
    ),
    after: afterSummaryProperty,
  },
  selectionFree,
)

/** What an aggregate is asked for. */
export interface AggregateQuery {
  readonly summary: Summary
  readonly percentiles: readonly number[]
  readonly after: string | undefined
}

/**
 * The query of `GET /eventwell/aggregate`.
 * @throws EventwellError `invalid_query`.
 */
export function decodeAggregate(pairs: URLSearchParams): AggregateQuery {
  const { values, free } = aggregateParameters.read(pairs)
  const { measure, interval, by, after } = values
  const percentiles = percentilesOf(values.percentiles)
  if (percentiles.length > 0 && measure === undefined) {
    throw invalidQuery('percentiles', 'percentiles need measure: say which number is measured.')
  }
  const summary = {
    ...selectionOf(values, free),
    ...(interval !== undefined && { buckets: bucketsOf(interval) }),
    ...(by !== undefined && { groupBy: [facetNameOf(by)] }),
    ...(measure !== undefined && { measure: measureOf(measure, percentiles.length > 0) }),
  }
  return { summary, percentiles, after }
}

/** The answer. Where nothing shares the events out there is one row, even when there are no events. */
export function encodeAggregate(
  { summary, percentiles }: AggregateQuery,
  { rows, cursor, complete }: Found,
): Aggregate {
  const isWhole = summary.groupBy === undefined && summary.buckets === undefined
  const found = isWhole && rows.length === 0 ? [nothing] : rows
  const shown = found
    .map((row) => ({ bucket: row.bucket, row: encodeRow(row, summary, percentiles) }))
    .toSorted((one, other) => one.bucket - other.bucket || byCount(one.row, other.row))
  return { rows: shown.map(({ row }) => row), cursor, complete }
}

const nothing: SummaryRow = {
  group: [],
  bucket: 0,
  events: 0,
  values: 0,
  sum: 0,
  min: Infinity,
  max: -Infinity,
}

function encodeRow(
  { group: [group], bucket, events, values, sum, min, max, sketch = new Map() }: SummaryRow,
  { buckets }: Summary,
  percentiles: readonly number[],
): AggregateRow {
  const orNone = (number: number) => (values === 0 ? null : number)
  // The sketch knows a value to within one percent; the bounds are known exactly.
  const found = quantiles(
    sketch,
    percentiles.map((percentile) => percentile / 100),
  )
  const shares = percentiles.map((percentile, index) => {
    const value = percentile === 100 ? max : Math.min(Math.max(found[index] ?? min, min), max)
    return [percentile, orNone(value)]
  })
  return {
    ...(buckets !== undefined && { start: bucketStart(buckets, bucket) }),
    ...(group !== undefined && { group }),
    count: events,
    measured: values,
    sum: orNone(sum),
    avg: orNone(sum / values),
    min: orNone(min),
    max: orNone(max),
    ...(percentiles.length > 0 && { percentiles: Object.fromEntries(shares) }),
  }
}

function measureOf(text: string, isSketched: boolean) {
  const path = pathOf(text)
  if (path !== undefined) return { path, as: 'number', isSketched } as const
  throw invalidQuery('measure', 'measure must be a path in the payload, like data.total.')
}

function percentilesOf(text: string | undefined): number[] {
  if (text === undefined) return []
  const numbers = text.split(',').map((part) => (/^\d{1,3}(\.\d{1,6})?$/.test(part) ? +part : NaN))
  const isRight = numbers.every((number) => number > 0 && number <= 100)
  if (isRight && numbers.length <= percentilesMax) return [...new Set(numbers)]
  const message =
    'percentiles must be numbers above 0 and up to 100, joined by commas, such as 50,99.9; ' +
    `at most ${percentilesMax}.`
  throw invalidQuery('percentiles', message)
}
