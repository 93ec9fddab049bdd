import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import type { Services } from '../contract.ts'
import { clientGone } from '../shared/client-gone.ts'
import { bearerToken, requireAccess } from '../shared/gate.ts'
import { queryPairs } from '../shared/query-string.ts'
import { addRoutes } from '../shared/routes.ts'
import { encodePage } from './encode.ts'
import type { NativeOperation } from './operation.ts'
import { prefixes } from './prefixes.ts'
import { decodeList, listParameters } from './query.ts'

/** Reading events. */
export const readOperations = [
  {
    name: 'list',
    method: 'GET',
    path: '/events',
    note: 'in order of position',
    summary: 'A page of events in order of position.',
    scope: 'read',
    parameters: listParameters,
    answers: { 200: { description: 'A page.', content: { 'application/json': Type.Unknown() } } },
  },
] as const satisfies readonly NativeOperation[]

/** Adds the routes that read events. */
export function mountReads(app: FastifyInstance, { log, keys }: Services): void {
  addRoutes(app, prefixes, readOperations, {
    list: {
      onRequest: requireAccess(keys, 'read', bearerToken),
      handler: async (request, reply) => {
        const query = decodeList(queryPairs(request))
        const page = await log.read(request.access.workspace, query, clientGone(reply))
        return reply.type('application/json; charset=utf-8').send(encodePage(page))
      },
    },
  })
}
