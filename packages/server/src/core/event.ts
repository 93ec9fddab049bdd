import { isDeepStrictEqual } from 'node:util'
import { parseJson } from './json/json.ts'
import { formatMs, instantOfMs, parseInstant, parseMs, type Instant } from './time.ts'

/** Which event it is, within a workspace. Ids may be counters: only with their source they are unique. */
export interface Identity {
  /** Who says it. */
  readonly source: string
  /** The source's own name for this event. */
  readonly id: string
}

/** An event as a dialect hands it to the log. All text is as the producer wrote it. */
export interface NewEvent extends Identity {
  /** What kind: `user.created`, `os/cpu`, `CLI_EXEC`. */
  readonly type: string
  /** What it is about. */
  readonly subject?: string | undefined
  /** When it happened, an RFC 3339 date-time with a zone; without one, it happened when received. */
  readonly time?: string | undefined
  /** Who did it. */
  readonly actor?: string | undefined
  /** Whose it is. */
  readonly organization?: string | undefined
  /** What else it can be found by, beyond the standard facets. */
  readonly facets?: Readonly<Record<string, string>> | undefined
  /** The rest of the vendor's envelope: fields that have no place above. */
  readonly envelope?: Readonly<Record<string, unknown>> | undefined
  /** The payload as JSON text on one line; absent when there is none. */
  readonly data?: string | undefined
  /**
   * The trace of the request that brought it (W3C Trace Context). It is not part of what the event says: sent
   * again under another trace, it is the same event.
   */
  readonly trace?: Trace | undefined
  /**
   * What servers noted on it: its place, its time of receipt. It is not part of what the event says, either:
   * as it is shown it can be sent again, here or elsewhere, and is the same event.
   */
  readonly stamps?: Stamps | undefined
}

/** Notes of servers on an event, by the names under which they are shown. */
export type Stamps = Readonly<Record<string, string | number | boolean>>

/** Where an event's arrival stands in a distributed trace. */
export interface Trace {
  /** `00-<32 hex>-<16 hex>-<2 hex>`. */
  readonly parent: string
  readonly state?: string | undefined
}

/** An event in the log: its place in the workspace's order, and when we accepted it (ms since 1970). */
export interface StoredEvent extends NewEvent {
  readonly position: number
  readonly receivedAtMs: number
}

/**
 * What became of an appended event, and the position at which it stands now. For a `conflict` that is where
 * the event stands that it would have changed.
 */
export interface Receipt {
  readonly outcome: 'created' | 'exists' | 'replaced' | 'conflict'
  readonly position: number
}

/**
 * A type read as noun and verb: `dsync.user.created` is `dsync.user` and `created`. A type without a
 * dot in its middle is a noun whose verb is `created`. All four vendors name types so, and each half is
 * a facet.
 */
export function splitType(type: string): { resource: string; action: string } {
  const dot = type.lastIndexOf('.')
  return dot <= 0 || dot === type.length - 1
    ? { resource: type, action: 'created' }
    : { resource: type.slice(0, dot), action: type.slice(dot + 1) }
}

/** Calls `visit` with every name=value pair by which an event can be found. */
export function eachFacet(event: NewEvent, visit: (name: string, value: string) => void): void {
  const { resource, action } = splitType(event.type)
  visit('type', event.type)
  visit('resource', resource)
  visit('action', action)
  visit('source', event.source)
  if (event.subject !== undefined) visit('subject', event.subject)
  if (event.actor !== undefined) visit('actor', event.actor)
  if (event.organization !== undefined) visit('organization', event.organization)
  for (const name in event.facets) visit(name, event.facets[name]!)
}

/** The facets that every event can have; a dialect's own facets must have other names. */
export const standardFacets = [
  'type',
  'resource',
  'action',
  'source',
  'subject',
  'actor',
  'organization',
] as const

/** The value of one facet of an event. */
export function facetOf(event: NewEvent, name: string): string | undefined {
  switch (name) {
    case 'type':
    case 'source':
    case 'subject':
    case 'actor':
    case 'organization':
      return event[name]
    case 'resource':
    case 'action':
      return splitType(event.type)[name]
    default:
      return event.facets !== undefined && Object.hasOwn(event.facets, name)
        ? event.facets[name]
        : undefined
  }
}

/** When an event happened, in text: its own time, or else when it was received. */
export function timeOf(event: StoredEvent): string {
  return event.time ?? formatMs(event.receivedAtMs)
}

/** When an event happened, to the nanosecond. */
export function instantOf(event: StoredEvent): Instant {
  const own = event.time === undefined ? undefined : parseInstant(event.time)
  return own ?? instantOfMs(event.receivedAtMs)
}

/** When an event happened, to the millisecond. */
export function msOf(event: StoredEvent): number {
  const own = event.time === undefined ? undefined : parseMs(event.time)
  return own ?? event.receivedAtMs
}

/** Of events in order of position that were read at several moments: an event that was replaced gives way. */
export function withoutReplaced(events: readonly StoredEvent[]): StoredEvent[] {
  const latest = new Map<string, StoredEvent>()
  for (const event of events) latest.set(`${event.source}\n${event.id}`, event)
  return [...latest.values()]
}

/** The characters of what an event carries: its payload, the rest of its envelope, its stamps. */
export function charsOf({ data, envelope, stamps }: NewEvent): number {
  const rest = envelope === undefined ? 0 : JSON.stringify(envelope).length
  const noted = stamps === undefined ? 0 : JSON.stringify(stamps).length
  return (data?.length ?? 0) + rest + noted
}

/** Whether two events say the same: equal in every field and in the payload, in whatever key order. */
export function sayTheSame(one: NewEvent, other: NewEvent): boolean {
  return (
    one.source === other.source &&
    one.id === other.id &&
    one.type === other.type &&
    one.subject === other.subject &&
    one.time === other.time &&
    one.actor === other.actor &&
    one.organization === other.organization &&
    sameJson(one.data, other.data) &&
    sameObject(one.facets, other.facets) &&
    (sameObject(one.envelope, other.envelope) || sameObject(tracedOf(one), tracedOf(other)))
  )
}

/** CloudEvents' extension for tracing: of the request that brought an event, when it said none itself. */
export function traceAttributes({ trace, envelope }: NewEvent): object | undefined {
  if (trace === undefined || envelope?.['traceparent'] !== undefined) return undefined
  return { traceparent: trace.parent, tracestate: trace.state }
}

/** The envelope as it is shown: an event may come again with the trace that it was shown with. */
function tracedOf(event: NewEvent): object {
  return { ...traceAttributes(event), ...event.envelope }
}

function sameJson(one: string | undefined, other: string | undefined): boolean {
  if (one === other) return true
  if (one === undefined || other === undefined) return false
  return isDeepStrictEqual(parseJson(one), parseJson(other))
}

function sameObject(one: object | undefined, other: object | undefined): boolean {
  return one === other || sameJson(JSON.stringify(one ?? {}), JSON.stringify(other ?? {}))
}
