import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { View } from '../../core/view.ts'
import type { Services } from '../contract.ts'
import { bodyJson, bodyText } from '../shared/body.ts'
import { clientGone } from '../shared/client-gone.ts'
import { queryPairs } from '../shared/query-string.ts'
import { agentActivity, decodeActivity } from './agent-activity.ts'
import { agentsPlan } from './agents-view.ts'
import type { Controllers } from './controllers.ts'
import { downloadCsv } from './download.ts'
import { guarded, json } from './guard.ts'
import { decodeSuggestion, suggest, type SuggestionRequest } from './suggestion.ts'
import { decodeDefinitions, timeSeries } from './time-series.ts'

/** What charts are made of: what can be drawn, the values to draw, and which agents are active. */
export function chartRoutes({ log, keys }: Services, controllers: Controllers) {
  const agents = new View(log, agentsPlan)
  const reading = guarded(keys, 'read', 'DATA_RETRIEVAL_FAILED')

  async function suggestFor(asked: SuggestionRequest, { access }: FastifyRequest) {
    const capabilities = await controllers.all(access.workspace)
    return suggest(access.workspace, await agents.of(access.workspace), capabilities, asked)
  }

  return {
    suggest: {
      ...reading,
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const body = bodyText(request).trim() === '' ? undefined : bodyJson(request)
        return reply.type(json).send(await suggestFor(decodeSuggestion(body), request))
      },
    },
    'suggest by parameters': {
      ...reading,
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const pairs = queryPairs(request)
        const [text, propertyId, systemId, spaceId] = ['input', 'property', 'system', 'space'].map(
          (name) => pairs.get(name),
        )
        const asked = decodeSuggestion({ text, propertyId, systemId, spaceId })
        return reply.type(json).send(await suggestFor(asked, request))
      },
    },
    'time series': {
      ...reading,
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const { workspace } = request.access
        const definitions = decodeDefinitions(bodyJson(request), workspace)
        const series = await timeSeries(log, workspace, definitions, clientGone(reply))
        return reply.type(json).send(series)
      },
    },
    'agent activity': {
      ...reading,
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const asked = decodeActivity(queryPairs(request))
        const { workspace } = request.access
        const gone = clientGone(reply)
        return reply.type(json).send(await agentActivity(log, workspace, asked, Date.now(), gone))
      },
    },
    download: {
      ...reading,
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const { workspace } = request.access
        const definitions = decodeDefinitions(bodyJson(request), workspace)
        const known = await agents.of(workspace)
        const lines = downloadCsv(log, workspace, definitions, known, clientGone(reply))
        return reply
          .type('text/csv;charset=UTF-8')
          .header('content-disposition', 'attachment; filename=Events.csv')
          .send(Readable.from(lines))
      },
    },
  }
}
