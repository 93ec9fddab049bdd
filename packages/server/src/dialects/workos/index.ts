import type { FastifyInstance } from 'fastify'
import { invalidQuery } from '../../core/errors.ts'
import type { NewEvent } from '../../core/event.ts'
import type { Dialect, Services } from '../contract.ts'
import { acceptAnyBody, bodyJson } from '../shared/body.ts'
import { eventList } from '../shared/event-list.ts'
import { bearerToken, requireAccess, takeEvents } from '../shared/gate.ts'
import { lastValue, queryPairs } from '../shared/query-string.ts'
import { refusalOf } from '../shared/refusal.ts'
import { addRoutes } from '../shared/routes.ts'
import { keepDelivered } from '../shared/webhook.ts'
import { checkPayloads } from './check.ts'
import { decodeEvents } from './decode.ts'
import { encodeList } from './encode.ts'
import { failure, statusOf } from './failure.ts'
import { checkIds } from './id-check.ts'
import { readList } from './list.ts'
import { absent, operations } from './operations.ts'
import { decodeList } from './query.ts'
import { keepOnce } from './repeats.ts'
import { workosSettings, workosSettingsSchema } from './settings.ts'
import { checkAsLive } from './strict.ts'
import { checkDelivery, workspaceOfDelivery } from './webhook.ts'
import { withinWindow } from './window.ts'

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

function mount(app: FastifyInstance, services: Services): void {
  const { log, keys, settings } = services
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
        takeEvents(request, reply, events.length)
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
