import type { Absence, Operation } from '../shared/routes.ts'

/** What of WorkOS's Events API is served, and our way to put events in. */
export const operations = [
  {
    name: 'list events',
    method: 'GET',
    path: '/events',
    note:
      '`events` in every array encoding, `limit`, `after`, `range_start`, `range_end`, ' +
      '`organization_id`',
  },
  { name: 'put events in', method: 'POST', path: '/events', prefixes: ['/workos'], note: 'ours' },
] as const satisfies readonly Operation[]

/** What of it is not served. */
export const absent: readonly Absence[] = [
  { name: 'list with `before`', reason: 'not yet: 400' },
  { name: 'webhooks', reason: 'not yet' },
  { name: 'the refusals of the live service', reason: 'not yet: no names means all events' },
]
