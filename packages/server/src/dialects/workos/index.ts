import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { EventwellError, invalidEvent } from '../../core/errors.ts'
import type { NewEvent } from '../../core/event.ts'
import type { EventLog } from '../../core/log.ts'
import type { Dialect, Services } from '../contract.ts'
import { acceptAnyBody, bodyJson } from '../shared/body.ts'
import { bearerToken, requireAccess } from '../shared/gate.ts'
import { queryPairs } from '../shared/query-string.ts'
import { messageOf, refusalOf } from '../shared/refusal.ts'
import { addRoutes } from '../shared/routes.ts'
import { decodeEvents } from './decode.ts'
import { encodeList } from './encode.ts'
import { derivedPlace, workosSource } from './ids.ts'
import { absent, operations } from './operations.ts'
import { decodeList } from './query.ts'

/** WorkOS's Events API, as its SDKs read it, and our route to put events of its shape in. */
export const workos: Dialect = {
  name: 'workos',
  prefixes: ['', '/workos'],
  operations,
  absent,
  mount,
}

const json = 'application/json; charset=utf-8'

function mount(app: FastifyInstance, { log, keys, bodies }: Services): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('x-request-id', randomUUID())
  })
  acceptAnyBody(app, bodies)
  app.setErrorHandler((thrown, request, reply) => {
    const { error, status } = refusalOf(thrown, request, reply, {
      type: 'event',
      time: 'created_at',
    })
    return error.code === 'invalid_query' && error.place.field === 'limit'
      ? reply.code(422).type(json).send(validationFailure(error))
      : reply.code(status).type(json).send(failure(error))
  })

  addRoutes(app, workos.prefixes, operations, {
    'list events': {
      onRequest: requireAccess(keys, 'read', bearerToken),
      handler: async (request, reply) => {
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
    },
    'put events in': {
      onRequest: requireAccess(keys, 'write', bearerToken),
      handler: async (request, reply) => {
        const { workspace } = request.access
        const events = decodeEvents(bodyJson(request))
        await checkIds(log, workspace, events)
        await log.append(workspace, events, 'refuse')
        return reply.code(200).type(json).send({ success: true })
      },
    },
  })
}

/** The position of the event that a client names as its cursor, whatever filters it has now. */
async function positionOf(log: EventLog, workspace: string, id: string): Promise<number> {
  const own = await log.find(workspace, { source: workosSource, id })
  const position = own?.position ?? (await derivedPosition(log, workspace, id))
  if (position !== undefined) return position
  const message = `There is no event '${id}' to go on from.`
  throw new EventwellError('invalid_cursor', message, { field: 'after' })
}

/** The position of the event that is seen under a derived id; undefined when none is or was. */
async function derivedPosition(
  log: EventLog,
  workspace: string,
  id: string,
): Promise<number | undefined> {
  const place = derivedPlace(id)
  if (place === undefined || place.position < 1) return undefined
  if (place.position > (await log.state(workspace)).head) return undefined
  const event = await log.at(workspace, place.position)
  // A withdrawn event leaves its position, which is still a place to go on from.
  const isIt = event === undefined || event.receivedAtMs === place.receivedAtMs
  return isIt ? place.position : undefined
}

/** An event under an id that another one is seen under would hide that one from those who poll. */
async function checkIds(
  log: EventLog,
  workspace: string,
  events: readonly NewEvent[],
): Promise<void> {
  for (const [index, { id }] of events.entries()) {
    if (derivedPlace(id) === undefined) continue
    if ((await derivedPosition(log, workspace, id)) === undefined) continue
    throw invalidEvent(index, 'id', 'id is the one under which another event is seen here.')
  }
}

/** The vendor's flat error body (contract section 2); clients look at `message` and `code`. */
function failure(error: EventwellError): object {
  const isRequestFault = error.code === 'invalid_query' || error.code === 'invalid_cursor'
  if (error.code === 'unauthorized') return { message: 'Unauthorized' }
  return {
    message: messageOf(error),
    code: isRequestFault ? 'invalid_events_request' : error.code,
  }
}

/** The vendor's body for a value out of its range: `code` must be a string, clients join them. */
function validationFailure({ message, place }: EventwellError): object {
  return { message: 'Validation failed.', errors: [{ code: message, field: place.field }] }
}
