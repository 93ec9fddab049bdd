import type { FastifyInstance, FastifyReply } from 'fastify'
import Type from 'typebox'
import { Lanes } from '../../../core/lanes.ts'
import type { Services } from '../../contract.ts'
import { clientGone } from '../../shared/client-gone.ts'
import { bearerToken, requireAccess } from '../../shared/gate.ts'
import { queryPairs } from '../../shared/query-string.ts'
import { addRoutes } from '../../shared/routes.ts'
import { aggregateParameters, decodeAggregate, encodeAggregate } from './aggregate.ts'
import { decodeFacetValues, encodeFacetValues, facetValuesParameters } from './facet-values.ts'
import { decodeHistogram, encodeHistogram, histogramParameters } from './histogram.ts'
import type { NativeOperation } from '../operation.ts'
import { prefixes } from '../prefixes.ts'
import { aggregateSchema, facetValuesSchema, histogramSchema, jsonOf } from '../schemas.ts'
import { checkRows, summarize } from './summary-query.ts'

/** Questions about many events at once. */
export const summaryOperations = [
  {
    name: 'histogram',
    method: 'GET',
    path: '/histogram',
    note: '',
    summary:
      'How many events happened in each stretch of time, all together or by the values of a facet. With ' +
      '`by`, only events that have the facet are counted.',
    scope: 'read',
    parameters: histogramParameters,
    answers: { 200: { description: 'The counts.', content: jsonOf(histogramSchema) } },
    refusals: ['too_costly'],
    example: { target: '/histogram?interval=1h&by=type' },
  },
  {
    name: 'aggregate',
    method: 'GET',
    path: '/aggregate',
    note: '',
    summary:
      'Count, sum, mean, smallest, largest and percentiles of a number in the payloads, all together, by ' +
      'stretches of time, or by the values of a facet. Without `measure`, `interval` and `by` it is the count.',
    scope: 'read',
    parameters: aggregateParameters,
    answers: { 200: { description: 'The measures.', content: jsonOf(aggregateSchema) } },
    refusals: ['too_costly'],
    example: { target: '/aggregate?measure=data.total&by=organization&percentiles=50,99' },
  },
  {
    name: 'facetValues',
    method: 'GET',
    path: '/facets/:name',
    note: '',
    summary: 'The values of a facet, and how many events have each.',
    scope: 'read',
    pathParameters: {
      name: Type.String({
        description:
          "A facet: type, resource, action, source, subject, actor, organization, or a dialect's own.",
      }),
    },
    parameters: facetValuesParameters,
    answers: { 200: { description: 'The values.', content: jsonOf(facetValuesSchema) } },
    refusals: ['too_costly'],
    example: { target: '/facets/type?prefix=order.' },
  },
] as const satisfies readonly NativeOperation[]

/** Adds the routes that sum up. */
export function mountSummaries(app: FastifyInstance, { log, keys }: Services): void {
  const onRequest = requireAccess(keys, 'read', bearerToken)
  addRoutes(app, prefixes, summaryOperations, {
    histogram: {
      onRequest,
      handler: async (request, reply) => {
        const query = decodeHistogram(queryPairs(request))
        const { workspace } = request.access
        const found = checkRows(await summarize(log, workspace, query, clientGone(reply)))
        return send(reply, () => encodeHistogram(query, found))
      },
    },
    aggregate: {
      onRequest,
      handler: async (request, reply) => {
        const query = decodeAggregate(queryPairs(request))
        const { workspace } = request.access
        const found = checkRows(await summarize(log, workspace, query, clientGone(reply)))
        return send(reply, () => encodeAggregate(query, found))
      },
    },
    facetValues: {
      onRequest,
      handler: async (request, reply) => {
        const { name } = request.params as { name: string }
        const query = decodeFacetValues(name, queryPairs(request))
        const { workspace } = request.access
        const found = await summarize(log, workspace, query, clientGone(reply))
        return send(reply, () => encodeFacetValues(query, found))
      },
    },
  })
}

// An answer may have some megabytes: others have their turn between two of them.
const answers = new Lanes(1)

async function send(reply: FastifyReply, encode: () => object): Promise<FastifyReply> {
  const text = await answers.pass(async () => JSON.stringify(encode()))
  return reply.type('application/json; charset=utf-8').send(text)
}
