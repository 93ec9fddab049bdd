import type { FastifyInstance, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { Consumers } from '../../../core/consumers.ts'
import { invalidQuery } from '../../../core/errors.ts'
import type { Services } from '../../contract.ts'
import { bearerToken, requireAccess } from '../../shared/gate.ts'
import { addRoutes } from '../../shared/routes.ts'
import {
  commitBody,
  consumerListSchema,
  consumerSchema,
  consumerShower,
  leaseBody,
  leaseSchema,
  showLease,
} from './consumer-shapes.ts'
import type { NativeOperation } from '../operation.ts'
import { prefixes } from '../prefixes.ts'
import { jsonOf } from '../schemas.ts'

// A token is a secret: it stands in no address, which logs and proxies keep.
const leaseHeader = 'Eventwell-Lease'
const token = Type.String({
  description: 'The lease, as it was given out; needed while it is good.',
})

const pathParameters = {
  name: Type.String({
    description: 'The name of the consumer: 1 to 64 letters, digits, "_", "-" and ".".',
  }),
}
const leaseRefusals =
  'Refused as `conflict`, with `Retry-After`, while another has the lease of this consumer.'

/**
 * Positions that are kept here for readers. Whoever may read may keep where it is: `read` allows all of it.
 */
export const consumerOperations = [
  {
    name: 'listConsumers',
    method: 'GET',
    path: '/consumers',
    note: 'all of them, by name',
    summary: 'All consumers of the workspace, at most 1000, by name.',
    scope: 'read',
    answers: { 200: { description: 'The consumers.', content: jsonOf(consumerListSchema) } },
    example: { target: '/consumers' },
  },
  {
    name: 'getConsumer',
    method: 'GET',
    path: '/consumers/:name',
    note: 'its cursor, and how far it lags behind',
    summary: 'Where a consumer is, and how far it lags behind.',
    scope: 'read',
    pathParameters,
    answers: { 200: { description: 'The consumer.', content: jsonOf(consumerSchema) } },
    refusals: ['not_found'],
  },
  {
    name: 'commitConsumer',
    method: 'PUT',
    path: '/consumers/:name',
    note: 'keeps a cursor; durable when it is answered',
    summary:
      'Keeps the cursor up to which a consumer has done its work; it is durable when this is answered. The ' +
      'first one makes the consumer. A cursor that lies behind the one committed is refused as `conflict` ' +
      `unless \`rewind\` is true. ${leaseRefusals}`,
    scope: 'read',
    pathParameters,
    body: jsonOf(commitBody.schema),
    answers: { 200: { description: 'The consumer.', content: jsonOf(consumerSchema) } },
    refusals: ['conflict', 'invalid_cursor'],
  },
  {
    name: 'forgetConsumer',
    method: 'DELETE',
    path: '/consumers/:name',
    note: 'its next reader begins with the oldest event',
    summary: `Forgets a consumer. ${leaseRefusals}`,
    scope: 'read',
    pathParameters,
    headers: { [leaseHeader]: Type.Optional(token) },
    answers: { 204: { description: 'It is forgotten.' } },
    refusals: ['conflict', 'not_found'],
  },
  {
    name: 'leaseConsumer',
    method: 'POST',
    path: '/consumers/:name/lease',
    note: 'for one of several workers; renewed with its token',
    summary:
      'Gives one of several workers the right to commit, for some seconds; with `lease`, renews the one it ' +
      `has. ${leaseRefusals}`,
    scope: 'read',
    pathParameters,
    body: jsonOf(leaseBody.schema),
    answers: { 200: { description: 'The lease.', content: jsonOf(leaseSchema) } },
    refusals: ['conflict'],
    example: { target: '/consumers/billing/lease', body: '{"seconds":30,"holder":"worker-1"}' },
  },
  {
    name: 'releaseLease',
    method: 'DELETE',
    path: '/consumers/:name/lease',
    note: 'so that nobody has to wait until it is over',
    summary: `Gives a lease back before its time. ${leaseRefusals}`,
    scope: 'read',
    pathParameters,
    headers: { [leaseHeader]: token },
    answers: { 204: { description: 'Nobody has a lease now.' } },
    refusals: ['conflict', 'not_found'],
  },
] as const satisfies readonly NativeOperation[]

/** Adds the routes of named consumers. */
export function mountConsumers(app: FastifyInstance, { log, keys }: Services): void {
  const consumers = new Consumers(log)
  const onRequest = requireAccess(keys, 'read', bearerToken)
  addRoutes(app, prefixes, consumerOperations, {
    listConsumers: {
      onRequest,
      handler: async ({ access: { workspace } }) => {
        const all = await consumers.list(workspace)
        const show = await consumerShower(log, workspace)
        return { consumers: all.map(show) }
      },
    },
    getConsumer: {
      onRequest,
      handler: async (request) => {
        const { workspace } = request.access
        const consumer = await consumers.get(workspace, nameOf(request))
        return (await consumerShower(log, workspace))(consumer)
      },
    },
    commitConsumer: {
      onRequest,
      handler: async (request) => {
        const { workspace } = request.access
        const consumer = await consumers.commit(
          workspace,
          nameOf(request),
          commitBody.read(request),
        )
        return (await consumerShower(log, workspace))(consumer)
      },
    },
    forgetConsumer: {
      onRequest,
      handler: async (request, reply) => {
        await consumers.forget(request.access.workspace, nameOf(request), leaseOf(request))
        return reply.code(204).send()
      },
    },
    leaseConsumer: {
      onRequest,
      handler: async (request) => {
        const { workspace } = request.access
        const consumer = await consumers.takeLease(
          workspace,
          nameOf(request),
          leaseBody.read(request),
        )
        return showLease(log, workspace, consumer)
      },
    },
    releaseLease: {
      onRequest,
      handler: async (request, reply) => {
        const lease = leaseOf(request)
        if (lease === undefined) {
          const message = `${leaseHeader} is missing: send the lease in this header, as it was given out.`
          throw invalidQuery(leaseHeader.toLowerCase(), message)
        }
        await consumers.giveBackLease(request.access.workspace, nameOf(request), lease)
        return reply.code(204).send()
      },
    },
  })
}

function nameOf({ params }: FastifyRequest): string {
  return (params as { name: string }).name
}

/** The lease that a request shows; undefined when it shows none. */
function leaseOf({ headers }: FastifyRequest): string | undefined {
  const text = [headers[leaseHeader.toLowerCase()] ?? []].flat().join(', ').trim()
  return text === '' ? undefined : text
}
