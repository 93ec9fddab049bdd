import cors from '@fastify/cors'
import type { FastifyInstance } from 'fastify'

const maxAgeSeconds = 600

const allowedHeaders = [
  'authorization',
  'x-api-key',
  'x-workspace-identifier',
  'logspace.space-token',
  'content-type',
  'content-encoding',
  'idempotency-key',
  'if-modified-since',
  'last-event-id',
  'eventwell-lease',
  'traceparent',
  'tracestate',
  // CloudEvents in binary mode: the attributes, and the extensions that the log knows.
  ...['specversion', 'id', 'source', 'type', 'subject', 'time', 'dataschema'].map(ce),
  ...['authid', 'organization', 'sequence', 'partitionkey', 'traceparent', 'tracestate'].map(ce),
]

const exposedHeaders = [
  'x-request-id',
  'trackingid',
  'ratelimit',
  'ratelimit-policy',
  'x-ratelimit-limit',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
  'retry-after',
  'link',
  'idempotency-replayed',
  'eventwell-gap',
  'content-disposition',
]

/**
 * Lets web pages of these origins (`*`: of any) ask every route, with a key that they know themselves: cookies
 * and the like play no part here. Their browsers may keep a permission for ten minutes.
 */
export function addCors(app: FastifyInstance, origins: readonly string[]): void {
  app.register(cors, {
    origin: origins.includes('*') ? '*' : [...origins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders,
    exposedHeaders,
    maxAge: maxAgeSeconds,
  })
}

function ce(attribute: string): string {
  return `ce-${attribute}`
}
