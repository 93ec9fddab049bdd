import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Dialect, Services } from '../contract.ts'
import { acceptAnyBody } from '../shared/body.ts'
import { messageOf, refusalOf } from '../shared/refusal.ts'
import { addRoutes, refuseOtherMethods } from '../shared/routes.ts'
import { auditRoutes } from './audit-routes.ts'
import { eventRoutes } from './event-routes.ts'
import { absent, operations } from './operations.ts'
import { json } from './page.ts'
import { webexSettingsSchema } from './settings.ts'
import { webhookRoutes } from './webhook-route.ts'

/** Webex's Events API and audit feeds, as its SDKs read them, and our routes to put events of their shapes in. */
export const webex: Dialect = {
  name: 'webex',
  prefixes: ['', '/webex'],
  operations,
  absent,
  settings: webexSettingsSchema,
  mount,
}

const spelling = { actor: 'actorId', organization: 'orgId', time: 'created' }
const unauthorized =
  'The request requires a valid access token set in the Authorization request header.'

function mount(app: FastifyInstance, services: Services): void {
  app.addHook('onRequest', async (request, reply) => {
    const given = request.headers['trackingid']
    const isUsable = typeof given === 'string' && /^[\w.-]{1,128}$/.test(given)
    reply.header('trackingid', isUsable ? given : `ROUTER_${randomUUID().toUpperCase()}`)
  })
  acceptAnyBody(app, services)
  app.setErrorHandler((thrown, request, reply) => {
    const { error, status } = refusalOf(thrown, request, reply, spelling)
    const message = error.code === 'unauthorized' ? unauthorized : messageOf(error)
    const trackingId = reply.getHeader('trackingid')
    const body = { message, errors: [{ description: message }], trackingId }
    // The vendor's clients wait and come back after a 429, and few of them after a 503.
    return reply
      .code(error.code === 'busy' ? 429 : status)
      .type(json)
      .send(body)
  })
  addRoutes(app, webex.prefixes, operations, {
    ...eventRoutes(services),
    ...auditRoutes(services),
    ...webhookRoutes(services),
  })
  refuseOtherMethods(app, webex.prefixes, operations)
}
