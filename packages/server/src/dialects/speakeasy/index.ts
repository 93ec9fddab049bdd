import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { EventwellError } from '../../core/errors.ts'
import type { EventLog } from '../../core/log.ts'
import { View } from '../../core/view.ts'
import type { Dialect, Services } from '../contract.ts'
import { acceptAnyBody, bodyJson } from '../shared/body.ts'
import { takeEvents } from '../shared/gate.ts'
import { lastValue, queryPairs } from '../shared/query-string.ts'
import { messageOf, refusalOf } from '../shared/refusal.ts'
import { addRoutes, type Answer } from '../shared/routes.ts'
import { gate } from './access.ts'
import { decodeEvents } from './decode.ts'
import { encodeEvents, encodeTargets } from './encode.ts'
import { keyDetails } from './key-details.ts'
import { absent, operations, type OperationName } from './operations.ts'
import { decodeEventsOf, decodeSearch, lastEventAfter } from './query.ts'
import { targetsPlan } from './targets-view.ts'

/** Speakeasy's Events API, as its CLI and SDKs speak it. */
export const speakeasy: Dialect = {
  name: 'speakeasy',
  prefixes: ['', '/speakeasy'],
  operations,
  absent,
  mount,
}

const json = 'application/json; charset=utf-8'

function mount(app: FastifyInstance, services: Services): void {
  acceptAnyBody(app, services)
  app.setErrorHandler((thrown, request, reply) => {
    const { error, status } = refusalOf(thrown, request, reply, { time: 'created_at' })
    // The contract's Error schema (1.5): every client reads these two fields.
    return reply.code(status).send({ message: messageOf(error), status_code: status })
  })
  addRoutes(app, speakeasy.prefixes, operations, answersOf(services))
}

function answersOf({ log, keys }: Services): Readonly<Record<OperationName, Answer>> {
  const targets = new View(log, targetsPlan())
  const mayRead = gate(keys, 'read')

  async function listTargets(request: FastifyRequest, reply: FastifyReply) {
    const after = lastEventAfter(queryPairs(request))
    const state = await targets.of(request.access.workspace)
    return reply.type(json).send(encodeTargets(state, after))
  }

  /** The events whose field has the value that stands in the path as a parameter. */
  function listEventsOf(field: string, parameter: string): Answer {
    return {
      onRequest: mayRead,
      async handler(request, reply) {
        const value = (request.params as Record<string, string>)[parameter] ?? ''
        const query = decodeEventsOf(field, value, queryPairs(request), log.limits.pageEventsMax)
        const { events } = await log.read(request.access.workspace, query)
        return reply.type(json).send(encodeEvents(events))
      },
    }
  }

  return {
    postWorkspaceEvents: {
      onRequest: gate(keys, 'write'),
      async handler(request, reply) {
        const events = decodeEvents(bodyJson(request))
        takeEvents(request, reply, events.length)
        await log.append(request.access.workspace, events, 'replace')
        return reply.code(200).send()
      },
    },
    searchWorkspaceEvents: {
      onRequest: mayRead,
      handler: async (request, reply) => reply.type(json).send(await search(log, request)),
    },
    getWorkspaceTargets: { onRequest: mayRead, handler: listTargets },
    getWorkspaceTargetsDeprecated: { onRequest: mayRead, handler: listTargets },
    getWorkspaceEventsByTarget: listEventsOf('generate_gen_lock_id', 'target_id'),
    getWorkspaceEventsBySourceRevisionDigest: listEventsOf(
      'source_revision_digest',
      'source_revision_digest',
    ),
    validateApiKey: {
      // A CI job whose key may only write asks this, too.
      onRequest: gate(keys),
      handler: async (request, reply) =>
        reply.type(json).send(await keyDetails(log, request.access)),
    },
  }
}

async function search(log: EventLog, request: FastifyRequest): Promise<string> {
  const pairs = queryPairs(request)
  const query = decodeSearch(pairs, log.limits.pageEventsMax)
  const { events, more } = await log.read(request.access.workspace, query)
  const isExact = lastValue(pairs, 'limit') !== undefined
  if (isExact && more && events.length < query.limit) throw tooLarge(events.length)
  return encodeEvents(events)
}

/** An exact limit was asked for, and this dialect has no way to say that more is to come. */
function tooLarge(fits: number): EventwellError {
  const message = `The answer would be too large; limit=${fits} is what fits.`
  return new EventwellError('too_large', message, { field: 'limit' })
}
