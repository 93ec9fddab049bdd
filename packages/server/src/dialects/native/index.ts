import type { FastifyInstance } from 'fastify'
import type { Dialect, Services } from '../contract.ts'
import { acceptAnyBody } from '../shared/body.ts'
import { refuseOtherMethods } from '../shared/routes.ts'
import { mountConsumers } from './consumers/consumers.ts'
import { mountDocs } from './documentation/doc-routes.ts'
import { mountErasures } from './removal/erasures.ts'
import { mountExport } from './export/export.ts'
import { mountIngest } from './append/ingest.ts'
import { refuseParameters } from './no-parameters.ts'
import { absent, operations } from './operations.ts'
import { prefixes } from './prefixes.ts'
import { mountReads } from './read/reads.ts'
import { refuseAs } from './refuse.ts'
import { mountRetention } from './removal/retention.ts'
import { mountSummaries } from './summaries/summaries.ts'
import { mountTail } from './tail/tail.ts'

/** Eventwell's own API: CloudEvents in and out. */
export const native: Dialect = { name: 'eventwell', prefixes, operations, absent, mount }

function mount(app: FastifyInstance, services: Services): void {
  const refuse = refuseAs(services.publicUrl)
  app.setErrorHandler((thrown, request, reply) => refuse(thrown, request, reply))
  acceptAnyBody(app, services)
  refuseParameters(app, operations)
  mountIngest(app, services)
  mountReads(app, services)
  mountSummaries(app, services)
  mountTail(app, services)
  mountExport(app, services)
  mountConsumers(app, services)
  mountErasures(app, services)
  mountRetention(app, services)
  mountDocs(app, services, operations)
  refuseOtherMethods(app, prefixes, operations)
}
