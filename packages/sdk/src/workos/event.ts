import { eventNames } from './event-names.ts'
import type { EventPayloads } from './event-payloads.ts'
import type { EventContext, FlagContext, FlagRuleContext } from './payloads/context.ts'
import type { Attributes } from './payloads/parts.ts'

/** A name whose payload is known here. */
export type KnownEventName = keyof EventPayloads

/** An event's name: an editor offers the known ones, and any other text will do. */
export type EventName = KnownEventName | (string & {})

/**
 * An event as it is on the wire, with nothing renamed, left out or converted. Only `id` and `event` are
 * checked on the way in; the rest is what WorkOS's documents say of it.
 */
export interface EventOfShape<Name extends string, Data, Context = EventContext> {
  /** What it is. */
  object?: 'event'
  /** `event_` and a ULID; the same in the list and in a webhook. Good as `after`, for as long as events are kept. */
  id: string
  /** Its name. */
  event: Name
  /** The payload: of whom or what it is, as it is after the event. */
  data: Data
  /** When it was made: RFC 3339. */
  created_at: string
  /** What stands beside the payload: who did it, for instance. */
  context?: Context | null
}

type ContextOf<Name extends KnownEventName> = Name extends 'flag.rule_updated'
  ? FlagRuleContext
  : Name extends `flag.${string}`
    ? FlagContext
    : EventContext

/** The event of a known name. */
export type EventOf<Name extends KnownEventName> = {
  [One in Name]: EventOfShape<One, EventPayloads[One], ContextOf<One>>
}[Name]

/** An event of any known name: `event.event` tells which, and so what `event.data` is. */
export type KnownEvent = EventOf<KnownEventName>

/** An event of a name that is not known here: a newer one, or one of your own on an Eventwell server. */
export type UnknownEvent = EventOfShape<string, Attributes>

/** Any event. Ask `isKnownEvent` or `isEvent` before its payload is used. */
export type WorkOSEvent = KnownEvent | UnknownEvent

/** What events of these names are: known payloads for known names. */
export type EventNamed<Name extends string> = Name extends KnownEventName
  ? EventOf<Name>
  : string extends Name
    ? WorkOSEvent
    : EventOfShape<Name, Attributes>

/**
 * Whether an event has one of the 111 names that are known here. Behind it, a `switch` over `event.event`
 * knows each payload.
 */
export function isKnownEvent(event: WorkOSEvent): event is KnownEvent {
  known ??= new Set(Object.values(eventNames).filter((name) => !retired.includes(name)))
  return known.has(event.event)
}

/**
 * Whether an event has this name; behind it, its payload is known.
 *
 * @example
 * ```ts
 * if (isEvent(event, 'user.created')) console.log(event.data.email)
 * ```
 */
export function isEvent<Name extends KnownEventName>(
  event: WorkOSEvent,
  name: Name,
): event is Extract<KnownEvent, { event: Name }>
/** For a name that is not known here. */
export function isEvent<Name extends string>(
  event: WorkOSEvent,
  name: Name,
): event is EventOfShape<Name, Attributes>
/** For any name. */
export function isEvent(event: WorkOSEvent, name: string): boolean {
  return event.event === name
}

// Constants of the first client that name no event any more; the live service refuses them.
const retired: readonly string[] = [
  'organization_membership.added',
  'organization_membership.removed',
]
// Made at first use, so that who only lists does not pay for it.
let known: ReadonlySet<string> | undefined
