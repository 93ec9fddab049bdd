import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readJson } from '../../core/json/json.ts'
import type { Services } from '../contract.ts'
import { bodyText } from '../shared/body.ts'
import { clientGone } from '../shared/client-gone.ts'
import { checkScope, takeEvents } from '../shared/gate.ts'
import { lastValue, queryPairs } from '../shared/query-string.ts'
import { boundedNumber } from './bounded-number.ts'
import { decodeEvents } from './decode.ts'
import { decodeFilter } from './filter.ts'
import { guarded, json } from './guard.ts'
import { retrieve, streamEvents } from './retrieval.ts'
import { tokenHeader } from './token.ts'

const countDefault = 10
const countMax = 1000
const streamCountMax = 2 ** 31 - 1

type Strategy = Parameters<FastifyInstance['addConstraintStrategy']>[0]

/** `GET /events` at the root is WorkOS's, unless the request carries a token of Logspace. */
export const isLogspace: Strategy = {
  name: 'isLogspace',
  storage() {
    const handlers = new Map<unknown, ReturnType<ReturnType<Strategy['storage']>['get']>>()
    return {
      get: (value) => handlers.get(value) ?? null,
      set: (value, handler) => handlers.set(value, handler),
    }
  },
  deriveConstraint({ headers, url }) {
    const isElsewhere = !/^\/+events$/.test(pathOf(url ?? ''))
    return isElsewhere || headers[tokenHeader] !== undefined ? true : undefined
  },
}

/** The path as the router sees it: without the address of the server, escapes undone. */
function pathOf(url: string): string {
  const [path = ''] = url.replace(/^https?:\/\/[^/]*/i, '').split(/[?#]/)
  return path.replaceAll(/%[0-7][\da-f]/gi, (escaped) => decodeURIComponent(escaped))
}

/** Storing events, and getting them back. */
export function eventRoutes({ log, keys }: Services) {
  async function store(request: FastifyRequest, reply: FastifyReply) {
    const events = decodeEvents(bodyText(request))
    takeEvents(request, reply, events.length)
    await log.append(request.access.workspace, events, 'replace')
    return reply.code(202).send()
  }

  async function retrieveBy(filter: string, request: FastifyRequest, reply: FastifyReply) {
    const { workspace } = request.access
    const pairs = queryPairs(request)
    const page = await retrieve(log, workspace, {
      selection: decodeFilter(parseFilter(filter), workspace, 'all'),
      count: boundedNumber(pairs, 'count', countDefault, [0, countMax]),
      cursor: lastValue(pairs, 'cursor') ?? '*',
      signal: clientGone(reply),
    })
    return reply.type(json).send(page)
  }

  return {
    'store events': { ...guarded(keys, 'write', 'EVENT_STORAGE_FAILED'), handler: store },
    'store or retrieve events': {
      ...guarded(keys, [], 'EVENT_STORAGE_FAILED'),
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const text = bodyText(request)
        const isFilter = /^\s*(?:\{|$)/.test(text)
        checkScope(request.access, isFilter ? 'read' : 'write')
        if (!isFilter) return store(request, reply)
        request.failure = 'EVENT_RETRIEVAL_FAILED'
        return retrieveBy(text, request, reply)
      },
    },
    'retrieve events': {
      ...guarded(keys, 'read', 'EVENT_RETRIEVAL_FAILED'),
      constraints: { [isLogspace.name]: true },
      handler: async (request: FastifyRequest, reply: FastifyReply) =>
        retrieveBy(lastValue(queryPairs(request), 'filter') ?? '', request, reply),
    },
    'stream events': {
      ...guarded(keys, 'read', 'EVENT_STREAM_FAILED'),
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const { workspace } = request.access
        const pairs = queryPairs(request)
        const selection = decodeFilter(parseFilter(bodyText(request)), workspace, 'all')
        const part = {
          offset: boundedNumber(pairs, 'offset', 0, [0, streamCountMax]),
          count: boundedNumber(pairs, 'count', countDefault, [0, streamCountMax]),
        }
        const events = streamEvents(log, workspace, selection, part, clientGone(reply))
        return reply.type(json).send(Readable.from(events))
      },
    },
  }
}

function parseFilter(text: string): unknown {
  return text.trim() === '' ? undefined : readJson(text)
}
