import { isJsonObject } from './json/json.ts'
import { parseInstant } from './time.ts'

/** The names of the members that lead to a value in a payload, from the outside in. */
export type Path = readonly string[]

/**
 * What a value is compared as: `text` takes any scalar by its JSON text, `number` takes numbers (whole ones
 * to the last digit) and the strings `Infinity` and `-Infinity`, `time` takes RFC 3339 date-times as instants;
 * `presence` takes whatever is neither null nor empty, and it has only one value.
 */
export type ValueKind = 'text' | 'number' | 'time' | 'presence'

/** A value that can be compared: text with text, numbers and instants with each other. */
export type Value = string | number | bigint

/** The values between two, both included. An end that is missing is open: without both, any value. */
export interface ValueRange {
  readonly from?: Value
  readonly to?: Value
}

/** Holds for a payload that has, at one of the paths, a value that lies in one of the ranges. */
export interface PayloadFilter {
  readonly paths: readonly Path[]
  readonly as: ValueKind
  readonly ranges: readonly ValueRange[]
}

/**
 * The values at a path, as a kind; values that cannot be read as it are left out, and so is null. An array
 * at the end of the path stands for its elements.
 */
export function valuesAt(payload: unknown, path: Path, kind: ValueKind): Value[] {
  let value = payload
  for (const name of path) {
    if (!isJsonObject(value) || !Object.hasOwn(value, name)) return []
    value = value[name]
  }
  const values: Value[] = []
  for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
    const read = valueOf(one, kind)
    if (read !== undefined) values.push(read)
  }
  return values
}

/** Whether a payload has what a filter wants. */
export function holds(payload: unknown, { paths, as, ranges }: PayloadFilter): boolean {
  const sorted = sortedRanges(ranges)
  const isWanted = (value: Value) => isWithin(value, sorted)
  return paths.some((path) => valuesAt(payload, path, as).some(isWanted))
}

/** A JSON value as a kind; undefined where it is none of that kind. */
export function valueOf(value: unknown, kind: ValueKind): Value | undefined {
  switch (kind) {
    case 'text':
      return textOf(value)
    case 'number':
      return numberOf(value)
    case 'time':
      return typeof value === 'string' ? parseInstant(value) : undefined
    case 'presence':
      return isPresent(value) ? '' : undefined
  }
}

function isPresent(value: unknown): boolean {
  if (isJsonObject(value)) return Object.keys(value).length > 0
  return value !== undefined && value !== null
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (JSON.isRawJSON(value)) return value.rawJSON
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

function numberOf(value: unknown): number | bigint | undefined {
  if (typeof value === 'number') return value
  // As protobuf's JSON spells them, for JSON has no others.
  if (value === 'Infinity' || value === '-Infinity') return Number(value)
  if (!JSON.isRawJSON(value)) return undefined
  const digits = value.rawJSON
  return /^-?\d+$/.test(digits) ? BigInt(digits) : Number(digits)
}

// A filter is asked of many values, and may have many ranges.
const sortedOf = new WeakMap<readonly ValueRange[], readonly ValueRange[]>()

/** The ranges in order of where they begin, those that overlap made one. */
function sortedRanges(ranges: readonly ValueRange[]): readonly ValueRange[] {
  let sorted = sortedOf.get(ranges)
  if (sorted === undefined) {
    sorted = joined(ranges.toSorted(byBegin))
    sortedOf.set(ranges, sorted)
  }
  return sorted
}

function byBegin({ from: one }: ValueRange, { from: other }: ValueRange): number {
  if (one === undefined || other === undefined) {
    return Number(one !== undefined) - Number(other !== undefined)
  }
  return one < other ? -1 : Number(one > other)
}

function joined(sorted: readonly ValueRange[]): ValueRange[] {
  const found: ValueRange[] = []
  for (const range of sorted) {
    const last = found.at(-1)
    if (last === undefined || !reaches(last, range)) found.push(range)
    else if (last.to !== undefined) found[found.length - 1] = upTo(last, later(last.to, range.to))
  }
  return found
}

/** Whether the one has the beginning of the other within it. */
function reaches({ to }: ValueRange, { from }: ValueRange): boolean {
  return to === undefined || from === undefined || from <= to
}

function later(one: Value, other: Value | undefined): Value | undefined {
  return other === undefined || other > one ? other : one
}

function upTo({ from }: ValueRange, to: Value | undefined): ValueRange {
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) }
}

/** Whether one of some sorted ranges has the value: the last that begins at it or before. */
function isWithin(value: Value, sorted: readonly ValueRange[]): boolean {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const { from } = sorted[middle]!
    if (from === undefined || from <= value) low = middle + 1
    else high = middle
  }
  const range = sorted[low - 1]
  return range !== undefined && (range.to === undefined || value <= range.to)
}
