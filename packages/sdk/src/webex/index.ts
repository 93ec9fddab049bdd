// The client for Webex's events: what it gives, and what every entry of the package gives.
export { Webex } from './webex.ts'
export type { WebexOptions } from './options.ts'
export type { EventQuery, WebexEvents } from './events.ts'
export type { AdminAudit, AdminAuditQuery, SecurityAudit, SecurityAuditQuery } from './audits.ts'
export type { WebexPage } from './page.ts'
export type { QueryTime } from './query.ts'
export { isEventOf } from './event.ts'
export type {
  BaseEvent,
  CallRecordEvent,
  EventOf,
  EventType,
  FieldError,
  MessageEvent,
  OtherEvent,
  Unlisted,
  WebexEvent,
  WebexResource,
} from './event.ts'
export type * from './event-data.ts'
export { booleanOf } from './call-data.ts'
export type { CallRecordData, CallType, CallUserType } from './call-data.ts'
export type { AuditEvent, AuditEventData } from './audit-event.ts'
export {
  isAuthError,
  isConflict,
  isForbidden,
  isGone,
  isLocked,
  isNotFound,
  isPreconditionRequired,
  isRateLimited,
  isServerError,
  isWebexError,
  WebexError,
  type WebexErrorDetail,
} from './errors.ts'
export * from '../http/index.ts'
