import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Speakeasy } from '@speakeasy-api/speakeasy-client-sdk-typescript'
import { ErrorT } from '@speakeasy-api/speakeasy-client-sdk-typescript/sdk/models/errors/index.js'
import {
  cliEventFromJSON,
  GenerateBumpType,
  InteractionType,
  OpenapiDiffBumpType,
  type CliEvent,
} from '@speakeasy-api/speakeasy-client-sdk-typescript/sdk/models/shared/index.js'
import { optionalFields, requiredFields } from '../../src/dialects/speakeasy/fields.ts'
import { aFullEvent } from '../../src/dialects/speakeasy/test/door.ts'
import { KeyRing } from '../../src/keys/key-ring.ts'
import { temporaryFolder } from '../support/folder.ts'
import { ServerProcess } from '../support/server-process.ts'
import { FaultyProxy } from './faulty-proxy.ts'
import { at, connectTo, isSdkError, minimal } from './speakeasy-client.ts'
import { TestServer, type Workspace } from './test-server.ts'

let server: TestServer
before(async () => {
  server = await TestServer.start()
})
after(() => server.close())

/** An event of a target. */
function generated(id: string, minute: number, lock: string, more: Partial<CliEvent> = {}) {
  return minimal('targets', id, {
    interactionType: 'TARGET_GENERATE',
    createdAt: at(minute),
    generateGenLockId: lock,
    generateTarget: 'typescript',
    success: true,
    ...more,
  })
}

async function targetsOf(workspace: Workspace, afterLastEventCreatedAt?: Date) {
  return connectTo(workspace).events.getTargets({ afterLastEventCreatedAt })
}

describe('The enums', () => {
  for (const [name, vendors] of [
    ['interaction_type', InteractionType],
    ['generate_bump_type', GenerateBumpType],
    ['openapi_diff_bump_type', OpenapiDiffBumpType],
  ] as const) {
    test(`of ${name} are the vendor's`, () => {
      const ours = { ...requiredFields, ...optionalFields }[name] as string[]
      assert.deepEqual(ours.toSorted(), Object.values(vendors).toSorted())
    })
  }
})

