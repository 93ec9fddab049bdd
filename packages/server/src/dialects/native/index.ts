import type { FastifyInstance } from 'fastify'
import { EventwellError } from '../../core/errors.ts'
import type { Dialect, Services } from '../contract.ts'
import { acceptAnyBody, bodyJson } from '../shared/body.ts'
import { bearerToken, requireAccess } from '../shared/gate.ts'
import { queryPairs } from '../shared/query-string.ts'
import { refusalOf } from '../shared/refusal.ts'
import { addRoutes } from '../shared/routes.ts'
import { decodeEvents } from './decode.ts'
import { encodePage, encodeReceipts } from './encode.ts'
import { absent, operations } from './operations.ts'
import { problemOf, problemType } from './problem.ts'
import { decodeList } from './query.ts'

/** Eventwell's own API: CloudEvents in and out. */
export const native: Dialect = {
  name: 'eventwell',
  prefixes: ['/eventwell'],
  operations,
  absent,
  mount,
}

function mount(app: FastifyInstance, services: Services): void {
  const { log, keys } = services
  acceptAnyBody(app, services)
  app.setErrorHandler((thrown, request, reply) => {
    const { error, status } = refusalOf(thrown, request, reply, { actor: 'authid' })
    return reply.code(status).type(problemType).send(problemOf(error, status))
  })

  addRoutes(app, native.prefixes, operations, {
    append: {
      onRequest: requireAccess(keys, 'write', bearerToken),
      handler: async (request, reply) => {
        if (request.headers['ce-specversion'] !== undefined) throw binaryMode()
        const events = decodeEvents(bodyJson(request))
        const receipts = await log.append(request.access.workspace, events, 'refuse')
        return reply.code(200).send(encodeReceipts(events, receipts))
      },
    },
    list: {
      onRequest: requireAccess(keys, 'read', bearerToken),
      handler: async (request, reply) => {
        const query = decodeList(queryPairs(request), log.limits.pageEventsMax)
        const page = await log.read(request.access.workspace, query)
        return reply.type('application/json; charset=utf-8').send(encodePage(page))
      },
    },
  })
}

function binaryMode(): EventwellError {
  const message =
    'CloudEvents in binary mode (ce-… headers) are not supported; send structured or batch mode.'
  return new EventwellError('invalid_event', message)
}
