import type { InjectOptions } from 'fastify'

const at = '2026-03-01T10:00:00.000Z'

type Event = (id: string) => object

const ways: readonly (readonly [
  name: string,
  dialect: string,
  method: 'PUT' | 'POST',
  url: string,
  event: Event,
])[] = [
  [
    'native',
    'eventwell',
    'POST',
    '/eventwell/events',
    (id) => ({ specversion: '1.0', id, source: '/s', type: 't' }),
  ],
  [
    'speakeasy',
    'speakeasy',
    'POST',
    '/v1/workspace/w/events',
    (id) => ({
      id,
      execution_id: 'x',
      workspace_id: 'w',
      speakeasy_api_key_name: '',
      interaction_type: 'RUN',
      local_started_at: at,
      created_at: at,
      speakeasy_version: '1',
      success: true,
    }),
  ],
  ['logspace, put', 'logspace', 'PUT', '/events', agentEvent],
  ['logspace, posted', 'logspace', 'POST', '/logspace/events', agentEvent],
  [
    'workos',
    'workos',
    'POST',
    '/workos/events?check=off',
    (id) => ({ id: `event_${id}`, event: 'order.paid', created_at: at, data: {} }),
  ],
  [
    'webex',
    'webex',
    'POST',
    '/webex/v1/events',
    (id) => ({ id, resource: 'messages', type: 'created', actorId: 'p', created: at, data: {} }),
  ],
  ['webex, admin audit', 'webex', 'POST', '/webex/v1/adminAudit/events', auditEvent],
  ['webex, security audit', 'webex', 'POST', '/webex/v1/admin/securityAudit/events', auditEvent],
]

/** A way by which events come in, with a request that puts so many new ones in. */
export interface DoorRequest {
  readonly name: string
  readonly dialect: string
  readonly putIn: (key: string, count: number) => InjectOptions
}

let made = 0

/** Every way by which events come in with a key. */
export const doorRequests: readonly DoorRequest[] = ways.map(
  ([name, dialect, method, url, event]) => ({
    name,
    dialect,
    putIn: (key, count) => ({
      method,
      url,
      headers: keyHeaders(dialect, key),
      payload: Array.from({ length: count }, () => event(`new-${(made += 1)}`)),
    }),
  }),
)

/** The header that carries a key to a dialect. */
export function keyHeaders(dialect: string, key: string): Record<string, string> {
  return dialect === 'logspace'
    ? { 'logspace.space-token': key }
    : { authorization: `Bearer ${key}` }
}

function agentEvent(id: string): object {
  return { id, system: 'h', 'agent-id': 'a', timestamp: at }
}

function auditEvent(id: string): object {
  const data = { eventCategory: 'LOGINS', actorName: 'Ada', actionText: 'did' }
  return { id, created: at, actorOrgId: 'o', actorId: 'p', data }
}
