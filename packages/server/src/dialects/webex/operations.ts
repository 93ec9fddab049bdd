import type { Absence, Operation } from '../shared/routes.ts'

/** What of Webex's Events API is served, and our way to put events in. */
export const operations = [
  {
    name: 'list events',
    method: 'GET',
    path: '/v1/events',
    note: '`resource`, `type`, `actorId`, `from`, `to`, `max`, `cursor`',
  },
  { name: 'get an event', method: 'GET', path: '/v1/events/:eventId', note: '' },
  { name: 'put events in', method: 'POST', path: '/v1/events', prefixes: ['/webex'], note: 'ours' },
] as const satisfies readonly Operation[]

/** What of it is not served. */
export const absent: readonly Absence[] = [
  { name: 'admin audit events', reason: 'not yet' },
  { name: 'security audit events', reason: 'not yet' },
  { name: 'webhooks', reason: 'not yet' },
  { name: '`hasAttachments`, `serviceType`', reason: 'not yet: ignored' },
]
