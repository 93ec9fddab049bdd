// The client of Logspace: `import { Logspace } from '@eventwell/client/logspace'`.
export { Logspace } from './client.ts'
export type {
  IterateOptions,
  LogspaceOptions,
  LogspacePage,
  OrdersOptions,
  RetrieveOptions,
  StreamOptions,
} from './options.ts'
export type {
  LogspaceEvent,
  LogspaceProperties,
  OneOrMore,
  PropertyType,
  StoredLogspaceEvent,
  StoredProperties,
} from './event.ts'
export type { LogspaceDialect } from './dialect.ts'
export { encodeEvent } from './encode.ts'
export { decodeEvent } from './decode.ts'
export type { EventFilter, FilterElement, FilterValue, StoredName } from './filter.ts'
export type {
  AgentCapabilities,
  AgentOrder,
  ControllerCapabilities,
  ControllerOrder,
  PropertyDescription,
  TriggerType,
} from './controllers.ts'
export { isLogspaceError, LogspaceError, type LogspaceErrorType } from './errors.ts'
export * from '../http/index.ts'
