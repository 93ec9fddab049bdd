import type { FastifyInstance } from 'fastify'
import type { Dialect, Services } from '../contract.ts'
import { acceptAnyBody } from '../shared/body.ts'
import { addRoutes } from '../shared/routes.ts'
import { chartRoutes } from './chart-routes.ts'
import { controllerRoutes } from './controller-routes.ts'
import { Controllers } from './controllers.ts'
import { eventRoutes, isLogspace } from './event-routes.ts'
import { absent, operations } from './operations.ts'
import { refuse } from './refusals.ts'

/** Logspace HQ's HTTP API: what its agents speak, and what their events are read by. */
export const logspace: Dialect = {
  name: 'logspace',
  // Dialect D has a prefix of its own (contract section 0).
  prefixes: ['', '/api', '/logspace', '/logspace/api'],
  operations,
  absent,
  mount,
}

function mount(app: FastifyInstance, services: Services): void {
  acceptAnyBody(app, services, services.log.limits.largeBodyBytesMax)
  app.decorateRequest('failure')
  app.setErrorHandler(refuse)
  app.addConstraintStrategy(isLogspace)
  const controllers = new Controllers(services.log)
  addRoutes(app, logspace.prefixes, operations, {
    ...eventRoutes(services),
    ...controllerRoutes(services, controllers),
    ...chartRoutes(services, controllers),
  })
}
