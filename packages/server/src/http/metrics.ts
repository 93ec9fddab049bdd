import type { FastifyInstance } from 'fastify'
import type { Keys } from '../core/access.ts'
import { metricsType } from '../core/metrics/metrics.ts'
import type { ServerMetrics } from '../core/metrics/server-metrics.ts'
import { bearerToken, requireAccess } from '../dialects/shared/gate.ts'
import { addProcessMetrics } from './process-metrics.ts'

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** Measures every request that is answered but tails, and serves `GET /metrics` to keys that may read it. */
export function addMetrics(app: FastifyInstance, metrics: ServerMetrics, keys: Keys): void {
  const stop = addProcessMetrics(metrics.all)
  app.addHook('onClose', async () => stop())
  app.addHook('onResponse', (request, reply, done) => {
    // A tail lasts as long as its reader likes; there is a gauge of those that are open.
    const type = String(reply.getHeader('content-type') ?? '')
    if (request.method === 'GET' && type.startsWith('text/event-stream')) return done()
    const method = methods.has(request.method) ? request.method : '_OTHER'
    const route = request.routeOptions.url ?? 'none'
    const seconds = reply.elapsedTime / 1000
    metrics.requestSeconds.observe(seconds, method, route, String(reply.statusCode))
    done()
  })
  app.get(
    '/metrics',
    {
      onRequest: requireAccess(keys, 'metrics', bearerToken),
      onSend: async (_request, reply) => {
        if (reply.statusCode === 401) reply.header('www-authenticate', 'Bearer')
      },
    },
    async (_request, reply) =>
      reply.type(metricsType).header('cache-control', 'no-store').send(metrics.all.text()),
  )
}

/** Counts the refusals of a dialect's part of the app by their codes. */
export function countRefusals(
  part: FastifyInstance,
  metrics: ServerMetrics,
  dialect: string,
): void {
  part.addHook('onResponse', ({ refusal }, _reply, done) => {
    if (refusal !== undefined) metrics.refusals.add(1, dialect, refusal)
    done()
  })
}
