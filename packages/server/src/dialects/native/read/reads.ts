import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { EventwellError } from '../../../core/errors.ts'
import type { StoredEvent } from '../../../core/event.ts'
import type { CursorQuery, EventLog } from '../../../core/log.ts'
import type { Services } from '../../contract.ts'
import { clientGone } from '../../shared/client-gone.ts'
import { bearerToken, requireAccess } from '../../shared/gate.ts'
import { queryPairs } from '../../shared/query-string.ts'
import { addRoutes } from '../../shared/routes.ts'
import { startOf } from './consumer-start.ts'
import { encodeFields, fieldsOf, fieldsProperty } from './fields.ts'
import type { NativeOperation } from '../operation.ts'
import { encodePage } from './page.ts'
import { Parameters } from '../parameters.ts'
import { prefixes } from '../prefixes.ts'
import { decodeList, listParameters } from './query.ts'
import { cloudEventSchema, eventPageSchema, jsonOf, shownEventSchema } from '../schemas.ts'

const json = 'application/json; charset=utf-8'
const eventType = 'application/cloudevents+json'

const getParameters = new Parameters({
  source: Type.Optional(
    Type.String({ description: "The event's source; without it, the id is a sequence." }),
  ),
  fields: fieldsProperty,
})

/** Reading events. */
export const readOperations = [
  {
    name: 'listEvents',
    method: 'GET',
    path: '/events',
    note: 'in order of position',
    summary:
      'A page of the events that all parameters hold for, in order of position. Whoever stores the cursor ' +
      'and asks again after it sees every event once.',
    scope: 'read',
    parameters: listParameters,
    answers: { 200: { description: 'A page.', content: jsonOf(eventPageSchema) } },
    example: { target: '/events?type=order.*&limit=10' },
  },
  {
    name: 'getEvent',
    method: 'GET',
    path: '/events/:id',
    note: 'by source and id, or by sequence',
    summary: 'One event: of a source and id, or at a place in the order.',
    scope: 'read',
    pathParameters: {
      id: Type.String({
        description: "The event's id; without `source`, its sequence of 16 digits.",
      }),
    },
    parameters: getParameters,
    answers: {
      200: {
        description: 'The event; with `fields`, as plain JSON.',
        content: { [eventType]: cloudEventSchema, ...jsonOf(shownEventSchema) },
      },
    },
    refusals: ['not_found'],
    example: { target: '/events/a-1?source=/shop' },
  },
] as const satisfies readonly NativeOperation[]

/** Adds the routes that read events. */
export function mountReads(app: FastifyInstance, { log, keys }: Services): void {
  const onRequest = requireAccess(keys, 'read', bearerToken)
  addRoutes(app, prefixes, readOperations, {
    listEvents: {
      onRequest,
      handler: async (request, reply) => {
        const { workspace } = request.access
        const { query: asked, consumer, fields } = decodeList(queryPairs(request))
        const query = { ...asked, cursor: await startOf(log, workspace, consumer, asked) }
        const page = await log.read(workspace, query, clientGone(reply))
        const overtaken = await overtakenBy(log, workspace, query)
        return reply.type(json).send(encodePage({ ...page, overtaken }, fields))
      },
    },
    getEvent: {
      onRequest,
      handler: async (request, reply) => {
        const { id } = request.params as { id: string }
        const { values } = getParameters.read(queryPairs(request))
        const fields = fieldsOf(values.fields)
        const event = await find(log, request.access.workspace, id, values.source)
        // Some of an event's attributes are no event.
        const type = fields === undefined ? `${eventType}; charset=utf-8` : json
        return reply.type(type).send(encodeFields(event, fields))
      },
    },
  })
}

/**
 * The highest position behind a reader's cursor that retention has removed. Asked after reading: so the
 * reader is rather told too much than too little. Who begins at the beginning has missed nothing.
 */
async function overtakenBy(
  log: EventLog,
  workspace: string,
  { cursor, direction, ...selection }: CursorQuery,
): Promise<number | undefined> {
  if (cursor === undefined || direction === 'backward') return undefined
  return log.overtaken(workspace, selection, await log.positionOf(workspace, cursor))
}

async function find(
  log: EventLog,
  workspace: string,
  id: string,
  source: string | undefined,
): Promise<StoredEvent> {
  const isSequence = /^\d{16}$/.test(id)
  if (source === undefined && !isSequence) {
    const message =
      'Without source, an event is named by its sequence of 16 digits; for its id, give ?source=, too.'
    throw new EventwellError('not_found', message)
  }
  const event =
    source === undefined
      ? await log.at(workspace, Number(id))
      : await log.find(workspace, { source, id })
  if (event !== undefined) return event
  const message =
    source === undefined
      ? `No event stands at ${id}: none ever did, or it was replaced or removed.`
      : `There is no event with this id of the source "${source.slice(0, 200)}".`
  throw new EventwellError('not_found', message)
}
