import type { Absence, Operation } from '../shared/routes.ts'

const ours = ['/webex']
const audit = '`orgId`, `actorId`, `max`, `eventCategories`, `cursor`'

/** What of Webex's API is served, and our ways to put events in. */
export const operations = [
  {
    name: 'list events',
    method: 'GET',
    path: '/v1/events',
    note: '`resource`, `type`, `actorId`, `from`, `to`, `max`, `hasAttachments`, `serviceType`, `cursor`',
  },
  { name: 'get an event', method: 'GET', path: '/v1/events/:eventId', note: '' },
  {
    name: 'list admin audit events',
    method: 'GET',
    path: '/v1/adminAudit/events',
    note: `${audit}, \`from\`, \`to\`, \`offset\``,
  },
  {
    name: 'list admin audit event categories',
    method: 'GET',
    path: '/v1/adminAudit/eventCategories',
    note: 'the vendor’s, and those of the events that are here',
  },
  {
    name: 'list security audit events',
    method: 'GET',
    path: '/v1/admin/securityAudit/events',
    note: `${audit}, \`startTime\`, \`endTime\``,
  },
  { name: 'put events in', method: 'POST', path: '/v1/events', prefixes: ours, note: 'ours' },
  {
    name: 'put admin audit events in',
    method: 'POST',
    path: '/v1/adminAudit/events',
    prefixes: ours,
    note: 'ours',
  },
  {
    name: 'put security audit events in',
    method: 'POST',
    path: '/v1/admin/securityAudit/events',
    prefixes: ours,
    note: 'ours',
  },
  {
    name: 'take a webhook',
    method: 'POST',
    path: '/webhook',
    prefixes: ours,
    note: 'ours, the `targetUrl` for a webhook of Webex’s',
  },
] as const satisfies readonly Operation[]

/** What of it is not served. */
export const absent: readonly Absence[] = [
  { name: 'managing webhooks', reason: 'nothing is delivered from here yet' },
  { name: 'Slido compliance events', reason: 'another design of the vendor’s, not asked for' },
]