describe('Targets', () => {
  const run = generated('run', 1, 'pear', {
    hostname: 'runner-7',
    sourceNamespaceName: 'pear-api',
    ghActionRunLink: 'https://ci.example/4711',
  })
  const publish = generated('publish', 2, 'pear', {
    interactionType: 'PUBLISH',
    publishPackageName: '@orchard/pear',
    ghActionRunLink: 'https://ci.example/4712',
  })
  const plum = generated('plum', 3, 'plum / 100%', { generateTarget: 'go', success: false })
  const pearTarget = {
    id: 'pear',
    generateGenLockId: 'pear',
    generateTarget: 'typescript',
    lastEventId: 'publish',
    lastEventCreatedAt: at(2),
    lastEventInteractionType: 'PUBLISH',
    lastPublishCreatedAt: at(2),
    lastPublishGhActionRunLink: 'https://ci.example/4712',
    ghActionRunLink: 'https://ci.example/4712',
    publishPackageName: '@orchard/pear',
    sourceNamespaceName: 'pear-api',
    success: true,
  }
  const plumTarget = {
    id: 'plum / 100%',
    generateGenLockId: 'plum / 100%',
    generateTarget: 'go',
    lastEventId: 'plum',
    lastEventCreatedAt: at(3),
    lastEventInteractionType: 'TARGET_GENERATE',
    success: false,
  }
  let workspace: Workspace

  before(async () => {
    workspace = server.newWorkspace()
    await connectTo(workspace).events.post({ requestBody: [run, publish, plum] })
  })

  test('are what their events make of them, the latest first', async () => {
    assert.deepEqual(await targetsOf(workspace), [plumTarget, pearTarget])
  })

  test('equal those of the deprecated operation', async () => {
    const { events } = connectTo(workspace)
    assert.deepEqual(await events.getTargetsDeprecated({}), await events.getTargets({}))
    const afterLastEventCreatedAt = at(2)
    const deprecated = await events.getTargetsDeprecated({ afterLastEventCreatedAt })
    assert.deepEqual(deprecated, [plumTarget])
  })

  test('are those whose last event came after a time', async () => {
    assert.deepEqual(await targetsOf(workspace, at(2)), [plumTarget])
    assert.deepEqual(await targetsOf(workspace, at(1)), [plumTarget, pearTarget])
    assert.deepEqual(await targetsOf(workspace, at(3)), [])
  })

  test('have their events, after a time or all', async () => {
    const { events } = connectTo(workspace)
    const ofPear = (afterCreatedAt?: Date) =>
      events.getEventsByTarget({ targetId: 'pear', afterCreatedAt })
    assert.deepEqual(await ofPear(), [publish, run])
    assert.deepEqual(await ofPear(at(1)), [publish])
    assert.deepEqual(await ofPear(at(2)), [])
    assert.deepEqual(await events.getEventsByTarget({ targetId: 'plum / 100%' }), [plum])
    assert.deepEqual(await events.getEventsByTarget({ targetId: 'nobody' }), [])
  })

  test('have events that are found by the time as other languages write it', async () => {
    const path = `/v1/workspace/${workspace.name}/events/targets/pear/events`
    const headers = { 'x-api-key': workspace.key }
    for (const [time, count] of [
      ['2025-04-03T11%3A01%3A00%2B02%3A00', 1],
      ['2025-04-03T11:01:00+02:00', 1],
      ['2025-04-03T09%3A01%3A00.000000001Z', 1],
      ['2025-04-03T09%3A00%3A59.999999999Z', 2],
      ['2025-04-03T09%3A01%3A00', 1],
    ] as const) {
      const url = `${workspace.url}${path}?after_created_at=${time}`
      const rows = (await (await fetch(url, { headers })).json()) as unknown[]
      assert.equal(rows.length, count, time)
    }
  })

  test('follow an event that is replaced, to another target and back', async () => {
    const { events } = connectTo(workspace)
    await events.post({ requestBody: [{ ...publish, generateGenLockId: 'plum / 100%' }] })
    const [, pear] = await events.getTargets({})
    assert.equal(pear?.lastEventId, 'run')
    assert.equal(pear?.lastPublishCreatedAt, undefined)
    assert.equal(pear?.hostname, 'runner-7')
    await events.post({ requestBody: [publish] })
    assert.deepEqual(await events.getTargets({}), [plumTarget, pearTarget])
  })

  test('of another workspace are not seen, and not by its name either', async () => {
    const other = server.newWorkspace()
    assert.deepEqual(await targetsOf(other), [])
    const stranger = connectTo({ ...other, name: workspace.name }).events
    await assert.rejects(stranger.getTargetsDeprecated({}), isSdkError(403))
    await assert.rejects(stranger.getEventsByTarget({ targetId: 'pear' }), isSdkError(403))
  })

  test('with every field there is are decoded', async () => {
    const full = server.newWorkspace()
    const sent = aFullEvent({ id: 'full', interaction_type: 'PUBLISH', generate_gen_lock_id: 'l' })
    const decoded = cliEventFromJSON(JSON.stringify(sent))
    assert.ok(decoded.ok)
    const { events } = connectTo(full)
    await events.post({ requestBody: [decoded.value] })
    assert.deepEqual(await events.search({}), [decoded.value])
    const [target] = await events.getTargets({})
    assert.equal(Object.keys(target!).length, 45)
    assert.deepEqual(target!.lastPublishCreatedAt, decoded.value.createdAt)
  })
})

