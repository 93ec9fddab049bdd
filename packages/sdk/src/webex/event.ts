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
 * 'messages'` leaves message events alone. To ask for one of them, use `isEvent`.
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

/** Of a message in a space; one that was deleted comes without its text. */
export type MessagesEvent =
  | BaseEvent<'messages', 'created' | 'updated' | Unlisted, MessageData>
  | BaseEvent<'messages', 'deleted', DeletedMessageData>

/** What may have happened (contract 3.1). */
export type EventType = 'created' | 'updated' | 'deleted' | 'ended' | 'read'

type Changed = 'created' | 'updated' | 'deleted' | Unlisted

/** Of somebody's membership of a space. */
export type MembershipsEvent = BaseEvent<'memberships', Changed, MembershipData>

/** Of a space. */
export type RoomsEvent = BaseEvent<'rooms', 'updated' | Unlisted, RoomData>

/** Of a tab in a space. */
export type TabsEvent = BaseEvent<'tabs', Changed, TabData>

/** Of a card that somebody filled in. */
export type AttachmentActionsEvent = BaseEvent<
  'attachmentActions',
  'created' | Unlisted,
  AttachmentActionData
>

/** Of a file that was downloaded or shown. */
export type FilesEvent = BaseEvent<'files', 'read' | Unlisted, FileData>

/** Of a page of a file that was shown. */
export type FileTranscodingsEvent = BaseEvent<'file_transcodings', 'read' | Unlisted, FileData>

/** Of a meeting. */
export type MeetingsEvent = BaseEvent<'meetings', 'ended' | Unlisted, MeetingData>

/** Of a transcript of a meeting. */
export type MeetingTranscriptsEvent = BaseEvent<
  'meetingTranscripts',
  'created' | Unlisted,
  MeetingTranscriptData
>

/** Of a message in a meeting. */
export type MeetingMessagesEvent = BaseEvent<'meetingMessages', Changed, MeetingMessageData>

/** Of a call by Webex Calling. */
export type CallRecordsEvent = BaseEvent<'call_records', 'created' | Unlisted, CallRecordData>

/** Of a business text. */
export type BusinessTextsEvent = BaseEvent<'businessTexts', 'created' | Unlisted, EventData>

/** Of a recording. */
export type ConvergedRecordingsEvent = BaseEvent<'convergedRecordings', Changed, EventData>

/** Of a resource that this package does not know: also `teams` and whatever comes tomorrow. */
export type UnknownEvent = BaseEvent<Unlisted, Unlisted | EventType, EventData>

/** An event, told apart by its `resource`. Each has its resource's name. */
export type WebexEvent =
  | MessagesEvent
  | MembershipsEvent
  | RoomsEvent
  | TabsEvent
  | AttachmentActionsEvent
  | FilesEvent
  | FileTranscodingsEvent
  | MeetingsEvent
  | MeetingTranscriptsEvent
  | MeetingMessagesEvent
  | CallRecordsEvent
  | BusinessTextsEvent
  | ConvergedRecordingsEvent
  | UnknownEvent

/** The resources that Webex documents. */
export type WebexResource = Exclude<WebexEvent['resource'], Unlisted>

/** The events of a resource; those of all for a text that is known at run time only. */
export type EventOf<R extends string> = string extends R
  ? WebexEvent
  : R extends 'all'
    ? WebexEvent
    : R extends WebexResource
      ? Extract<WebexEvent, { readonly resource: R }>
      : UnknownEvent

/** Whether an event is of a resource; also of one that has no type here. */
export function isEvent<R extends WebexResource | (string & {})>(
  event: WebexEvent,
  resource: R,
): event is EventOf<R>
/** Whether an event is of a resource and of a type; also of those that have no type here. */
export function isEvent<
  R extends WebexResource | (string & {}),
  T extends EventType | (string & {}),
>(
  event: WebexEvent,
  resource: R,
  type: T,
): event is EventOf<R> & {
  readonly type: string extends T ? unknown : T extends EventOf<R>['type'] ? T : Unlisted
}
/** What both of these do. */
export function isEvent(event: WebexEvent, resource: string, type?: string): boolean {
  const { resource: found, type: happened }: { resource: string; type: string } = event
  return found === resource && (type === undefined || happened === type)
}

/** An event as it came, but always with `data`: some have `null` there (contract 3.3). */
export function eventOf(item: object): WebexEvent {
  const event = item as WebexEvent & { readonly data?: EventData | null }
  return event.data === undefined || event.data === null ? { ...event, data: {} } : event
}
