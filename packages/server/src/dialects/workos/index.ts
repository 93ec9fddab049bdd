import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { invalidEvent, invalidQuery } from '../../core/errors.ts'
import type { NewEvent } from '../../core/event.ts'
import type { EventLog } from '../../core/log.ts'
import type { Dialect, Services } from '../contract.ts'
import { acceptAnyBody, bodyJson } from '../shared/body.ts'
import { eventList } from '../shared/event-list.ts'
import { bearerToken, requireAccess } from '../shared/gate.ts'
import { lastValue, queryPairs } from '../shared/query-string.ts'
import { refusalOf } from '../shared/refusal.ts'
import { addRoutes } from '../shared/routes.ts'
import { keepDelivered } from '../shared/webhook.ts'
import { checkPayloads } from './check.ts'
import { derivedPosition } from './cursor.ts'
import { decodeEvents } from './decode.ts'
import { encodeList } from './encode.ts'
import { failure, statusOf } from './failure.ts'
import { derivedPlace } from './ids.ts'
import { readList } from './list.ts'
import { keepOnce } from './repeats.ts'
import { absent, operations } from './operations.ts'
import { decodeList } from './query.ts'
import { workosSettings, workosSettingsSchema } from './settings.ts'
import { checkAsLive } from './strict.ts'
import { withinWindow } from './window.ts'
import { checkDelivery, workspaceOfDelivery } from './webhook.ts'

/** WorkOS's Events API, as its SDKs read it, and our routes to put events of its shape in. */
export const workos: Dialect = {
  name: 'workos',
  prefixes: ['', '/workos'],
  operations,
  absent,
  settings: workosSettingsSchema,
  mount,
}

const json = 'application/json; charset=utf-8'
// By how much the clock may be set back while the server runs.
const clockMs = 60_000

function mount(app: FastifyInstance, services: Services): void {
  const { log, keys, settings } = services
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('x-request-id', randomUUID())
  })
  acceptAnyBody(app, services)
  app.setErrorHandler((thrown, request, reply) => {
    const spelling = { type: 'event', time: 'created_at' }
    const { error, status } = refusalOf(thrown, request, reply, spelling)
    return reply.code(statusOf(error, status)).type(json).send(failure(error))
  })

  addRoutes(app, workos.prefixes, operations, {
    'list events': {
      onRequest: requireAccess(keys, 'read', bearerToken),
      handler: async (request, reply) => {
        const { workspace } = request.access
        const own = workosSettings(settings, workspace)
        const asked = withinWindow(decodeList(queryPairs(request)), own, Date.now())
        await checkAsLive(log, workspace, asked, own)
        const page = await readList(log, workspace, asked, own)
        return reply.type(json).send(encodeList(page))
      },
    },
    'put events in': {
      onRequest: requireAccess(keys, 'write', bearerToken),
      handler: async (request, reply) => {
        const { workspace } = request.access
        const isChecked = wantsCheck(queryPairs(request))
        const body = bodyJson(request)
        const events = decodeEvents(body)
        if (isChecked) checkPayloads(eventList(body, 'one or many'))
        await checkIds(log, workspace, events)
        await keepOnce(log, workspace, events)
        return reply.code(200).type(json).send({ success: true })
      },
    },
    'take a webhook': {
      config: { isDelivery: true },
      onRequest: async (request) => checkDelivery(settings, request, Date.now()),
      handler: async (request, reply) => {
        const workspace = workspaceOfDelivery(settings, request)
        const [event] = decodeEvents([bodyJson(request)]) as [NewEvent]
        await checkIds(log, workspace, [event])
        const isKept = await keepDelivered(log, workspace, event)
        if (!isKept) request.log.warn({ id: event.id }, 'a webhook differs from the event here')
        return reply.code(200).type(json).send({ success: true })
      },
    },
  })
}

function wantsCheck(pairs: URLSearchParams): boolean {
  const check = lastValue(pairs, 'check') ?? 'on'
  if (check === 'on' || check === 'off') return check === 'on'
  throw invalidQuery('check', 'check must be on or off.')
}

/**
 * An event under an id that another one is seen under, or will be, would hide that one from those who poll.
 * Ids are made of the time of receipt, so no event will be seen under one whose time has passed.
 */
async function checkIds(
  log: EventLog,
  workspace: string,
  events: readonly NewEvent[],
): Promise<void> {
  for (const [index, { id }] of events.entries()) {
    const place = derivedPlace(id)
    if (place === undefined) continue
    const mayCome = place.receivedAtMs > Date.now() - clockMs
    if (!mayCome && (await derivedPosition(log, workspace, id)) === undefined) continue
    throw invalidEvent(
      index,
      'id',
      'id is one under which another event is, or may come to be, seen here.',
    )
  }
}
