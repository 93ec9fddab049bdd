import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { EventwellError } from '../../core/errors.ts'
import type { EventLog } from '../../core/log.ts'
import type { Dialect, Services } from '../contract.ts'
import { acceptAnyBody, bodyJson } from '../shared/body.ts'
import { bearerToken, requireAccess } from '../shared/gate.ts'
import { queryPairs } from '../shared/query-string.ts'
import { placeText, refusalOf } from '../shared/refusal.ts'
import { decodeEvents } from './decode.ts'
import { encodeList } from './encode.ts'
import { derivedPlace, workosSource } from './ids.ts'
import { decodeList } from './query.ts'

/** WorkOS's Events API, as its SDKs read it, and our route to put events of its shape in. */
export const workos: Dialect = { name: 'workos', mount }

const json = 'application/json; charset=utf-8'

function mount(app: FastifyInstance, { log, keys }: Services): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('x-request-id', randomUUID())
  })
  acceptAnyBody(app)
  app.setErrorHandler((thrown, request, reply) => {
    const { error, status } = refusalOf(thrown, request, reply)
    return error.code === 'invalid_query' && error.place.field === 'limit'
      ? reply.code(422).type(json).send(validationFailure(error))
      : reply.code(status).type(json).send(failure(error))
  })

  for (const path of ['/events', '/workos/events']) {
    app.get(
      path,
      { onRequest: requireAccess(keys, 'read', bearerToken) },
      async (request, reply) => {
        const { workspace } = request.access
        const { after, ...query } = decodeList(queryPairs(request))
        const position = after === undefined ? undefined : await positionOf(log, workspace, after)
        const { events, more } = await log.readAfter(workspace, {
          ...query,
          order: 'position',
          direction: 'forward',
          after: position === undefined ? undefined : { position },
        })
        return reply.type(json).send(encodeList(events, more))
      },
    )
  }

  app.post(
    '/workos/events',
    { onRequest: requireAccess(keys, 'write', bearerToken) },
    async (request, reply) => {
      await log.append(request.access.workspace, decodeEvents(bodyJson(request)), 'refuse')
      return reply.code(200).type(json).send({ success: true })
    },
  )
}

/** The position of the event that a client names as its cursor, whatever filters it has now. */
async function positionOf(log: EventLog, workspace: string, id: string): Promise<number> {
  const own = await log.find(workspace, { source: workosSource, id })
  if (own !== undefined) return own.position
  const place = derivedPlace(id)
  if (
    place !== undefined &&
    place.position >= 1 &&
    place.position <= (await log.state(workspace)).head
  ) {
    const event = await log.at(workspace, place.position)
    // A withdrawn event leaves its position, which is still a place to go on from.
    if (event === undefined || event.receivedAtMs === place.receivedAtMs) return place.position
  }
  throw new EventwellError('invalid_cursor', `There is no event '${id}' to go on from.`, {
    field: 'after',
  })
}

/** The vendor's flat error body (contract section 2); clients look at `message` and `code`. */
function failure(error: EventwellError): object {
  const isRequestFault = error.code === 'invalid_query' || error.code === 'invalid_cursor'
  if (error.code === 'unauthorized') return { message: 'Unauthorized' }
  return {
    message: `${placeText(error.place)}${error.message}`,
    code: isRequestFault ? 'invalid_events_request' : error.code,
  }
}

/** The vendor's body for a value out of its range: `code` must be a string, clients join them. */
function validationFailure({ message, place }: EventwellError): object {
  return { message: 'Validation failed.', errors: [{ code: message, field: place.field }] }
}
