import { facetOf, instantOf, type NewEvent, type StoredEvent } from './event.ts'
import { parseValues } from './json/json.ts'
import { holds, type PayloadFilter } from './payload.ts'
import type { Instant } from './time.ts'
import { hasWords } from './words.ts'

/** One facet and the values it may have: one of these, or one that begins like this. */
export interface FacetFilter {
  readonly name: string
  readonly values: readonly string[]
  readonly prefixes?: readonly string[]
}

/** A place between two events to go on from: after (or, going back, before) this one. */
export interface Place {
  readonly position: number
  /** The event's time; given exactly when the query is ordered by time. */
  readonly instant?: Instant
}

/** Which events: all that is given must hold. */
export interface Selection {
  /** Found by the index. */
  readonly facets?: readonly FacetFilter[]
  /** Events for which one of these holds are left out. */
  readonly except?: readonly FacetFilter[]
  /** Events that happened at or after this. */
  readonly from?: Instant | undefined
  /** Events that happened before this. */
  readonly until?: Instant | undefined
  /** Events that were received at or after this, in ms since 1970. */
  readonly receivedFromMs?: number | undefined
  /** Events that were received before this. */
  readonly receivedUntilMs?: number | undefined
  /** Words of which the payload has all, as `wordsOf` gives them. */
  readonly words?: readonly string[] | undefined
  /** Found by parsing the payload of every event that the rest selects. */
  readonly payload?: readonly PayloadFilter[] | undefined
}

/** A finite read of one workspace. */
export interface Query extends Selection {
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
  /** Whether at least one more event lies, or may lie, beyond the last one here. */
  readonly more: boolean
  /**
   * Where to go on when the page ended before it was full, because many payloads had been looked at: so that
   * other reads get their turn. Beyond the last event here, if there is one.
   */
  readonly next?: Place | undefined
  /**
   * Set on an empty page by time when the times lie so scattered over the log that there is no small part of
   * it to look into first: the events are to be looked for by position.
   */
  readonly isScattered?: boolean | undefined
  /** The last position given out when the page was read; 0 in an empty workspace. */
  readonly head: number
}

/** Whether an event is selected. */
export function matches(event: StoredEvent, selection: Selection): boolean {
  const { facets = [], except = [], payload = [], words = [] } = selection
  return (
    facets.every((filter) => hasFacet(event, filter)) &&
    !except.some((filter) => hasFacet(event, filter)) &&
    isReceivedWithin(event, selection) &&
    isWithin(event, selection) &&
    (words.length === 0 || hasWords(event.data ?? '', words)) &&
    hasPayload(event, payload)
  )
}

/** Whether an event has one of the facet's values. */
export function hasFacet(event: NewEvent, { name, values, prefixes = [] }: FacetFilter): boolean {
  const value = facetOf(event, name)
  if (value === undefined) return false
  return values.includes(value) || prefixes.some((prefix) => value.startsWith(prefix))
}

function isReceivedWithin(
  { receivedAtMs }: StoredEvent,
  { receivedFromMs = -Infinity, receivedUntilMs = Infinity }: Selection,
): boolean {
  return receivedAtMs >= receivedFromMs && receivedAtMs < receivedUntilMs
}

function isWithin(event: StoredEvent, { from, until }: Selection): boolean {
  if (from === undefined && until === undefined) return true
  const instant = instantOf(event)
  return (from === undefined || instant >= from) && (until === undefined || instant < until)
}

function hasPayload({ data }: StoredEvent, filters: readonly PayloadFilter[]): boolean {
  if (filters.length === 0) return true
  if (data === undefined) return false
  const payload = parseValues(data)
  return filters.every((filter) => holds(payload, filter))
}

/** Where an event stands in a query's order. */
export function placeOf(event: StoredEvent, query: Pick<Query, 'order'>): Place {
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
