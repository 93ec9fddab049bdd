import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { CloudEvent } from '@eventwell/client'
import { getJson, listNative, putIn, type Door } from './doors.ts'
import { TestServer, type Workspace } from './test-server.ts'

/** An event as it is put in by one door, and as each reading door is to show it. */
interface Case {
  readonly door: Door
  readonly sent: Readonly<Record<string, unknown>> & { readonly id: string }
  readonly native: Partial<CloudEvent>
  /** WorkOS's `event` is the native type; its id is the event's own only for its own. */
  readonly workos: { readonly id?: string; readonly created_at: string; readonly data: object }
  /** The id is the event's own only for Webex's own. */
  readonly webex: WebexEvent
}

interface WebexEvent {
  readonly id?: string
  readonly resource: string
  readonly type: string
  readonly actorId: string
  readonly orgId?: string
  readonly created: string
  readonly data: object
}

interface WorkosEvent {
  readonly id: string
  readonly event: string
  readonly created_at: string
  readonly data: object
}

const run = {
  id: 'run-7',
  execution_id: 'execution-7',
  workspace_id: 'ws_orchard',
  speakeasy_api_key_name: '',
  interaction_type: 'CLI_EXEC',
  local_started_at: '2026-03-01T10:00:00Z',
  created_at: '2026-03-01T12:00:00.123456789+02:00',
  speakeasy_version: '1.542.3',
  success: false,
  git_user_email: 'ada@orchard.example',
  of_our_own: { kept: true },
}
const load = {
  id: 'load-7',
  type: 'os/cpu',
  system: 'pear',
  'agent-id': 'os/cpu',
  timestamp: '2026-03-01T10:00:01Z',
  'double-properties': { load: [0.5] },
}
const group = {
  object: 'event',
  id: 'event_01JQ0000000000000000000007',
  event: 'dsync.group.created',
  created_at: '2026-03-01T10:00:02.5Z',
  data: {
    object: 'directory_group',
    id: 'directory_group_7',
    idp_id: 'group-7',
    directory_id: 'directory_7',
    organization_id: 'org_7',
    name: 'Growers',
    created_at: '2026-03-01T10:00:02.5Z',
    updated_at: '2026-03-01T10:00:02.5Z',
  },
  context: { actor: { id: 'user_7', source: 'api', name: null } },
}
const message = {
  id: 'Y2lzY29zcGFyazovL3VzL0VWRU5ULzc',
  resource: 'messages',
  type: 'deleted',
  actorId: 'Y2lzY29zcGFyazovL3VzL1BFT1BMRS83',
  orgId: 'Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi83',
  created: '2026-03-01T10:00:03.000Z',
  data: { id: 'message-7', text: 'A pear' },
}
const order = {
  specversion: '1.0',
  id: 'order 7',
  source: 'https://shop.example/orders',
  type: 'com.example.order.paid',
  subject: 'order/7',
  time: '2026-03-01T12:00:04.000000001+02:00',
  authid: 'user-7',
  organization: 'org-7',
  data: { sum: 12.5 },
}

