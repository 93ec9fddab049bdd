// The native client: a table of contents.
export { Eventwell } from './eventwell.ts'
export type { BatchOptions, EventwellOptions } from './options.ts'
export type {
  AppendEachOptions,
  AppendOneOptions,
  AppendOptions,
  Erasure,
  GetOptions,
} from './call-options.ts'
export type { EventIdentity, EventInput } from './append/event-input.ts'
export type {
  AggregateQuery,
  ErasureQuery,
  EventQuery,
  ExportQuery,
  FacetName,
  FacetQuery,
  HistogramQuery,
  Interval,
  OneOrMore,
  Selection,
  SelectionAfter,
} from './query/query.ts'
export type { ReadOptions } from './read/pages.ts'
export type { TailBreak, TailedEvent, TailOptions, TailProgress } from './read/tail.ts'
export type { EventExport, ExportOptions } from './read/event-export.ts'
export type { Consumer } from './consumers/consumer.ts'
export type {
  CommitOptions,
  ConsumerPagesOptions,
  ConsumerQuery,
  LeaseQuery,
} from './consumers/options.ts'
export type { Lease } from './consumers/lease.ts'
export { BacklogError } from './errors/backlog-error.ts'
export { EventConflictError } from './errors/event-conflict-error.ts'
export { EventRejectedError } from './errors/event-rejected-error.ts'
export { GapError, type Gap } from './errors/gap-error.ts'
export { ProblemError, type ProblemCode } from './errors/problem-error.ts'
export { isBacklog, isEventConflict, isEventRejected, isGap, isProblem } from './errors/guards.ts'
export * from '../http/index.ts'
