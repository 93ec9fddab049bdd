import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Speakeasy, interactionTypes, type SpeakeasySecurity } from '@eventwell/client/speakeasy'
import { Speakeasy as Vendor } from '@speakeasy-api/speakeasy-client-sdk-typescript'
import type { CliEvent } from '@speakeasy-api/speakeasy-client-sdk-typescript/sdk/models/shared/index.js'
import type { Recorded, SeenRequest } from '../support/replay.ts'
import { ReplayServer } from '../support/replay-server.ts'
import { aFullEvent, anEvent } from './support.ts'

// The vendor's own TypeScript SDK and ours, asked the same of the same recorded answers: what they send
// and what they read are compared. (This file compiles only as long as our events are events to the
// vendor's types.)

const security = { apiKey: 'sesame' }
const day = new Date('2025-04-02T07:15:00.250Z')
// Headers of which the two clients may differ: who they are, and what a runtime's fetch adds.
const own = new Set(['user-agent', 'host', 'connection', 'cookie'])

/** What is seen of two calls, each against the same answers. */
async function compared(
  answers: readonly Recorded[],
  ours: (client: Speakeasy) => Promise<unknown>,
  theirs: (client: Vendor) => Promise<unknown>,
  given: { security: SpeakeasySecurity; workspaceId: string; prefix?: string } = {
    security,
    workspaceId: 'ws',
  },
) {
  const outcomes: { requests: unknown[]; result: unknown }[] = []
  for (const isOurs of [true, false]) {
    const server = await ReplayServer.start(answers)
    const { prefix = '', ...options } = given
    const { workspaceId } = options
    const url = server.url + prefix
    const result = isOurs
      ? await ours(new Speakeasy({ serverUrl: url, ...options }))
      : await theirs(new Vendor({ serverURL: url, security: { ...given.security }, workspaceId }))
    outcomes.push({ requests: server.requests.map(whatMatters), result })
    await server.close()
  }
  const [one, other] = outcomes
  assert.ok(one!.requests.length > 0)
  assert.deepEqual(one!.requests, other!.requests)
  return { ours: one!.result, theirs: other!.result }
}

function whatMatters({ method, path, headers, body }: SeenRequest): object {
  const kept = Object.entries(headers).filter(([name]) => !own.has(name))
  return { method, path, headers: Object.fromEntries(kept), body }
}

describe('What is sent is what the vendor’s SDK sends', () => {
  const ok: Recorded = { status: 200 }
  const events = interactionTypes.map((_, n) => aFullEvent(`e-${n}`, n))

  it('posting a minimal event', async () => {
    const event = anEvent('e-1')
    await compared(
      [ok],
      (client) => client.events.post([event]),
      (client) => client.events.post({ requestBody: [event] as CliEvent[] }),
    )
  })

  it('posting all fields and all values of the lists, to the byte', async () => {
    await compared(
      [ok],
      (client) => client.events.post(events),
      (client) => client.events.post({ requestBody: events as CliEvent[] }),
    )
  })

  for (const given of [
    { apiKey: 'k' },
    { bearer: 't' },
    { bearer: 'bearer t' },
    { workspaceIdentifier: 'w' },
  ] as const) {
    it(`with the credential ${JSON.stringify(given)}`, async () => {
      await compared(
        [ok],
        (client) => client.events.post([anEvent('e-1')]),
        (client) => client.events.post({ requestBody: [anEvent('e-1')] as CliEvent[] }),
        { security: given, workspaceId: 'ws' },
      )
    })
  }

  it('a workspace that must be escaped, below a prefix', async () => {
    for (const workspaceId of ['ws /ü', 'a+b%?#', '<value>']) {
      await compared(
        [ok],
        (client) => client.events.post([anEvent('e-1')]),
        (client) => client.events.post({ requestBody: [anEvent('e-1')] as CliEvent[] }),
        { security, workspaceId, prefix: '/speakeasy/' },
      )
    }
  })

  it('a workspace of the call instead of the client’s', async () => {
    await compared(
      [ok],
      (client) => client.events.post([anEvent('e-1')], { workspaceId: 'other' }),
      (client) =>
        client.events.post({ requestBody: [anEvent('e-1')] as CliEvent[], workspaceId: 'other' }),
    )
  })

  it('searching', async () => {
    const none: Recorded = { status: 200, body: [] }
    const searches = [
      {},
      { success: false, limit: 1 },
      {
        sourceRevisionDigest: 'sha256:a b',
        lintReportDigest: 'l&=',
        openapiDiffReportDigest: 'ö+',
        interactionType: 'PUBLISH',
        generateGenLockId: "g/~!()*'-._",
        executionId: 'x',
        success: true,
        limit: 100,
      },
    ] as const
    for (const search of searches) {
      await compared(
        [none],
        (client) => client.events.search(search),
        (client) => client.events.search(search),
      )
    }
  })

  it('targets, and their events', async () => {
    const none: Recorded = { status: 200, body: [] }
    for (const after of [undefined, day]) {
      const byTarget = { targetId: 'lock /1', afterCreatedAt: after }
      const targets = { afterLastEventCreatedAt: after }
      await compared(
        [none],
        (client) => client.events.getEventsByTarget('lock /1', byTargetOnly(after)),
        (client) => client.events.getEventsByTarget(byTarget),
      )
      await compared(
        [none],
        (client) => client.events.getTargets(targets),
        (client) => client.events.getTargets(targets),
      )
      await compared(
        [none],
        (client) => client.events.getTargetsDeprecated(targets),
        (client) => client.events.getTargetsDeprecated(targets),
      )
    }
  })
})

