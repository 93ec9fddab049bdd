export { WorkOS, type WorkOSOptions } from './client.ts'
export type { WorkOSEvents } from './events.ts'
export { responseLimit, type EventsQuery } from './query.ts'
export type { EventList, ListMetadata } from './list.ts'
export type { FollowOptions, PagerOptions } from './pager.ts'
export { eventNames } from './event-names.ts'
export {
  isEvent,
  isKnownEvent,
  type EventName,
  type EventNamed,
  type EventOf,
  type EventOfShape,
  type KnownEvent,
  type KnownEventName,
  type UnknownEvent,
  type WorkOSEvent,
} from './event.ts'
export type { EventPayloads } from './event-payloads.ts'
export type * from './payloads/access.ts'
export type * from './payloads/context.ts'
export type * from './payloads/directory.ts'
export type * from './payloads/identity.ts'
export type * from './payloads/parts.ts'
export type * from './payloads/vault.ts'
export { verifyWebhook, type WebhookDelivery } from './webhook.ts'
export { WebhookSignatureError, type WebhookRefusal } from './webhook-error.ts'
export { WorkOSError, type WorkOSProblem } from './error.ts'
export { isWebhookSignatureError, isWorkOSError } from './guards.ts'
export * from '../http/index.ts'
