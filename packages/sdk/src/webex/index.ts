// The client for Webex's events: what it gives, and what every entry of the package gives.
export { Webex } from './webex.ts'
export type { WebexOptions } from './options.ts'
export type { EventQuery, WebexEvents } from './events.ts'
export type { AdminAudit, AdminAuditQuery, SecurityAudit, SecurityAuditQuery } from './audits.ts'
export type { WebexPage } from './page.ts'
export { isEvent } from './event.ts'
export type {
  AttachmentActionsEvent,
  BaseEvent,
  BusinessTextsEvent,
  CallRecordsEvent,
  ConvergedRecordingsEvent,
  EventOf,
  EventType,
  FieldError,
  FileTranscodingsEvent,
  FilesEvent,
  MeetingMessagesEvent,
  MeetingTranscriptsEvent,
  MeetingsEvent,
  MembershipsEvent,
  MessagesEvent,
  RoomsEvent,
  TabsEvent,
  UnknownEvent,
  Unlisted,
  WebexEvent,
  WebexResource,
} from './event.ts'
export type * from './event-data.ts'
export { booleanOf } from './call-data.ts'
export type { CallRecordData, CallType, CallUserType } from './call-data.ts'
export type { AuditEvent, AuditEventData } from './audit-event.ts'
export { isWebexError, WebexError, type WebexErrorDetail } from './errors.ts'
export * from '../http/index.ts'