function byTargetOnly(afterCreatedAt: Date | undefined) {
  return { afterCreatedAt }
}

describe('What is read is what the vendor’s SDK reads', () => {
  it('events with all fields, and times of any zone', async () => {
    const sent = await compared(
      [{ status: 200 }],
      async (client) => client.events.post([aFullEvent('e-1', 1), anEvent('e-2')]),
      async (client) =>
        client.events.post({ requestBody: [aFullEvent('e-1', 1), anEvent('e-2')] as CliEvent[] }),
    )
    assert.deepEqual(sent, { ours: undefined, theirs: undefined })
    const wire = [
      {
        id: 'e-1',
        execution_id: 'x',
        workspace_id: 'w',
        speakeasy_api_key_name: '',
        interaction_type: 'PUBLISH',
        local_started_at: '2025-03-01T10:00:00.123456789+02:00',
        created_at: '2024-11-21T06:58:42.12Z',
        speakeasy_version: '',
        success: true,
        duration_ms: 5,
      },
    ]
    const { ours, theirs } = await compared(
      [{ status: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, body: wire }],
      (client) => client.events.search(),
      (client) => client.events.search({}),
    )
    assert.deepEqual(ours, theirs)
  })

  it('targets', async () => {
    const wire = [
      {
        id: 'lock',
        generate_gen_lock_id: 'lock',
        generate_target: 'typescript',
        generate_number_of_operations_used: 41,
        generate_published: true,
        success: true,
        last_event_id: 'e-1',
        last_event_created_at: '2025-04-02T07:20:00Z',
        last_event_interaction_type: 'PUBLISH',
        last_publish_created_at: '2025-04-02T07:20:00Z',
        last_publish_gh_action_run_link: 'https://github.example/runs/4712',
        workflow_pre_raw: 'workflowVersion: 1.0.0\n',
      },
    ]
    const { ours, theirs } = await compared(
      [{ status: 200, body: wire }],
      (client) => client.events.getTargets(),
      (client) => client.events.getTargets({}),
    )
    assert.deepEqual(ours, theirs)
  })

  it('after 503 and a broken connection', async () => {
    const answers: Recorded[] = [
      {
        status: 503,
        headers: { 'retry-after': '1' },
        body: { message: 'temporarily unavailable', status_code: 503 },
      },
      { status: 200 },
    ]
    await compared(
      answers,
      (client) => client.events.post([anEvent('e-1')]),
      (client) => client.events.post({ requestBody: [anEvent('e-1')] as CliEvent[] }),
    )
  })
})
