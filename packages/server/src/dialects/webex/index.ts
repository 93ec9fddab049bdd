import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { EventwellError } from '../../core/errors.ts'
import type { StoredEvent } from '../../core/event.ts'
import type { EventLog } from '../../core/log.ts'
import type { Dialect, Services } from '../contract.ts'
import { acceptAnyBody, bodyJson } from '../shared/body.ts'
import { bearerToken, requireAccess } from '../shared/gate.ts'
import { queryPairs } from '../shared/query-string.ts'
import { messageOf, refusalOf } from '../shared/refusal.ts'
import { addRoutes } from '../shared/routes.ts'
import { decodeEvents } from './decode.ts'
import { encodeEvent, encodeList } from './encode.ts'
import { foreignEvent, webexSource } from './ids.ts'
import { absent, operations } from './operations.ts'
import { decodeList, nextPageUrl } from './query.ts'

/** Webex's Events API, as its SDKs read it, and our route to put events of its shape in. */
export const webex: Dialect = {
  name: 'webex',
  prefixes: ['', '/webex'],
  operations,
  absent,
  mount,
}

const json = 'application/json;charset=UTF-8'
const spelling = { actor: 'actorId', organization: 'orgId', time: 'created' }
const unauthorized =
  'The request requires a valid access token set in the Authorization request header.'

function mount(app: FastifyInstance, { log, keys, bodies }: Services): void {
  app.addHook('onRequest', async (request, reply) => {
    const given = request.headers['trackingid']
    const isUsable = typeof given === 'string' && /^[\w.-]{1,128}$/.test(given)
    reply.header('trackingid', isUsable ? given : `ROUTER_${randomUUID().toUpperCase()}`)
  })
  acceptAnyBody(app, bodies)
  app.setErrorHandler((thrown, request, reply) => {
    const { error, status } = refusalOf(thrown, request, reply, spelling)
    const message = error.code === 'unauthorized' ? unauthorized : messageOf(error)
    const trackingId = reply.getHeader('trackingid')
    const body = { message, errors: [{ description: message }], trackingId }
    return reply.code(status).type(json).send(body)
  })

  addRoutes(app, webex.prefixes, operations, {
    'list events': {
      onRequest: requireAccess(keys, 'read', bearerToken),
      handler: async (request, reply) => {
        const { workspace } = request.access
        const pairs = queryPairs(request)
        const query = decodeList(pairs, Date.now(), log.limits.pageEventsMax)
        const { events, more, cursor } = await log.read(workspace, query)
        if (more) {
          const address = `${request.protocol}://${hostOf(request)}${request.routeOptions.url}`
          reply.header('link', `<${nextPageUrl(address, pairs, query, cursor)}>; rel="next"`)
        }
        return reply.type(json).send(encodeList(events))
      },
    },
    'get an event': {
      onRequest: requireAccess(keys, 'read', bearerToken),
      handler: async (request, reply) => {
        const { workspace } = request.access
        const { eventId } = request.params as { readonly eventId: string }
        const event = await findEvent(log, workspace, eventId)
        if (event === undefined) throw new EventwellError('not_found', 'There is no such event.')
        return reply.type(json).send(encodeEvent(event))
      },
    },
    'put events in': {
      onRequest: requireAccess(keys, 'write', bearerToken),
      handler: async (request, reply) => {
        await log.append(request.access.workspace, decodeEvents(bodyJson(request)), 'refuse')
        return reply.code(204).send()
      },
    },
  })
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
  return 'position' in foreign ? log.at(workspace, foreign.position) : log.find(workspace, foreign)
}

/** The host as the client knows it; the address that it reached when it does not say, or not properly. */
function hostOf({ host, socket }: FastifyRequest): string {
  return /^[\w.:[\]-]+$/.test(host) ? host : `${socket.localAddress}:${socket.localPort}`
}
