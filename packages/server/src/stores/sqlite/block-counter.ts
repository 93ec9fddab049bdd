import type { FacetFilter } from '../../core/query.ts'
import { bucketOf, type Summary } from '../../core/summary.ts'
import { instantOfMs, msOfInstant, type Instant } from '../../core/time.ts'
import { passOf, type ColumnWalk, type Digests } from './digest-walk.ts'
import { timesOf } from './digest.ts'
import type { BlockSpan } from './directory.ts'
import { GroupCounts } from './groups.ts'

/** What is counted from. */
export interface CounterSources {
  readonly digests: Digests
  /** The withdrawn positions after one, in order. */
  withdrawnAfter(position: number): Iterator<number>
}

/** A facet's column, walked; and what a filter makes of its values. */
interface Filtered {
  readonly filter: FacetFilter
  readonly isExcept: boolean
  readonly walk: ColumnWalk
  readonly passes: Map<string, Uint8Array>
}

/** Counts the events of digested blocks; blocks are asked for in order. */
export class BlockCounter {
  readonly groups = new GroupCounts()
  readonly #summary: Summary
  readonly #digests: Digests
  readonly #filtered: readonly Filtered[]
  readonly #grouped: readonly { readonly name: string; readonly walk: ColumnWalk }[]
  readonly #walks: readonly ColumnWalk[]
  readonly #withdrawn: Iterator<number>
  #nextWithdrawn: number
  readonly #from: Edge | undefined
  readonly #until: Edge | undefined
  readonly #noGroup: number