const cases: Case[] = [
  {
    door: 'speakeasy',
    sent: run,
    native: {
      source: 'speakeasy',
      id: 'run-7',
      type: 'CLI_EXEC',
      time: run.created_at,
      authid: run.git_user_email,
      data: run,
    },
    workos: { created_at: '2026-03-01T10:00:00.123Z', data: run },
    webex: {
      resource: 'CLI_EXEC',
      type: 'created',
      actorId: run.git_user_email,
      created: '2026-03-01T10:00:00.123Z',
      data: run,
    },
  },
  {
    door: 'logspace',
    sent: load,
    native: {
      source: 'logspace',
      id: 'load-7',
      type: 'os/cpu',
      time: load.timestamp,
      data: load,
    },
    workos: { created_at: '2026-03-01T10:00:01.000Z', data: load },
    webex: {
      resource: 'os/cpu',
      type: 'created',
      actorId: 'logspace',
      created: '2026-03-01T10:00:01.000Z',
      data: load,
    },
  },
  {
    door: 'workos',
    sent: group,
    native: {
      source: 'workos',
      id: group.id,
      type: 'dsync.group.created',
      subject: 'directory_group_7',
      time: group.created_at,
      authid: 'user_7',
      organization: 'org_7',
      data: group.data,
    },
    workos: { id: group.id, created_at: group.created_at, data: group.data },
    webex: {
      resource: 'dsync.group',
      type: 'created',
      actorId: 'user_7',
      orgId: 'org_7',
      created: '2026-03-01T10:00:02.500Z',
      data: group.data,
    },
  },
  {
    door: 'webex',
    sent: message,
    native: {
      source: 'webex',
      id: message.id,
      type: 'messages.deleted',
      subject: 'message-7',
      time: message.created,
      authid: message.actorId,
      organization: message.orgId,
      data: message.data,
    },
    workos: { created_at: message.created, data: message.data },
    webex: message,
  },
  {
    door: 'native',
    sent: order,
    native: order as Partial<CloudEvent>,
    workos: { created_at: '2026-03-01T10:00:04.000Z', data: order.data },
    webex: {
      resource: 'com.example.order',
      type: 'paid',
      actorId: 'user-7',
      orgId: 'org-7',
      created: '2026-03-01T10:00:04.000Z',
      data: order.data,
    },
  },
]

let server: TestServer
let workspace: Workspace
before(async () => {
  server = await TestServer.start()
  workspace = server.newWorkspace()
  for (const { door, sent } of cases) await putIn(door, workspace, [sent])
})
after(() => server.close())

cases.forEach(({ door, sent, native, workos, webex }, at) => {
  describe(`An event that came in by the ${door} door`, () => {
    test('is in the native list', async () => {
      const events = await listNative(workspace)
      assert.equal(events.length, cases.length)
      const { sequence, recordedtime, envelope: _envelope, ...seen } = events[at]!
      assert.deepEqual(seen, { specversion: '1.0', ...native })
      assert.equal(Number(sequence), at + 1)
      assert.match(recordedtime!, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    })

    test('is in the list of WorkOS', async () => {
      const { data } = await getJson<{ data: WorkosEvent[] }>(workspace, '/events')
      assert.equal(data.length, cases.length)
      const { id, ...seen } = data[at]!
      const { id: ownId, ...mapped } = workos
      const own = door === 'workos' && { context: group.context }
      assert.deepEqual(seen, { object: 'event', event: native.type, ...mapped, ...own })
      if (ownId === undefined) assert.match(id, /^event_[0-7][0-9A-HJKMNP-TV-Z]{25}$/)
      else assert.equal(id, ownId)
    })

    test('is a place to go on from in the list of WorkOS', async () => {
      const { data } = await getJson<{ data: WorkosEvent[] }>(workspace, '/events')
      const after = await getJson<{ data: WorkosEvent[] }>(
        workspace,
        `/events?after=${data[at]!.id}`,
      )
      assert.deepEqual(after.data, data.slice(at + 1))
    })

    test('is in the list of Webex', async () => {
      const { items } = await getJson<{ items: WebexEvent[] }>(workspace, '/v1/events')
      assert.equal(items.length, cases.length)
      const { id, ...seen } = items[at]!
      const { id: ownId, ...mapped } = webex
      assert.deepEqual(seen, mapped)
      if (ownId === undefined) assert.match(id!, /^[A-Za-z0-9_-]+$/)
      else assert.equal(id, ownId)
    })

    test('is what Webex gives for the id in its list', async () => {
      const { items } = await getJson<{ items: WebexEvent[] }>(workspace, '/v1/events')
      const event = items[at]!
      assert.deepEqual(await getJson(workspace, `/v1/events/${event.id}`), event)
    })

    test('is found by its type in each', async () => {
      const type = encodeURIComponent(native.type!)
      const found = await listNative(workspace, `type=${type}`)
      assert.deepEqual(
        found.map(({ id }) => id),
        [sent.id],
      )
      const { data } = await getJson<{ data: object[] }>(workspace, `/events?events=${type}`)
      assert.equal(data.length, 1)
      const resource = encodeURIComponent(webex.resource)
      const { items } = await getJson<{ items: object[] }>(
        workspace,
        `/v1/events?resource=${resource}&type=${webex.type}`,
      )
      assert.equal(items.length, 1)
    })
  })
})
