import type { FastifyInstance } from 'fastify'
import type { TSchema } from 'typebox'
import type { Keys } from '../core/access.ts'
import type { EventLog } from '../core/log.ts'
import type { ServerMetrics } from '../core/metrics/server-metrics.ts'
import type { Settings } from '../core/settings.ts'
import type { BodyReaders } from './shared/body.ts'
import type { Absence, Operation } from './shared/routes.ts'

/** What a dialect is given to work with. */
export interface Services extends BodyReaders {
  readonly log: EventLog
  readonly keys: Keys
  readonly settings: Settings
  readonly metrics: ServerMetrics
  /** The address under which clients know the server, without a slash at its end, where that was set. */
  readonly publicUrl: string | undefined
}

/** One vendor's way of writing and reading events over HTTP, around pure functions. */
export interface Dialect {
  /** Its prefix, without slashes; a vendor's is also the source of its events. */
  readonly name: string
  /** What its routes stand below; the first is the one that its page shows. */
  readonly prefixes: readonly string[]
  /** What of the vendor's API is served; the table on the dialect's page is made of it. */
  readonly operations: readonly Operation[]
  /** What of it is not. */
  readonly absent: readonly Absence[]
  /** What can be set for a workspace: an object's schema. */
  readonly settings?: TSchema
  /** Adds its routes to an encapsulated part of the app: own body parsing, own error envelope. */
  mount(app: FastifyInstance, services: Services): void
}
