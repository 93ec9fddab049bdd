import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { isSpeakeasyError, Speakeasy, type CliEvent } from '@eventwell/client/speakeasy'
import { listNative, putIn } from '../../../server/test/clients/doors.ts'
import { TestServer, type Workspace } from '../../../server/test/clients/test-server.ts'
import { aFullEvent, anEvent } from './support.ts'

let server: TestServer
before(async () => {
  server = await TestServer.start()
})
after(() => server.close())

function connect({ url, key, name }: Workspace): Speakeasy {
  return new Speakeasy({ serverUrl: url, security: { apiKey: key }, workspaceId: name })
}

const at = (minute: number) => new Date(Date.UTC(2025, 3, 3, 9, minute))

describe('Posting', () => {
  it('all fields come back', async () => {
    const { events } = connect(server.newWorkspace())
    const full = aFullEvent('e-1', 1)
    await events.post([full])
    assert.deepEqual(await events.search(), [full])
  })

  it('an event again, completed, leaves one with the new values', async () => {
    const { events } = connect(server.newWorkspace())
    const completed = anEvent('e-1', { success: true, durationMs: 5, localCompletedAt: at(1) })
    await events.post([anEvent('e-1')])
    await events.post([completed])
    assert.deepEqual(await events.search(), [completed])
  })

  it('is read natively, with fields that are not known', async () => {
    const workspace = server.newWorkspace()
    const { events } = connect(workspace)
    await events.post([anEvent('e-1', { extra: { new_field: { a: 1 } } })])
    const [event] = await listNative(workspace, 'type=CLI_EXEC')
    assert.equal(event?.id, 'e-1')
    assert.equal(event?.time, '2025-04-02T07:15:00.251Z')
    assert.deepEqual(await events.search(), [anEvent('e-1', { extra: { new_field: { a: 1 } } })])
  })

  it('reads what another client wrote, in its own way', async () => {
    const workspace = server.newWorkspace()
    const sent = {
      id: 'e-1',
      execution_id: 'x',
      workspace_id: 'w',
      speakeasy_api_key_name: '',
      interaction_type: 'RUN',
      local_started_at: '2025-03-01T10:00:01',
      created_at: '2025-03-01T10:00:00.123456789+02:00',
      speakeasy_version: '',
      success: true,
      error: null,
    }
    await putIn('speakeasy', workspace, [sent])
    const [event] = await connect(workspace).events.search()
    assert.deepEqual(event?.createdAt, new Date('2025-03-01T08:00:00.123Z'))
    assert.deepEqual(event.localStartedAt, new Date('2025-03-01T10:00:01Z'))
    assert.equal(event.error, undefined)
  })

  for (const kind of ['bearer', 'workspaceIdentifier'] as const) {
    it(`with the credential ${kind}`, async () => {
      const { url, key, name } = server.newWorkspace()
      const security = { [kind]: key } as { readonly bearer: string }
      const { events } = new Speakeasy({
        serverUrl: `${url}/speakeasy/`,
        security,
        workspaceId: name,
      })
      await events.post([anEvent('e-1')])
      assert.deepEqual(await events.search(), [anEvent('e-1')])
    })
  }
})

describe('Searching', () => {
  let client: Speakeasy
  const list: readonly CliEvent[] = [
    anEvent('e-0', { createdAt: at(0), executionId: 'x-0' }),
    anEvent('e-1', {
      createdAt: at(1),
      success: true,
      interactionType: 'TARGET_GENERATE',
      generateGenLockId: 'lock',
      generateTarget: 'go',
    }),
    anEvent('e-2', { createdAt: at(2), sourceRevisionDigest: 'sha256:a b' }),
    anEvent('e-3', { createdAt: at(3), lintReportDigest: 'lint' }),
    anEvent('e-4', { createdAt: at(4), openapiDiffReportDigest: 'diff' }),
    anEvent('e-5', {
      createdAt: at(5),
      success: true,
      interactionType: 'PUBLISH',
      generateGenLockId: 'lock',
      ghActionRunLink: 'https://runs.example/1',
    }),
  ]
  before(async () => {
    client = connect(server.newWorkspace())
    await client.events.post(list)
  })

  for (const [search, want] of [
    [{}, [5, 4, 3, 2, 1, 0]],
    [{ executionId: 'x-0' }, [0]],
    [{ generateGenLockId: 'lock' }, [5, 1]],
    [{ interactionType: 'PUBLISH' }, [5]],
    [{ sourceRevisionDigest: 'sha256:a b' }, [2]],
    [{ lintReportDigest: 'lint' }, [3]],
    [{ openapiDiffReportDigest: 'diff' }, [4]],
    [{ success: true }, [5, 1]],
    [{ success: false, limit: 2 }, [4, 3]],
    [{ success: true, executionId: 'x-0' }, []],
  ] as const) {
    it(JSON.stringify(search), async () => {
      const found = await client.events.search(search)
      assert.deepEqual(
        found,
        want.map((n) => list[n]),
      )
    })
  }

  it('by target', async () => {
    assert.deepEqual(await client.events.getEventsByTarget('lock'), [list[5], list[1]])
    assert.deepEqual(await client.events.getEventsByTarget('lock', { afterCreatedAt: at(1) }), [
      list[5],
    ])
    assert.deepEqual(await client.events.getEventsByTarget('none'), [])
  })

  it('targets, by either address', async () => {
    const want = [
      {
        id: 'lock',
        generateGenLockId: 'lock',
        generateTarget: 'go',
        ghActionRunLink: 'https://runs.example/1',
        lastEventId: 'e-5',
        lastEventCreatedAt: at(5),
        lastEventInteractionType: 'PUBLISH',
        lastPublishCreatedAt: at(5),
        lastPublishGhActionRunLink: 'https://runs.example/1',
        success: true,
      },
    ]
    assert.deepEqual(await client.events.getTargets(), want)
    assert.deepEqual(await client.events.getTargetsDeprecated(), want)
    assert.deepEqual(await client.events.getTargets({ afterLastEventCreatedAt: at(5) }), [])
    assert.deepEqual(
      await client.events.getTargetsDeprecated({ afterLastEventCreatedAt: at(4) }),
      want,
    )
  })
})

describe('Refusals', () => {
  for (const [status, what, refused] of [
    [401, 'an unknown key', () => connect({ ...server.development, key: 'wrong' }).events.search()],
    [
      403,
      'a workspace of another key',
      () => connect({ ...server.newWorkspace(), name: 'elsewhere' }).events.search(),
    ],
    [
      403,
      'a key that may not write',
      () => connect(server.newWorkspace(['read'])).events.post([anEvent('1')]),
    ],
    [400, 'an empty id', () => connect(server.newWorkspace()).events.post([anEvent('')])],
  ] as const) {
    it(`${status}, ${what}`, async () => {
      await assert.rejects(refused(), (error) => {
        assert.ok(isSpeakeasyError(error))
        assert.deepEqual([error.status, error.statusCode], [status, status])
        assert.ok(error.detail !== '' && error.message.includes(error.detail))
        return true
      })
    })
  }
})
