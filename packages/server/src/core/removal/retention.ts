import type { FacetFilter, Selection } from '../query.ts'
import type { Removal } from '../store.ts'

/** How long a workspace keeps its events, counted from when they were received. */
export interface Retention {
  /** Days, or parts of one; undefined: for ever. */
  readonly days?: number | undefined
  /** Days by type, which win over `days`. A type that ends in `*` stands for all that begin like it. */
  readonly types?: Readonly<Record<string, number>> | undefined
}

/** One rule: which types go after how long. */
export interface RetentionRule {
  /** A type; the beginning of some, with `*` behind it; `*` for all. */
  readonly pattern: string
  readonly days: number
  /** The patterns within this one that have rules of their own. */
  readonly except: readonly string[]
}

/** The pattern of every type. */
export const everyType = '*'

const dayMs = 86_400_000

/** The rules of a workspace. Of those that fit a type, one counts: its own, or else the longest beginning. */
export function rulesOf({ days, types = {} }: Retention): RetentionRule[] {
  const patterns = Object.keys(types)
  const rule = (pattern: string, ruleDays: number): RetentionRule => ({
    pattern,
    days: ruleDays,
    except: patterns.filter((other) => other !== pattern && isWithin(other, pattern)),
  })
  return [
    ...(days === undefined ? [] : [rule(everyType, days)]),
    ...Object.entries(types).map(([pattern, ruleDays]) => rule(pattern, ruleDays)),
  ]
}

/** The time before which events of a rule were received that are over now. In ms since 1970. */
export function horizonMs({ days }: RetentionRule, nowMs: number): number {
  return Math.floor(nowMs - days * dayMs)
}

/** What a rule removes: events that were received before this. */
export function removalOf({ pattern, except }: RetentionRule, receivedUntilMs: number): Removal {
  return {
    receivedUntilMs,
    ...(pattern !== everyType && { facets: [typesOf([pattern])] }),
    ...(except.length > 0 && { except: [typesOf(except)] }),
  }
}

/**
 * Whether a selection might choose an event of this pattern's types, those spared left out. It goes by types
 * and the time of receipt (the events were received before `untilMs`) alone.
 */
export function mightChoose(
  selection: Selection,
  pattern: string,
  spared: readonly string[],
  untilMs: number,
): boolean {
  const { facets = [], except = [], receivedFromMs = -Infinity } = selection
  if (receivedFromMs >= untilMs) return false
  const ofType = (filters: readonly FacetFilter[]) => filters.filter(({ name }) => name === 'type')
  // A type that itself ends in * would read as more than it is.
  const leftOut = ofType(except).flatMap(({ name, values, prefixes = [] }) =>
    patternsOf({ name, values: values.filter((type) => !type.endsWith('*')), prefixes }),
  )
  return (
    !leftOut.some((other) => isWithin(pattern, other)) &&
    ofType(facets).every((filter) =>
      patternsOf(filter).some(
        (wanted) =>
          (isWithin(wanted, pattern) || isWithin(pattern, wanted)) &&
          !spared.some((other) => isWithin(wanted, other)),
      ),
    )
  )
}

function patternsOf({ values, prefixes = [] }: FacetFilter): string[] {
  return [...values, ...prefixes.map((prefix) => `${prefix}*`)]
}

function typesOf(patterns: readonly string[]): FacetFilter {
  return {
    name: 'type',
    values: patterns.filter((pattern) => !pattern.endsWith('*')),
    prefixes: patterns
      .filter((pattern) => pattern.endsWith('*'))
      .map((pattern) => pattern.slice(0, -1)),
  }
}

/** Whether every type of one pattern is of the other, too. */
function isWithin(one: string, other: string): boolean {
  return one === other || (other.endsWith('*') && one.startsWith(other.slice(0, -1)))
}
