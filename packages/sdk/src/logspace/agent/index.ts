// The agent of Logspace, for Node, Bun and Deno:
// `import { LogspaceAgent } from '@eventwell/client/logspace/agent'`.
export { LogspaceAgent } from './agent.ts'
export type { AgentEvent, AgentSize, LogspaceAgentOptions } from './options.ts'
export {
  FolderInUseError,
  isFolderInUseError,
  isSpoolDamageError,
  isSpoolFullError,
  SpoolDamageError,
  SpoolFullError,
} from '../../disk/errors.ts'
export type {
  AgentCapabilities,
  AgentOrder,
  ControllerOrder,
  PropertyDescription,
  TriggerType,
} from '../controllers.ts'
export type { LogspaceDialect } from '../dialect.ts'
export type { LogspaceEvent, LogspaceProperties, OneOrMore, PropertyType } from '../event.ts'
export { isLogspaceError, LogspaceError, type LogspaceErrorType } from '../errors.ts'
export * from '../../http/index.ts'
