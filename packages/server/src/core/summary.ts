import { facetOf, msOf, type StoredEvent } from './event.ts'
import { parseValues } from './json/json.ts'
import { valuesAt, type Path, type Value } from './payload.ts'
import type { Selection } from './query.ts'
import { addToSketch, mergeSketch, type Sketch } from './sketch.ts'
import { msOfInstant } from './time.ts'

/** What is asked about many events at once: how many there are, in which groups, with what values. */
export interface Summary extends Selection {
  /** The facets whose values make a group, at most a few; an event that lacks one of them is left out. */
  readonly groupBy?: readonly string[]
  /** Stretches of time of equal length; events outside of all are left out. */
  readonly buckets?: Buckets
  /** The payload's value that is measured; times are measured in ms since 1970. */
  readonly measure?: {
    readonly path: Path
    readonly as: 'number' | 'time'
    /** Whether percentiles are wanted. */
    readonly isSketched?: boolean
  }
}

/** Stretches of time, one after the other; each holds its start and not its end. */
export interface Buckets {
  readonly startMs: number
  readonly stepMs: number
  readonly count: number
}

/** What was found of one group in one bucket. */
export interface SummaryRow {
  /** The values of the facets asked for, in their order. */
  readonly group: readonly string[]
  /** The bucket's index; 0 when none were asked for. */
  readonly bucket: number
  readonly events: number
  /** How many values were measured; those that are no numbers, or not finite, do not count. */
  readonly values: number
  readonly sum: number
  /** The smallest and the largest value measured; infinite when there is none. */
  readonly min: number
  readonly max: number
  /** What percentiles are told from, where they are wanted. */
  readonly sketch?: ReadonlyMap<number, number>
}

/** A part of a summary, and the position to go on after; absent when the log was looked at to its end. */
export interface SummaryPart {
  readonly rows: readonly SummaryRow[]
  readonly next?: number | undefined
  /** The last position given out when the part was made: without `next`, everything up to it is in. */
  readonly head: number
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
type OpenRow = Mutable<Omit<SummaryRow, 'sketch'>> & { sketch?: Sketch }

/** Adds events, or the rows of parts, into the rows of a whole. */
export class Tally {
  readonly #summary: Summary
  readonly #rows = new Map<string, OpenRow>()
  #sketched = 0

  constructor(summary: Summary) {
    this.#summary = summary
  }

  /** Takes an event that satisfies the summary's selection; its payload is parsed when one is measured. */
  add(event: StoredEvent): void {
    const { groupBy, buckets, measure } = this.#summary
    const bucket = buckets === undefined ? 0 : bucketOf(msOf(event), buckets)
    if (bucket === undefined) return
    const group: string[] = []
    for (const name of groupBy ?? []) {
      const value = facetOf(event, name)
      if (value === undefined) return
      group.push(value)
    }
    const row = this.#row(group, bucket)
    row.events += 1
    if (measure === undefined) return
    const payload = event.data === undefined ? undefined : parseValues(event.data)
    for (const value of valuesAt(payload, measure.path, measure.as)) {
      const number = measured(value, measure.as)
      if (!Number.isFinite(number)) continue
      addValues(row, { values: 1, sum: number, min: number, max: number })
      if (measure.isSketched === true) this.#sketch(row, (sketch) => addToSketch(sketch, number))
    }
  }

  /** Counts events of one group in one bucket whose payloads are not measured. */
  count(group: readonly string[], bucket: number, events: number): void {
    this.#row(group, bucket).events += events
  }

  /** Takes the rows of a part. */
  merge(rows: readonly SummaryRow[]): void {
    for (const part of rows) {
      const row = this.#row(part.group, part.bucket)
      row.events += part.events
      addValues(row, part)
      const { sketch } = part
      if (sketch !== undefined) this.#sketch(row, (own) => mergeSketch(own, sketch))
    }
  }

  /** How many rows there are by now; what percentiles are told from counts as rows, too. */
  get size(): number {
    return this.#rows.size + Math.floor(this.#sketched / sketchedAsRow)
  }

  /** The rows that hold an event, in no particular order. */
  rows(): SummaryRow[] {
    return [...this.#rows.values()]
  }

  #sketch(row: OpenRow, add: (sketch: Sketch) => void): void {
    const sketch = (row.sketch ??= new Map())
    this.#sketched -= sketch.size
    add(sketch)
    this.#sketched += sketch.size
  }

  #row(group: readonly string[], bucket: number): OpenRow {
    const key = group.length === 0 ? String(bucket) : JSON.stringify([bucket, group])
    let row = this.#rows.get(key)
    if (row === undefined) {
      row = { group, bucket, events: 0, values: 0, sum: 0, min: Infinity, max: -Infinity }
      this.#rows.set(key, row)
    }
    return row
  }
}

// So many sizes of values take about the memory of a row.
const sketchedAsRow = 8

/** The bucket that a time lies in, if it lies in one. */
export function bucketOf(ms: number, { startMs, stepMs, count }: Buckets): number | undefined {
  const index = Math.floor((ms - startMs) / stepMs)
  return index >= 0 && index < count ? index : undefined
}

function measured(value: Value, as: 'number' | 'time'): number {
  return as === 'time' ? msOfInstant(value as bigint) : Number(value)
}

function addValues(
  row: OpenRow,
  { values, sum, min, max }: Pick<SummaryRow, 'values' | 'sum' | 'min' | 'max'>,
): void {
  row.values += values
  row.sum += sum
  if (min < row.min) row.min = min
  if (max > row.max) row.max = max
}
