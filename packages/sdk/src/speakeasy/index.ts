// The client of Speakeasy: `import { Speakeasy } from '@eventwell/client/speakeasy'`.
export { Speakeasy } from './client.ts'
export type { SpeakeasyEvents } from './events.ts'
export type {
  EventsByTargetOptions,
  SearchOptions,
  SpeakeasyOptions,
  TargetsOptions,
  WorkspaceOptions,
} from './options.ts'
export type { SpeakeasySecurity } from './security.ts'
export type { CliEvent, StoredCliEvent } from './cli-event.ts'
export type { Target } from './target.ts'
export {
  generateBumpTypes,
  interactionTypes,
  openapiDiffBumpTypes,
  type GenerateBumpType,
  type InteractionType,
  type Open,
  type OpenapiDiffBumpType,
} from './enums.ts'
export { isSpeakeasyError, SpeakeasyError } from './errors.ts'
export * from '../http/index.ts'
