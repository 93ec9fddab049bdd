import type { FastifyInstance } from 'fastify'
import type { Dialect, Services } from '../contract.ts'
import { acceptAnyBody } from '../shared/body.ts'
import { refusalOf } from '../shared/refusal.ts'
import { mountConsumers } from './consumers/consumers.ts'
import { mountDocs } from './documentation/doc-routes.ts'
import { mountErasures } from './removal/erasures.ts'
import { mountExport } from './export/export.ts'
import { mountIngest } from './append/ingest.ts'
import { absent, operations } from './operations.ts'
import { prefixes } from './prefixes.ts'
import { instanceOf, problemOf, problemType } from './problem.ts'
import { mountReads } from './read/reads.ts'
import { mountRetention } from './removal/retention.ts'
import { mountSummaries } from './summaries/summaries.ts'
import { mountTail } from './tail/tail.ts'

/** Eventwell's own API: CloudEvents in and out. */
export const native: Dialect = { name: 'eventwell', prefixes, operations, absent, mount }

function mount(app: FastifyInstance, services: Services): void {
  app.setErrorHandler((thrown, request, reply) => {
    const { error, status } = refusalOf(thrown, request, reply, { actor: 'authid' })
    return reply
      .code(status)
      .type(problemType)
      .send(problemOf(error, status, instanceOf(request)))
  })
  acceptAnyBody(app, services)
  mountIngest(app, services)
  mountReads(app, services)
  mountSummaries(app, services)
  mountTail(app, services)
  mountExport(app, services)
  mountConsumers(app, services)
  mountErasures(app, services)
  mountRetention(app, services)
  mountDocs(app, services, operations)
}
