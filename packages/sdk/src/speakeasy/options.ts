import type { NamesOf } from '../http/known-names.ts'
import type { Moment } from '../http/moment.ts'
import {
  callOptions,
  clientOptions,
  type CallOptions,
  type ClientOptions,
} from '../http/options.ts'
import type { InteractionType } from './enums.ts'
import type { SpeakeasySecurity } from './security.ts'

/** How to reach Speakeasy, or a server that speaks as it does. */
export interface SpeakeasyOptions extends ClientOptions {
  /** The server's address; the vendor's `https://api.prod.speakeasy.com` by default. */
  readonly serverUrl?: string | URL | undefined
  /** The credential. */
  readonly security: SpeakeasySecurity
  /** The workspace of every call that names no other. */
  readonly workspaceId?: string | undefined
}

/** What a call to one workspace takes. */
export interface WorkspaceOptions extends CallOptions {
  /** Instead of the client's. */
  readonly workspaceId?: string | undefined
}

/** What to search for. All that is given must hold, each to the letter. */
export interface SearchOptions extends WorkspaceOptions {
  /** Which run, or which attempt of a CI run. */
  readonly executionId?: string | undefined
  /** Which target. */
  readonly generateGenLockId?: string | undefined
  /** What kind of run. */
  readonly interactionType?: InteractionType | undefined
  /** How many events at most, from 1; what is given without it is up to the server (250, it seems). */
  readonly limit?: number | undefined
  /** Which linter's report. */
  readonly lintReportDigest?: string | undefined
  /** Which report of changes. */
  readonly openapiDiffReportDigest?: string | undefined
  /** Which revision of a source. */
  readonly sourceRevisionDigest?: string | undefined
  /** How it ended. */
  readonly success?: boolean | undefined
}

/** Which events of a target to get. */
export interface EventsByTargetOptions extends WorkspaceOptions {
  /** Only events that were created after this. */
  readonly afterCreatedAt?: Moment | undefined
}

/** Which targets to get. */
export interface TargetsOptions extends CallOptions {
  /** Only targets whose last event was created after this. */
  readonly afterLastEventCreatedAt?: Moment | undefined
}

/** What there is in `SpeakeasyOptions`. */
export const speakeasyOptions: NamesOf<SpeakeasyOptions> = {
  ...clientOptions,
  serverUrl: true,
  security: true,
  workspaceId: true,
}

/** What there is in `WorkspaceOptions`. */
export const workspaceOptions: NamesOf<WorkspaceOptions> = { ...callOptions, workspaceId: true }

/** What there is in `SearchOptions`: filters in the order in which the vendor's SDK sends them. */
export const searchOptions: NamesOf<SearchOptions> = {
  executionId: true,
  generateGenLockId: true,
  interactionType: true,
  limit: true,
  lintReportDigest: true,
  openapiDiffReportDigest: true,
  sourceRevisionDigest: true,
  success: true,
  ...workspaceOptions,
}

/** What there is in `EventsByTargetOptions`. */
export const eventsByTargetOptions: NamesOf<EventsByTargetOptions> = {
  ...workspaceOptions,
  afterCreatedAt: true,
}

/** What there is in `TargetsOptions`. */
export const targetsOptions: NamesOf<TargetsOptions> = {
  ...callOptions,
  afterLastEventCreatedAt: true,
}
