import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { WorkOS as Official } from 'workos-11'
import { WorkOS } from '@eventwell/client/workos'
import { ReplayServer } from '../support/replay-server.ts'
import type { Recorded, SeenRequest } from '../support/replay.ts'

// What goes out, beside what the vendor's own client sends to the same server for the same question.

interface Ask {
  readonly events: string[]
  readonly limit: number
  readonly after?: string
  readonly rangeStart?: string
  readonly rangeEnd?: string
  readonly organizationId?: string
}

const empty: Recorded = {
  status: 200,
  body: { object: 'list', data: [], list_metadata: { after: null } },
}

/** What both send: the official client's first. */
async function bothSend(ask: Ask): Promise<[SeenRequest, SeenRequest]> {
  const server = await ReplayServer.start([empty, empty])
  try {
    const { hostname, port } = new URL(server.url)
    const place = { apiHostname: hostname, port: Number(port), https: false }
    await new Official('sk_test_1', place).events.listEvents(ask as never)
    await new WorkOS({ apiKey: 'sk_test_1', baseUrl: server.url }).events.listEvents(ask)
    const [theirs, ours] = server.requests
    return [theirs!, ours!]
  } finally {
    await server.close()
  }
}

describe('a request is that of @workos-inc/node 11', () => {
  const cases: readonly (readonly [what: string, ask: Ask])[] = [
    ['for one name', { events: ['user.created'], limit: 10 }],
    [
      'for three names',
      { events: ['user.created', 'dsync.user.created', 'flag.updated'], limit: 1 },
    ],
    ['for names that must be encoded', { events: ['os/cpu', 'a b', 'c+&=#%*~(ü)'], limit: 100 }],
    ['for no names', { events: [], limit: 10 }],
    [
      'after an event',
      { events: ['user.created'], limit: 5, after: 'event_01JQ0000000000000000000001' },
    ],
    [
      'for everything that can be asked',
      {
        events: ['user.created'],
        limit: 5,
        after: 'event_1',
        rangeStart: '2026-03-01T10:00:00+02:00',
        rangeEnd: '2020-05-04',
        organizationId: 'org_1',
      },
    ],
  ]
  for (const [what, ask] of cases) {
    it(`${what}, but for who it says it is`, async () => {
      const [theirs, ours] = await bothSend(ask)
      const { 'user-agent': theirAgent, ...theirHeaders } = theirs.headers
      const { 'user-agent': ourAgent, ...ourHeaders } = ours.headers
      assert.deepEqual({ ...ours, headers: ourHeaders }, { ...theirs, headers: theirHeaders })
      assert.match(theirAgent!, /^workos-node\//)
      assert.match(ourAgent!, /^eventwell-client\//)
    })
  }
})
