import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Speakeasy } from '@speakeasy-api/speakeasy-client-sdk-typescript'
import type { SearchWorkspaceEventsRequest } from '@speakeasy-api/speakeasy-client-sdk-typescript/sdk/models/operations/index.js'
import type { CliEvent } from '@speakeasy-api/speakeasy-client-sdk-typescript/sdk/models/shared/index.js'
import { listNative, putIn } from './doors.ts'
import { FaultyProxy, type Fault } from './faulty-proxy.ts'
import { at, isSdkError, minimal } from './speakeasy-client.ts'
import { TestServer } from './test-server.ts'

let server: TestServer
before(async () => {
  server = await TestServer.start()
})
after(() => server.close())

function connect(url = server.development.url, apiKey = 'development'): Speakeasy {
  return new Speakeasy({ serverURL: url, security: { apiKey }, workspaceId: '<value>' })
}

async function search(request: SearchWorkspaceEventsRequest): Promise<CliEvent[]> {
  return connect().events.search(request)
}

describe('The example in the documents', () => {
  for (const [language, text, id] of [
    ['Go', '<value>', '<id>'],
    ['Python', 'string', '<ID>'],
  ] as const) {
    test(`runs as in the ${language} document, with the address and key alone changed`, async () => {
      const { url } = server.development
      const client = new Speakeasy({
        serverURL: url,
        security: { apiKey: 'development' },
        workspaceId: text,
      })
      const event: CliEvent = {
        createdAt: new Date('2024-11-21T06:58:42.120Z'),
        executionId: text,
        id,
        interactionType: 'CLI_EXEC',
        localStartedAt: new Date('2024-05-07T12:35:47.182Z'),
        speakeasyApiKeyName: text,
        speakeasyVersion: text,
        success: false,
        workspaceId: text,
      }
      assert.equal(await client.events.post({ requestBody: [event] }), undefined)
      assert.deepEqual(await client.events.search({ executionId: text }), [event])
    })
  }
})

describe('Posting', () => {
  test('a minimal event comes back equal', async () => {
    const event = minimal('minimal', 'minimal-1')
    assert.equal(await connect().events.post({ requestBody: [event] }), undefined)
    assert.deepEqual(await search({ executionId: 'minimal' }), [event])
  })

  test('an event again, completed, leaves one row with the new values', async () => {
    const begun = minimal('completed', 'completed-1')
    const completed: CliEvent = {
      ...begun,
      success: true,
      durationMs: 12_750,
      localCompletedAt: new Date('2025-04-02T07:15:13.001Z'),
      lastStep: 'Generate',
    }
    await connect().events.post({ requestBody: [begun] })
    await connect().events.post({ requestBody: [completed] })
    assert.deepEqual(await search({ executionId: 'completed' }), [completed])
    assert.deepEqual(await search({ executionId: 'completed', success: false }), [])
  })

  test('a batch of two keeps both, and the later of two with one id', async () => {
    const first = minimal('batch', 'batch-1', { createdAt: new Date('2025-04-02T08:00:00.001Z') })
    const second = minimal('batch', 'batch-2', { createdAt: new Date('2025-04-02T08:00:00.002Z') })
    const secondAgain = { ...second, error: 'It failed.' }
    await connect().events.post({ requestBody: [first, second] })
    assert.deepEqual(await search({ executionId: 'batch' }), [second, first])
    await connect().events.post({ requestBody: [second, secondAgain] })
    assert.deepEqual(await search({ executionId: 'batch' }), [secondAgain, first])
  })

  test('with a bearer token instead of an API key', async () => {
    const client = new Speakeasy({
      serverURL: `${server.development.url}/speakeasy/`,
      security: { bearer: 'development' },
      workspaceId: 'any',
    })
    const event = minimal('bearer', 'bearer-1')
    await client.events.post({ requestBody: [event] })
    assert.deepEqual(await client.events.search({ executionId: 'bearer' }), [event])
  })

  test('no event at all is refused as an SDKError', async () => {
    await assert.rejects(connect().events.post({ requestBody: [] }), isSdkError(400))
  })
})

