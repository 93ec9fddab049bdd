import { eachFacet, msOf, type StoredEvent } from '../../core/event.ts'

/**
 * One facet of a block's events as a column: so that a question about millions of events need not open their
 * blocks. The values are sorted, so that blocks with the same values have the same text.
 */
export interface Column {
  /** The values as a JSON array; undefined where there are too many to be worth it: open the block. */
  readonly values: string | undefined
  /** For each event 1 + the index of its value, 0 for none; empty when all have the only value. */
  readonly indexes: Uint8Array
}

/** What is kept of a full block besides its events. */
export interface Digest {
  readonly columns: ReadonlyMap<string, Column>
  /** When each event happened, in ms since 1970; see `timesOf`. */
  readonly times: Uint8Array
}

// Values that hardly repeat, as of a subject, are not counted by often, and would take much room.
const distinctShareMax = 0.95
const valueCharsMax = 4000
const noIndexes = new Uint8Array()

/** These facets are told by the type. */
const derived = new Set(['resource', 'action'])

/** A block has no more events than a byte can tell apart. */
export const digestEventsMax = 255

/** The digest of a block: its events by their place in it, undefined for those removed. */
export function digestOf(events: readonly (StoredEvent | undefined)[], minMs: number): Digest {
  const found = new Map<string, (string | undefined)[]>()
  events.forEach((event, index) => {
    if (event === undefined) return
    eachFacet(event, (name, value) => {
      if (derived.has(name)) return
      let values = found.get(name)
      if (values === undefined) {
        values = Array.from({ length: events.length })
        found.set(name, values)
      }
      values[index] = value
    })
  })
  const columns = new Map([...found].map(([name, values]) => [name, columnOf(values)] as const))
  const times = events.map((event) => (event === undefined ? minMs : msOf(event)))
  return { columns, times: encodeTimes(times, minMs) }
}

function columnOf(values: readonly (string | undefined)[]): Column {
  const distinct = [...new Set(values)].filter((value) => value !== undefined).toSorted()
  const isVaried = distinct.length > Math.max(values.length * distinctShareMax, 1)
  const text = isVaried ? undefined : JSON.stringify(distinct)
  if (text === undefined || text.length > valueCharsMax) {
    return { values: undefined, indexes: noIndexes }
  }
  if (distinct.length === 1 && !values.includes(undefined)) {
    return { values: text, indexes: noIndexes }
  }
  const places = new Map(distinct.map((value, index) => [value, index + 1]))
  const indexes = values.map((value) => (value === undefined ? 0 : places.get(value)!))
  return { values: text, indexes: Uint8Array.from(indexes) }
}

function encodeTimes(times: readonly number[], minMs: number): Uint8Array {
  const fromMin = times.map((ms) => ms - minMs)
  const isNear = fromMin.every((ms) => ms >= 0 && ms < 2 ** 32)
  const column = isNear ? Uint32Array.from(fromMin) : Float64Array.from(times)
  return new Uint8Array(column.buffer)
}

/** The times of a block of so many events, in ms since 1970, or since `baseMs`. */
export function timesOf(
  bytes: Uint8Array,
  count: number,
  minMs: number,
): { readonly times: Uint32Array | Float64Array; readonly baseMs: number } {
  const buffer = bytes.slice().buffer
  return bytes.length === count * 4
    ? { times: new Uint32Array(buffer), baseMs: minMs }
    : { times: new Float64Array(buffer), baseMs: 0 }
}
