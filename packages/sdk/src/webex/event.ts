import type { CallRecordData } from './call-data.ts'
import type {
  AttachmentActionData,
  DeletedMessageData,
  EventData,
  FileData,
  MeetingData,
  MeetingMessageData,
  MeetingTranscriptData,
  MembershipData,
  MessageData,
  RoomData,
  TabData,
} from './event-data.ts'

/**
 * A resource or type that this package does not know. At run time it is any other text; the enumeration
 * exists for the compiler only, and keeps it apart from the known ones, so that `event.resource ===
 * 'messages'` leaves message events alone. To ask for one of them, use `isEventOf`.
 */
export declare enum Unlisted {
  anyOtherText = '…',
}

/** Why a field of an event is missing, `kms_failure` say. */
export interface FieldError {
  readonly code?: string
  readonly reason?: string
  readonly [field: string]: unknown
}

/** What every event has (contract 1.5). */
export interface BaseEvent<R extends string, T extends string, D extends EventData> {
  readonly id: string
  /** What kind of thing it happened to. */
  readonly resource: R
  /** What happened. */
  readonly type: T
  /** Who did it. */
  readonly actorId: string
  readonly orgId?: string
  /** The application that did it for them. */
  readonly appId?: string | null
  /** When it happened, as on the wire: `2026-03-01T10:00:00.000Z`. */
  readonly created: string
  /** The thing as it was at that moment; empty where the answer had none. */
  readonly data: D
  /** Which fields could not be told, by their names, and why. */
  readonly errors?: Readonly<Record<string, FieldError>>
  /** Fields that are not known here are kept as they came. */
  readonly [field: string]: unknown
}

/** A message in a space; one that was deleted comes without its text. */
export type MessageEvent =
  | BaseEvent<'messages', 'created' | 'updated' | Unlisted, MessageData>
  | BaseEvent<'messages', 'deleted', DeletedMessageData>

/** A call record of Webex Calling. */
export type CallRecordEvent = BaseEvent<'call_records', 'created' | Unlisted, CallRecordData>

/** An event of a resource that this package does not know: also `teams` and whatever comes tomorrow. */
export type OtherEvent = BaseEvent<Unlisted, Unlisted | EventType, EventData>

/** What may have happened (contract 3.1). */
export type EventType = 'created' | 'updated' | 'deleted' | 'ended' | 'read'

type Changed = 'created' | 'updated' | 'deleted' | Unlisted

/** An event, told apart by its `resource`. */
export type WebexEvent =
  | MessageEvent
  | BaseEvent<'memberships', Changed, MembershipData>
  | BaseEvent<'rooms', 'updated' | Unlisted, RoomData>
  | BaseEvent<'tabs', Changed, TabData>
  | BaseEvent<'attachmentActions', 'created' | Unlisted, AttachmentActionData>
  | BaseEvent<'files', 'read' | Unlisted, FileData>
  | BaseEvent<'file_transcodings', 'read' | Unlisted, FileData>
  | BaseEvent<'meetings', 'ended' | Unlisted, MeetingData>
  | BaseEvent<'meetingTranscripts', 'created' | Unlisted, MeetingTranscriptData>
  | BaseEvent<'meetingMessages', Changed, MeetingMessageData>
  | CallRecordEvent
  | BaseEvent<'businessTexts', 'created' | Unlisted, EventData>
  | BaseEvent<'convergedRecordings', Changed, EventData>
  | OtherEvent

/** The resources that Webex documents. */
export type WebexResource = Exclude<WebexEvent['resource'], Unlisted>

/** The events of a resource; those of all for a text that is known at run time only. */
export type EventOf<R extends string> = string extends R
  ? WebexEvent
  : R extends 'all'
    ? WebexEvent
    : R extends WebexResource
      ? Extract<WebexEvent, { readonly resource: R }>
      : OtherEvent

/**
 * Whether an event is of a resource, and of a type if one is given; also of those that have no type here.
 */
export function isEventOf<R extends WebexResource | (string & {})>(
  event: WebexEvent,
  resource: R,
  type?: EventType | (string & {}),
): event is EventOf<R> {
  const { resource: found, type: happened }: { resource: string; type: string } = event
  return found === resource && (type === undefined || happened === type)
}

/** An event as it came, but always with `data`: some have `null` there (contract 3.3). */
export function eventOf(item: object): WebexEvent {
  const event = item as WebexEvent & { readonly data?: EventData | null }
  return event.data === undefined || event.data === null ? { ...event, data: {} } : event
}
