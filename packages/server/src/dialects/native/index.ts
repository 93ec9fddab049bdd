import type { FastifyInstance } from 'fastify'
import type { Dialect, Services } from '../contract.ts'
import { acceptAnyBody } from '../shared/body.ts'
import { refusalOf } from '../shared/refusal.ts'
import { mountIngest } from './ingest.ts'
import { absent, operations } from './operations.ts'
import { prefixes } from './prefixes.ts'
import { problemOf, problemType } from './problem.ts'
import { mountReads } from './reads.ts'

/** Eventwell's own API: CloudEvents in and out. */
export const native: Dialect = { name: 'eventwell', prefixes, operations, absent, mount }

function mount(app: FastifyInstance, services: Services): void {
  app.setErrorHandler((thrown, request, reply) => {
    const { error, status } = refusalOf(thrown, request, reply, { actor: 'authid' })
    return reply.code(status).type(problemType).send(problemOf(error, status))
  })
  acceptAnyBody(app, services)
  mountIngest(app, services)
  mountReads(app, services)
}
