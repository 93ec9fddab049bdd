import type { FastifyReply, FastifyRequest } from 'fastify'
import type { CursorPage, EventLog } from '../../core/log.ts'
import type { Services } from '../contract.ts'
import { bodyJson } from '../shared/body.ts'
import { clientGone } from '../shared/client-gone.ts'
import { bearerToken, requireAccess, takeEvents } from '../shared/gate.ts'
import { queryPairs } from '../shared/query-string.ts'
import { auditCategories } from './audit-categories.ts'
import {
  adminAudit,
  categoryOfType,
  decodeAuditEvents,
  decodeAuditList,
  encodeAuditList,
  securityAudit,
  type AuditFeed,
  type AuditRequest,
} from './audit.ts'
import { json, linkToNext } from './page.ts'

/** The two audit feeds, read from the same log as all events, and our ways to put some in. */
export function auditRoutes(services: Services) {
  return {
    'list admin audit events': listRoute(services, adminAudit),
    'list admin audit event categories': categoriesRoute(services),
    'list security audit events': listRoute(services, securityAudit),
    'put admin audit events in': putRoute(services, adminAudit),
    'put security audit events in': putRoute(services, securityAudit),
  }
}

function listRoute({ log, keys, publicUrl }: Services, feed: AuditFeed) {
  return {
    onRequest: requireAccess(keys, 'read', bearerToken),
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      const pairs = queryPairs(request)
      const asked = decodeAuditList(pairs, feed)
      const { query } = asked
      const { events, more, cursor } = await readPage(log, request.access.workspace, asked)
      if (more) linkToNext(request, reply, { publicUrl, pairs, query, cursor, range: feed })
      return reply.type(json).send(encodeAuditList(events))
    },
  }
}

function putRoute({ log, keys }: Services, feed: AuditFeed) {
  return {
    onRequest: requireAccess(keys, 'write', bearerToken),
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      const events = decodeAuditEvents(bodyJson(request), feed)
      takeEvents(request, reply, events.length)
      await log.append(request.access.workspace, events, 'refuse')
      return reply.type(json).send({ warnings: [] })
    },
  }
}

/** The vendor's categories, and those of the events that are here. */
function categoriesRoute({ log, keys }: Services) {
  return {
    onRequest: requireAccess(keys, 'read', bearerToken),
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      const facets = [{ name: 'resource', values: [adminAudit.resource] }]
      const summary = { facets, groupBy: ['type'] }
      const rows = await log.summarize(request.access.workspace, summary, clientGone(reply))
      const seen = rows.map(({ group: [type = ''] }) => categoryOfType(type, adminAudit))
      const all = new Set([...auditCategories, ...seen.filter((name) => name !== undefined)])
      return reply.type(json).send({ eventCategories: [...all].toSorted() })
    },
  }
}

async function readPage(
  log: EventLog,
  workspace: string,
  { query, offset }: AuditRequest,
): Promise<CursorPage> {
  let { cursor } = query
  for (let left = offset; left > 0;) {
    const limit = Math.min(left, log.limits.pageEventsMax)
    const page = await log.read(workspace, { ...query, cursor, limit })
    if (!page.more) return { ...page, events: [] }
    cursor = page.cursor
    left -= page.events.length
  }
  return log.read(workspace, { ...query, cursor })
}
