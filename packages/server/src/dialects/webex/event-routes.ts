import type { FastifyReply, FastifyRequest } from 'fastify'
import { EventwellError } from '../../core/errors.ts'
import type { StoredEvent } from '../../core/event.ts'
import type { CursorQuery, EventLog } from '../../core/log.ts'
import type { Services } from '../contract.ts'
import { bodyJson } from '../shared/body.ts'
import { eventList } from '../shared/event-list.ts'
import { bearerToken, requireAccess, takeEvents } from '../shared/gate.ts'
import { queryPairs } from '../shared/query-string.ts'
import { warningsOf } from './check.ts'
import { decodeEvents } from './decode.ts'
import { encodeEvent, encodeList } from './encode.ts'
import { foreignEvent, viewId, webexSource } from './ids.ts'
import { json, linkToNext } from './page.ts'
import { decodeList } from './query.ts'
import { webexSettings } from './settings.ts'

/** The organisation's events: the list, one of them, and our way to put some in. */
export function eventRoutes({ log, keys, settings, publicUrl }: Services) {
  const onRequest = requireAccess(keys, 'read', bearerToken)

  return {
    'list events': {
      onRequest,
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const { workspace } = request.access
        const pairs = queryPairs(request)
        const own = webexSettings(settings, workspace)
        const query = decodeList(pairs, Date.now(), log.limits.pageEventsMax, own)
        const { events, more, cursor } = await log.read(workspace, query)
        if (more && (await leadsOn(log, workspace, { ...query, cursor }))) {
          linkToNext(request, reply, { publicUrl, pairs, query, cursor })
        }
        return reply.type(json).send(encodeList(events))
      },
    },
    'get an event': {
      onRequest,
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const { workspace } = request.access
        const { eventId } = request.params as { readonly eventId: string }
        const event = await findEvent(log, workspace, eventId)
        if (event === undefined) throw new EventwellError('not_found', 'There is no such event.')
        return reply.type(json).send(encodeEvent(event))
      },
    },
    'put events in': {
      onRequest: requireAccess(keys, 'write', bearerToken),
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const body = bodyJson(request)
        const events = decodeEvents(body)
        takeEvents(request, reply, events.length)
        await log.append(request.access.workspace, events, 'refuse')
        return reply.type(json).send({ warnings: warningsOf(eventList(body, 'one or many')) })
      },
    },
  }
}

/**
 * Whether a further event follows: a link to an empty page makes clients stop or fail (contract 1.7). Where
 * payloads are looked into, a page may end before that is known.
 */
async function leadsOn(log: EventLog, workspace: string, next: CursorQuery): Promise<boolean> {
  if (next.payload === undefined) return true
  const { events } = await log.read(workspace, { ...next, limit: 1 })
  return events.length > 0
}

async function findEvent(
  log: EventLog,
  workspace: string,
  eventId: string,
): Promise<StoredEvent | undefined> {
  const own = await log.find(workspace, { source: webexSource, id: eventId })
  if (own !== undefined) return own
  const foreign = foreignEvent(eventId)
  if (foreign === undefined) return undefined
  const isPlace = 'position' in foreign
  const event = await (isPlace ? log.at(workspace, foreign.position) : log.find(workspace, foreign))
  return event !== undefined && viewId(event) === eventId ? event : undefined
}