describe('Validating a key', () => {
  test('tells whose workspace it is, also without a name of one', async () => {
    const { url, key, name } = server.newWorkspace()
    const client = new Speakeasy({ serverURL: url, security: { apiKey: key } })
    const { workspaceCreatedAt, ...rest } = await client.auth.validateApiKey()
    assert.ok(Math.abs(Date.now() - workspaceCreatedAt.getTime()) < 60_000)
    assert.deepEqual(rest, {
      workspaceId: name,
      workspaceSlug: name,
      orgSlug: name,
      accountTypeV2: 'enterprise',
      enabledFeatures: [],
      billingAddOns: [],
      generationAccessUnlimited: true,
      telemetryDisabled: false,
    })
  })

  test('with the workspace identifier alone is as good', async () => {
    const { url, key, name } = server.newWorkspace()
    const client = new Speakeasy({ serverURL: url, security: { workspaceIdentifier: key } })
    assert.equal((await client.auth.validateApiKey()).workspaceId, name)
    assert.deepEqual(await client.events.getTargets({}), [])
  })

  test('that is not known makes the error of the vendor', async () => {
    const { url, name } = server.newWorkspace()
    await assert.rejects(connectTo({ url, name, key: 'wrong' }).auth.validateApiKey(), (error) => {
      return error instanceof ErrorT && error.statusCode === 401
    })
  })
})

describe('Reads of an SDK that was told to retry', () => {
  const backoff = { initialInterval: 5, maxInterval: 20, exponent: 1.1, maxElapsedTime: 10_000 }
  const retries = { strategy: 'backoff', backoff, retryConnectionErrors: true } as const
  const reads: [name: string, read: (client: Speakeasy) => Promise<unknown>][] = [
    ['search', (client) => client.events.search({})],
    ['getTargets', (client) => client.events.getTargets({})],
    ['getTargetsDeprecated', (client) => client.events.getTargetsDeprecated({})],
    ['getEventsByTarget', (client) => client.events.getEventsByTarget({ targetId: 'pear' })],
    ['validateApiKey', (client) => client.auth.validateApiKey()],
  ]
  for (const [name, read] of reads) {
    test(`${name} gets over two answers of 503`, async (t) => {
      const { url, key, name: workspaceId } = server.newWorkspace()
      await connectTo({ url, key, name: workspaceId }).events.post({
        requestBody: [generated('run', 1, 'pear')],
      })
      const proxy = await FaultyProxy.start(url, 'busy', 'busy')
      t.after(() => proxy.close())
      const options = { security: { apiKey: key }, workspaceId, retryConfig: retries }
      const answer = await read(new Speakeasy({ ...options, serverURL: proxy.url }))
      assert.deepEqual(proxy.statuses, [503, 503, 200])
      assert.deepEqual(answer, await read(new Speakeasy({ ...options, serverURL: url })))
    })
  }
})

describe('A server that is started again', () => {
  test('knows the targets that it knew before', async (t) => {
    const folder = temporaryFolder()
    t.after(() => folder.remove())
    const keys = new KeyRing(folder.path)
    const key = keys.create('orchard', 'orchard', ['read', 'write'])
    keys.close()
    const many = Array.from({ length: 2500 }, (_, index) =>
      generated(`e-${index}`, index % 50, `lock-${index % 5}`, { repoLabel: `r-${index}` }),
    )

    const first = await ServerProcess.start(folder.path)
    t.after(() => first.stop('SIGKILL'))
    const before = { url: first.url, key, name: 'orchard' }
    await connectTo(before).events.post({ requestBody: many })
    const targets = await targetsOf(before)
    assert.equal(targets.length, 5)
    await first.stop()

    const second = await ServerProcess.start(folder.path)
    t.after(() => second.stop('SIGKILL'))
    const after = { ...before, url: second.url }
    assert.deepEqual(await targetsOf(after), targets)
    await connectTo(after).events.post({ requestBody: [generated('new', 55, 'lock-0')] })
    const [newest] = await targetsOf(after)
    assert.deepEqual([newest?.id, newest?.lastEventId], ['lock-0', 'new'])
    assert.equal(newest?.repoLabel, targets.find(({ id }) => id === 'lock-0')?.repoLabel)
  })
})