  constructor(summary: Summary, { digests, withdrawnAfter }: CounterSources, first: number) {
    const { facets = [], except = [], groupBy = [], from, until } = summary
    const filtered = (filter: FacetFilter, isExcept: boolean): Filtered => ({
      filter,
      isExcept,
      walk: digests.columnsFrom(filter.name, first),
      passes: new Map(),
    })
    this.#summary = summary
    this.#digests = digests
    this.#filtered = [
      ...facets.map((filter) => filtered(filter, false)),
      ...except.map((filter) => filtered(filter, true)),
    ]
    this.#grouped = groupBy.map((name) => ({ name, walk: digests.columnsFrom(name, first) }))
    this.#walks = [...this.#filtered, ...this.#grouped].map(({ walk }) => walk)
    this.#withdrawn = withdrawnAfter(first - 1)
    this.#nextWithdrawn = this.#withdrawn.next().value ?? Infinity
    this.#from = edgeOf(from)
    this.#until = edgeOf(until)
    this.#noGroup = groupBy.length === 0 ? this.groups.numberOf([]) : -1
  }

  /** Whether a block has a digest: one of the columns, or at least its times. */
  isDigested({ first }: BlockSpan): boolean {
    return (
      this.#walks.some((walk) => walk.at(first) !== undefined) || this.#digests.isDigested(first)
    )
  }

  end(): void {
    for (const walk of this.#walks) walk.end()
    this.#withdrawn.return?.()
  }

  /** Counts a block's events; false, and nothing is counted, when its digest cannot tell. */
  count(span: BlockSpan): boolean {
    const pass = this.#passOf(span)
    if (pass === 'none' || pass === 'unknown') return pass === 'none'
    const buckets = this.#bucketsOf(span)
    if (buckets === undefined) return false
    const numbers = this.#groupsOf(span)
    if (numbers === undefined) return false
    this.#add(span.count, pass.events, buckets, numbers)
    return true
  }

  #add(
    count: number,
    pass: Uint8Array | undefined,
    buckets: number | Float64Array,
    numbers: GroupColumn,
  ): void {
    const { groups } = this
    if (typeof buckets === 'number' && (pass === undefined || numbers.indexes === undefined)) {
      if (Number.isNaN(buckets)) return
      if (numbers.indexes === undefined) {
        groups.add(buckets, numbers.numbers[0]!, pass === undefined ? count : sumOf(pass))
        return
      }
      const counts = new Uint32Array(numbers.numbers.length)
      for (let index = 0; index < count; index++) counts[numbers.indexes[index]!]! += 1
      counts.forEach((events, index) => groups.add(buckets, numbers.numbers[index]!, events))
      return
    }
    for (let index = 0; index < count; index++) {
      if (pass !== undefined && pass[index] === 0) continue
      const bucket = typeof buckets === 'number' ? buckets : buckets[index]!
      if (Number.isNaN(bucket)) continue
      const place = numbers.indexes === undefined ? 0 : numbers.indexes[index]!
      groups.add(bucket, numbers.numbers[place]!, 1)
    }
  }

  /** Which of a block's events the facets select and nobody withdrew; all where none is named. */
  #passOf({ first, count }: BlockSpan): 'none' | 'unknown' | { events: Uint8Array | undefined } {
    let events = this.#withoutWithdrawn(first, count)
    for (const { filter, isExcept, walk, passes } of this.#filtered) {
      const column = walk.at(first)
      if (column === undefined) {
        if (isExcept) continue
        return 'none'
      }
      const { values: labels, indexes } = column
      if (labels === undefined) return 'unknown'
      let passing = passes.get(labels)
      if (passing === undefined) {
        passing = passOf(this.#digests.valuesOf(filter.name, labels), filter)
        passes.set(labels, passing)
      }
      const wanted = isExcept ? 0 : 1
      if (indexes.length === 0) {
        if (passing[1] !== wanted) return 'none'
        continue
      }
      events ??= new Uint8Array(count).fill(1)
      for (let index = 0; index < count; index++) {
        if (passing[indexes[index]!] !== wanted) events[index] = 0
      }
    }
    return { events }
  }

  #withoutWithdrawn(first: number, count: number): Uint8Array | undefined {
    let events: Uint8Array | undefined
    while (this.#nextWithdrawn < first + count) {
      if (this.#nextWithdrawn >= first) {
        events ??= new Uint8Array(count).fill(1)
        events[this.#nextWithdrawn - first] = 0
      }
      this.#nextWithdrawn = this.#withdrawn.next().value ?? Infinity
    }
    return events
  }

  /**
   * The bucket of each event, one for all where they share it, NaN for those outside; undefined when times to
   * the millisecond cannot tell.
   */
  #bucketsOf(span: BlockSpan): number | Float64Array | undefined {
    const { buckets } = this.#summary
    const { minMs, maxMs } = span
    const isInside = isAfter(minMs, this.#from) && isBefore(maxMs, this.#until)
    if (isInside) {
      if (buckets === undefined) return 0
      const [one, other] = [bucketOf(minMs, buckets), bucketOf(maxMs, buckets)]
      if (one !== undefined && one === other) return one
    }
    const { times, baseMs } = timesOf(this.#digests.timesAt(span.first), span.count, minMs)
    const found = new Float64Array(span.count)
    for (let index = 0; index < times.length; index++) {
      const ms = times[index]! + baseMs
      if (isAmbiguous(ms, this.#from) || isAmbiguous(ms, this.#until)) return undefined
      const isIn = ms >= (this.#from?.ms ?? -Infinity) && ms < (this.#until?.ms ?? Infinity)
      const bucket = buckets === undefined ? 0 : bucketOf(ms, buckets)
      found[index] = isIn && bucket !== undefined ? bucket : NaN
    }
    return found
  }

  /** The number of each event's group; undefined when a column cannot tell. */
  #groupsOf({ first, count }: BlockSpan): GroupColumn | undefined {
    if (this.#grouped.length === 0) {
      return { numbers: Int32Array.of(this.#noGroup), indexes: undefined }
    }
    const columns: { values: readonly string[]; indexes: Uint8Array }[] = []
    for (const { name, walk } of this.#grouped) {
      const column = walk.at(first)
      if (column === undefined) return { numbers: Int32Array.of(-1), indexes: undefined }
      if (column.values === undefined) return undefined
      columns.push({
        values: this.#digests.valuesOf(name, column.values),
        indexes: column.indexes,
      })
    }
    const [only] = columns
    if (columns.length === 1) {
      const numbers = this.groups.numbersOf(only!.values)
      return only!.indexes.length === 0
        ? { numbers: numbers.subarray(1, 2), indexes: undefined }
        : { numbers, indexes: only!.indexes }
    }
    return this.#combined(columns, count)
  }

  #combined(
    columns: readonly { values: readonly string[]; indexes: Uint8Array }[],
    count: number,
  ): GroupColumn {
    const numbers = new Map<string, number>()
    const found: number[] = []
    const indexes = new Uint8Array(count)
    for (let event = 0; event < count; event++) {
      const places = columns.map(({ indexes: own }) => (own.length === 0 ? 1 : own[event]!))
      const key = places.join()
      let index = numbers.get(key)
      if (index === undefined) {
        const isWhole = places.every((place) => place > 0)
        const group = places.map((place, n) => columns[n]!.values[place - 1]!)
        index = found.push(isWhole ? this.groups.numberOf(group) : -1) - 1
        numbers.set(key, index)
      }
      indexes[event] = index
    }
    return { numbers: Int32Array.from(found), indexes }
  }
}

/** The numbers of groups, and for each event which of them; without indexes the first is that of all. */
interface GroupColumn {
  readonly numbers: Int32Array
  readonly indexes: Uint8Array | undefined
}

/** An end of a range of time: its millisecond, and whether it lies at the very beginning of it. */
interface Edge {
  readonly ms: number
  readonly isWhole: boolean
}

function edgeOf(instant: Instant | undefined): Edge | undefined {
  if (instant === undefined) return undefined
  const ms = msOfInstant(instant)
  return { ms, isWhole: instantOfMs(ms) === instant }
}

function isAfter(ms: number, edge: Edge | undefined): boolean {
  return edge === undefined || ms > edge.ms || (ms === edge.ms && edge.isWhole)
}

function isBefore(ms: number, edge: Edge | undefined): boolean {
  return edge === undefined || ms < edge.ms
}

function isAmbiguous(ms: number, edge: Edge | undefined): boolean {
  return edge !== undefined && !edge.isWhole && ms === edge.ms
}

function sumOf(pass: Uint8Array): number {
  let sum = 0
  for (const one of pass) sum += one
  return sum
}
