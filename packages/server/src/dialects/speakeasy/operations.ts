import type { Absence, Operation } from '../shared/routes.ts'

const events = '/v1/workspace/:workspace_id/events'

/** What of Speakeasy's API is served, by the vendor's own operation ids. */
export const operations = [
  {
    name: 'postWorkspaceEvents',
    method: 'POST',
    path: events,
    note: 'all of the array or nothing; a repeated id replaces the event',
  },
  {
    name: 'searchWorkspaceEvents',
    method: 'GET',
    path: events,
    note: 'every filter, and the legacy `after_created_at`; 250 events without a `limit`',
  },
  {
    name: 'getWorkspaceTargets',
    method: 'GET',
    path: '/v1/workspace/events/targets',
    note: "of the key's workspace; at most 10,000 and 16 Mi characters, the latest",
  },
  {
    name: 'getWorkspaceTargetsDeprecated',
    method: 'GET',
    path: `${events}/targets`,
    note: 'the same answer',
  },
  {
    name: 'getWorkspaceEventsByTarget',
    method: 'GET',
    path: `${events}/targets/:target_id/events`,
    note: 'the newest, at most 1000 and 8 MiB; `after_created_at`',
  },
  {
    name: 'getWorkspaceEventsBySourceRevisionDigest',
    method: 'GET',
    path: `${events}/source_revision_digest/:source_revision_digest`,
    note: 'legacy; the newest, at most 1000 and 8 MiB',
  },
  {
    name: 'validateApiKey',
    method: 'GET',
    path: '/v1/auth/validate',
    note: 'any key will do; the CLI asks this before it starts',
  },
] as const satisfies readonly Operation[]

/** The name of one of the operations. */
export type OperationName = (typeof operations)[number]['name']

/** What of it is not served. */
export const absent: readonly Absence[] = [
  { name: 'Reports', reason: 'lint and change reports are no events; events carry their digests' },
  { name: 'all other groups', reason: 'they are of the platform, and hold no events' },
]