describe('Searching', () => {
  const execution = 'searching'
  const digests = {
    sourceRevisionDigest: 'sha256:source',
    lintReportDigest: 'sha256:lint',
    openapiDiffReportDigest: 'sha256:diff',
  }
  const run = minimal(execution, 'run', { success: true, createdAt: at(1) })
  const target = minimal(execution, 'target', {
    interactionType: 'TARGET_GENERATE',
    generateGenLockId: 'lock-pear',
    success: true,
    createdAt: at(3),
    ...digests,
  })
  const lint = minimal('searching-elsewhere', 'lint', {
    interactionType: 'LINT',
    createdAt: at(2),
  })

  before(() => connect().events.post({ requestBody: [run, target, lint] }))

  const cases: [keyof SearchWorkspaceEventsRequest, SearchWorkspaceEventsRequest, CliEvent[]][] = [
    ['executionId', { executionId: execution }, [target, run]],
    ['interactionType', { executionId: execution, interactionType: 'TARGET_GENERATE' }, [target]],
    ['success', { interactionType: 'LINT', success: false }, [lint]],
    ['success', { executionId: execution, success: false }, []],
    ['generateGenLockId', { generateGenLockId: 'lock-pear' }, [target]],
    ['sourceRevisionDigest', { sourceRevisionDigest: 'sha256:source' }, [target]],
    ['lintReportDigest', { lintReportDigest: 'sha256:lint' }, [target]],
    ['openapiDiffReportDigest', { openapiDiffReportDigest: 'sha256:diff' }, [target]],
    ['limit', { executionId: execution, limit: 1 }, [target]],
    ['executionId', { executionId: 'nobody ran this, 100% & more' }, []],
  ]
  for (const [filter, request, found] of cases) {
    const names = found.map(({ id }) => id).join(', ') || 'nothing'
    test(`by ${filter} finds ${names}: ${JSON.stringify(request)}`, async () => {
      assert.deepEqual(await search(request), found)
    })
  }

  test('does not trip over events that came in by other doors', async () => {
    await putIn('native', server.development, [
      { specversion: '1.0', id: 'n', source: '/shop', type: 'CLI_EXEC', data: { success: true } },
    ])
    assert.deepEqual(await search({ interactionType: 'LINT' }), [lint])
    assert.equal(
      (await search({})).every(({ speakeasyVersion }) => speakeasyVersion !== undefined),
      true,
    )
  })
})

describe('The times of an event', () => {
  test('survive to the millisecond as the SDK writes them', async () => {
    const event = minimal('times', 'times-1', {
      createdAt: new Date('2024-02-29T23:59:59.999Z'),
      localStartedAt: new Date('2024-02-29T23:59:59.001Z'),
      localCompletedAt: new Date('0001-01-01T00:00:00.000Z'),
    })
    await connect().events.post({ requestBody: [event] })
    assert.deepEqual(await search({ executionId: 'times' }), [event])
  })

  test('are decoded as other languages write them: offsets, nanoseconds, no zone, null', async () => {
    await putIn('speakeasy', server.development, [
      {
        id: 'times-2',
        execution_id: 'times-of-others',
        workspace_id: 'ws_orchard',
        speakeasy_api_key_name: '',
        interaction_type: 'CI_EXEC',
        local_started_at: '2025-03-01T10:00:01',
        local_completed_at: null,
        created_at: '2025-03-01T10:00:00.123456789+02:00',
        speakeasy_version: '',
        success: true,
      },
    ])
    const [event] = await search({ executionId: 'times-of-others' })
    assert.deepEqual(event?.createdAt, new Date('2025-03-01T08:00:00.123Z'))
    assert.deepEqual(event?.localStartedAt, new Date('2025-03-01T10:00:01.000Z'))
    assert.equal(event?.localCompletedAt, undefined)
  })
})

describe('A key that is not known', () => {
  test('makes posting an SDKError 401 and stores nothing', async () => {
    const { events } = connect(server.development.url, 'wrong')
    await assert.rejects(
      events.post({ requestBody: [minimal('wrong', 'wrong-1')] }),
      isSdkError(401),
    )
    assert.deepEqual(await search({ executionId: 'wrong' }), [])
  })

  test('makes searching an SDKError 401', async () => {
    const { events } = connect(server.development.url, 'wrong')
    await assert.rejects(events.search({ limit: 1 }), isSdkError(401))
  })
})

describe('Retries of the SDK, as it comes', () => {
  const cases: { name: string; faults: Fault[]; statuses: number[] }[] = [
    { name: 'two answers of 503', faults: ['busy', 'busy'], statuses: [503, 503, 200] },
    { name: 'a connection cut after the event was stored', faults: ['cut'], statuses: [200, 200] },
  ]
  for (const { name, faults, statuses } of cases) {
    test(`after ${name} lead to success and one row`, async (t) => {
      const proxy = await FaultyProxy.start(server.development.url, ...faults)
      t.after(() => proxy.close())
      const event = minimal(name, name)
      await connect(proxy.url).events.post({ requestBody: [event] })
      assert.deepEqual(proxy.statuses, statuses)
      assert.deepEqual(await search({ executionId: name }), [event])
      const query = new URLSearchParams({ 'facet.execution_id': name })
      assert.equal((await listNative(server.development, query.toString())).length, 1)
    })
  }
})
