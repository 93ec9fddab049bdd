import type { Absence, Operation } from '../shared/routes.ts'

const ours = ['/workos']

/** What of WorkOS's Events API is served, and our ways to put events in. */
export const operations = [
  {
    name: 'list events',
    method: 'GET',
    path: '/events',
    note:
      '`events` in every array encoding, `limit`, `after`, `before`, `range_start`, `range_end`, ' +
      '`organization_id`; `order` where it is set',
  },
  { name: 'put events in', method: 'POST', path: '/events', prefixes: ours, note: 'ours' },
  {
    name: 'take a webhook',
    method: 'POST',
    path: '/webhook',
    prefixes: ours,
    note: 'ours, the address for an endpoint of WorkOS’s',
  },
] as const satisfies readonly Operation[]

/** What of it is not served. */
export const absent: readonly Absence[] = [
  { name: 'managing webhook endpoints', reason: 'nothing is delivered from here yet' },
  { name: 'audit logs', reason: 'another API of the vendor’s' },
  { name: 'the retired Audit Trail on the same path', reason: 'gone at the vendor’s, too' },
]
