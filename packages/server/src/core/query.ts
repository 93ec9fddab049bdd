import { facetOf, instantOf, type StoredEvent } from './event.ts'
import type { Instant } from './time.ts'

/** One facet and the values it may have. */
export interface FacetFilter {
  readonly name: string
  readonly values: readonly string[]
}

/** A place between two events to go on from: after (or, going back, before) this one. */
export interface Place {
  readonly position: number
  /** The event's time; given exactly when the query is ordered by time. */
  readonly instant?: Instant
}

/** A finite read of one workspace. */
export interface Query {
  /** All of these must hold. */
  readonly facets?: readonly FacetFilter[]
  /** Events that happened at or after this. */
  readonly from?: Instant | undefined
  /** Events that happened before this. */
  readonly until?: Instant | undefined
  /** By position, or by the time it happened and then position. */
  readonly order: 'position' | 'time'
  readonly direction: 'forward' | 'backward'
  /** Only what lies beyond this place, in the query's direction. */
  readonly after?: Place | undefined
  /** The most events to return, at least 1. */
  readonly limit: number
  /** A page ends once its payloads have this many characters; it has at least one event all the same. */
  readonly charsMax: number
}

/** What a query found. */
export interface Page {
  readonly events: readonly StoredEvent[]
  /** Whether at least one more event lies beyond the last one here. */
  readonly more: boolean
  /** The last position given out when the page was read; 0 in an empty workspace. */
  readonly head: number
}

/** Whether an event satisfies a query's facets and time range. */
export function matches(event: StoredEvent, query: Query): boolean {
  for (const { name, values } of query.facets ?? []) {
    const value = facetOf(event, name)
    if (value === undefined || !values.includes(value)) return false
  }
  if (query.from === undefined && query.until === undefined) return true
  const instant = instantOf(event)
  return (
    (query.from === undefined || instant >= query.from) &&
    (query.until === undefined || instant < query.until)
  )
}

/** Where an event stands in a query's order. */
export function placeOf(event: StoredEvent, query: Query): Place {
  return query.order === 'time'
    ? { position: event.position, instant: instantOf(event) }
    : { position: event.position }
}

/** Negative when `one` comes before `other` in the query's order and direction. */
export function comparePlaces(one: Place, other: Place, query: Query): number {
  const sign = query.direction === 'forward' ? 1 : -1
  if (one.instant !== undefined && other.instant !== undefined && one.instant !== other.instant) {
    return one.instant < other.instant ? -sign : sign
  }
  return (one.position - other.position) * sign
}
