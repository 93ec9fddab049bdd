import { randomUUID } from 'node:crypto'
import Fastify, {
  LogController,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import { EventwellError } from '../core/errors.ts'
import { ServerMetrics } from '../core/metrics/server-metrics.ts'
import type { Settings } from '../core/settings.ts'
import type { Dialect, Services } from '../dialects/contract.ts'
import { BodyReader } from '../dialects/shared/body-reader.ts'
import { refusalOf } from '../dialects/shared/refusal.ts'
import { refuseConnection } from './client-errors.ts'
import { addCors } from './cors.ts'
import { addMetrics, countRefusals } from './metrics.ts'
import { addShutdown } from './shutdown.ts'
import { addUi } from './ui.ts'

/** What an app is made of. */
export interface AppOptions extends Pick<Services, 'log' | 'keys'> {
  readonly dialects: readonly Dialect[]
  /** Nothing is set unless this says so. */
  readonly settings?: Settings | undefined
  readonly publicUrl?: string | undefined
  /** Addresses of proxies whose `X-Forwarded-…` headers are believed, joined by commas. */
  readonly trustProxy?: string | undefined
  /** Origins of web pages that may ask, `*` for any; none unless this says so. */
  readonly cors?: readonly string[] | undefined
  /** Where to count what the app does; of its own unless this says so. */
  readonly metrics?: ServerMetrics | undefined
}

const noSettings: Settings = { workspaces: [], of: () => ({}) }

// Ids stand in paths: Webex's are long, and those of foreign events longer.
const pathParameterCharsMax = 8192
const requestTimeoutMs = 60_000

/** The HTTP face of the log: each dialect in a part of its own, health, and the page for browsers. */
export function createApp(options: AppOptions): FastifyInstance {
  const { dialects, log, keys, settings = noSettings, publicUrl, trustProxy, cors } = options
  const { metrics = new ServerMetrics() } = options
  const app = Fastify({
    ...(trustProxy !== undefined && { trustProxy }),
    requestTimeout: requestTimeoutMs,
    // A client that has stopped reading its answer holds it in memory until then.
    connectionTimeout: requestTimeoutMs,
    logController: new LogController({ disableRequestLogging: true }),
    logger: { level: 'warn', stream: process.stderr },
    genReqId: () => randomUUID(),
    frameworkErrors: refuseUnread,
    clientErrorHandler: refuseConnection,
    // Agents and SDKs join a base address that ends in a slash with a path that begins with one.
    routerOptions: { ignoreDuplicateSlashes: true, maxParamLength: pathParameterCharsMax },
  })
  app.decorateRequest('access')
  app.decorateRequest('refusal')
  app.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id)
    done()
  })
  if (cors !== undefined) addCors(app, cors)
  app.setErrorHandler((thrown, request, reply) => {
    const { error, status } = refusalOf(thrown, request, reply)
    return refuseGenerally(request, reply, status, error)
  })
  app.setNotFoundHandler((request, reply) => {
    return refuseGenerally(request, reply, 404, nothingAt(request.method, request.url))
  })
  app.get('/healthz', async (_request, reply) => {
    try {
      await log.ready()
      return await reply.send({ status: 'ok' })
    } catch (error) {
      // An unexpected failure was logged when it happened; here it only shows.
      const isKnown = error instanceof EventwellError
      const reason = isKnown ? error.message : 'The last write failed; see the log.'
      return reply.code(503).send({ status: 'unavailable', reason })
    }
  })
  const { bodyBytesMax, bodiesBytesMax, deliveryBytesMax, deliveriesBytesMax } = log.limits
  const services = {
    log,
    keys,
    settings,
    metrics,
    publicUrl,
    bodies: new BodyReader(bodyBytesMax, bodiesBytesMax),
    deliveries: new BodyReader(deliveryBytesMax, deliveriesBytesMax, 'refuse the oldest'),
  }
  addUi(app)
  addMetrics(app, metrics, keys)
  addShutdown(app)
  for (const dialect of dialects) {
    app.register(async (part) => {
      countRefusals(part, metrics, dialect.name)
      dialect.mount(part, services)
      part.all(`/${dialect.name}/*`, ({ method, url }) => {
        throw nothingAt(method, url)
      })
    })
  }
  return app
}

function nothingAt(method: string, url: string): EventwellError {
  return new EventwellError('not_found', `There is nothing at ${method} ${url.split('?')[0]}.`)
}

/** A refusal outside every dialect: each vendor's clients find the keys and headers that they look at. */
function refuseGenerally(
  { id }: FastifyRequest,
  reply: FastifyReply,
  status: number,
  { code, message }: Pick<EventwellError, 'code' | 'message'>,
): FastifyReply {
  const trackingId = `ROUTER_${id.toUpperCase()}`
  void reply.header('x-request-id', id).header('trackingid', trackingId)
  return reply.code(status).send({
    type: code.toUpperCase(),
    title: code.replaceAll('_', ' '),
    status,
    detail: message,
    code,
    message,
    status_code: status,
    errors: [{ description: message }],
    trackingId,
  })
}

/** Answers a request that no route could be found for because its address cannot be read. */
function refuseUnread(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const refusal = { code: 'invalid_query', message: `${error.message}.` } as const
  void refuseGenerally(request, reply, 400, refusal)
}
