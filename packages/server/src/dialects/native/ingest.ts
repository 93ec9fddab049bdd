import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { EventwellError } from '../../core/errors.ts'
import type { Services } from '../contract.ts'
import { bodyJson } from '../shared/body.ts'
import { bearerToken, requireAccess } from '../shared/gate.ts'
import { addRoutes } from '../shared/routes.ts'
import { decodeEvents } from './decode.ts'
import { encodeReceipts } from './encode.ts'
import type { NativeOperation } from './operation.ts'
import { prefixes } from './prefixes.ts'
import { cloudEventSchema } from './schemas.ts'

/** Putting events in. */
export const ingestOperations = [
  {
    name: 'append',
    method: 'POST',
    path: '/events',
    note: 'one CloudEvent (structured mode) or an array (batch mode): all or none',
    summary: 'Keeps events.',
    scope: 'write',
    body: { 'application/cloudevents+json': cloudEventSchema },
    answers: { 200: { description: 'Kept.', content: { 'application/json': Type.Unknown() } } },
  },
] as const satisfies readonly NativeOperation[]

/** Adds the routes that take events. */
export function mountIngest(app: FastifyInstance, { log, keys }: Services): void {
  addRoutes(app, prefixes, ingestOperations, {
    append: {
      onRequest: requireAccess(keys, 'write', bearerToken),
      handler: async (request, reply) => {
        if (request.headers['ce-specversion'] !== undefined) throw binaryMode()
        const events = decodeEvents(bodyJson(request))
        const receipts = await log.append(request.access.workspace, events, 'refuse')
        return reply.code(200).send(encodeReceipts(events, receipts))
      },
    },
  })
}

function binaryMode(): EventwellError {
  const message =
    'CloudEvents in binary mode (ce-… headers) are not supported; send structured or batch mode.'
  return new EventwellError('invalid_event', message)
}
