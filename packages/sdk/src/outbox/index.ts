// The durable outbox, for Node, Bun and Deno: `import { Outbox } from '@eventwell/client/outbox'`.
export { Outbox } from './outbox.ts'
export type { OutboxBatch, OutboxOptions, OutboxSize } from './options.ts'
export type { EventIdentity, EventInput } from '../native/append/event-input.ts'
export type { CloudEvent } from '../wire.ts'
export {
  FolderInUseError,
  isFolderInUseError,
  isSpoolDamageError,
  isSpoolFullError,
  SpoolDamageError,
  SpoolFullError,
} from '../disk/errors.ts'
export { isProblem } from '../native/errors/guards.ts'
export type { ProblemCode, ProblemError } from '../native/errors/problem-error.ts'
export * from '../http/index.ts'
