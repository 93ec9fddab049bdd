import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { WorkOS } from 'workos-11'
import { connectSpark } from './clients/node-sparky.ts'
import { temporaryFolder } from './support/folder.ts'
import { ServerProcess } from './support/server-process.ts'

// In CI instead of the vendor: one command with a seed, and one option in the vendor's own SDK.

const seed = {
  '/workos/events': Array.from({ length: 1500 }, (_, n) => ({
    object: 'event',
    id: `event_01JQ${String(n).padStart(22, '0')}`,
    event: n % 2 === 0 ? 'group.member_added' : 'group.member_removed',
    created_at: new Date(Date.UTC(2026, 2, 1, 10, 0, n)).toISOString(),
    data: { group_id: 'group_1', organization_membership_id: `om_${n}` },
  })),
  '/webex/v1/events': [
    {
      id: 'Y2lzY29zcGFyazovL3VzL0VWRU5ULzE',
      resource: 'messages',
      type: 'created',
      actorId: 'person',
      created: '2026-03-01T10:00:00.000Z',
      data: { id: 'm-1', roomType: 'group', text: 'hello' },
    },
  ],
  '/eventwell/events': [
    { specversion: '1.0', id: '1', source: '/me', type: 'hello.said', data: { n: 1 } },
  ],
}
const cloudEvent = { specversion: '1.0', source: '/me', type: 'hello.said' }
const strict = { workspaces: { default: { workos: { strict: true } } } }

describe('a server that stands in for a vendor', () => {
  let folder: ReturnType<typeof temporaryFolder>
  let server: ServerProcess | undefined
  beforeEach(() => {
    folder = temporaryFolder()
  })
  afterEach(async () => {
    await server?.stop()
    server = undefined
    folder.remove()
  })

  function write(name: string, content: unknown): string {
    const file = join(folder.path, name)
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
    return file
  }

  async function start(...flags: string[]): Promise<{ workos: WorkOS; url: string }> {
    server = await ServerProcess.start(join(folder.path, 'data'), ...flags)
    const { hostname, port } = new URL(server.url)
    const options = { apiHostname: hostname, port: Number(port), https: false, maxRetries: 0 }
    return { workos: new WorkOS('development', options), url: server.url }
  }

  it('holds the events of its seed before it listens, and the same seed again changes nothing', async () => {
    const file = write('seed.json', seed)
    for (let time = 0; time < 2; time++) {
      const { workos, url } = await start('--seed', file)
      assert.match(server!.output, /seed +1502 events are in/)
      const events = ['group.member_added' as const, 'group.member_removed' as const]
      let count = 0
      let after: string | undefined
      do {
        const page = await workos.events.listEvents({ events, limit: 100, ...(after && { after }) })
        count += page.data.length
        after = page.listMetadata.after ?? undefined
      } while (after !== undefined)
      assert.equal(count, 1500)
      const spark = connectSpark({ token: 'development', apiUrl: `${url}/v1/` })
      const messages = await spark.eventsGet({ resource: 'messages' })
      assert.equal(messages.length, 1)
      await server!.stop()
    }
  })

  it('refuses what the live service refuses, in the exceptions of the SDK', async () => {
    const flags = ['--seed', write('seed.json', seed), '--settings', write('s.json', strict)]
    const { workos } = await start(...flags)
    const list = (...events: string[]) => workos.events.listEvents({ events: events as never[] })
    assert.equal((await list('group.member_added')).data.length, 10)
    const exception = { name: 'GenericServerException', status: 400 }
    await assert.rejects(list(), { ...exception, message: /One or more event names/ })
    await assert.rejects(list('made.up'), { ...exception, message: /Invalid name parameter/ })
  })

  it('gives 429s to cope with, which the SDK shows with the seconds to wait', async () => {
    const settings = { workspaces: { default: { requestsPerMinute: 2 } } }
    const { workos } = await start('--settings', write('settings.json', settings))
    const list = () => workos.events.listEvents({ events: ['user.created'] })
    await list()
    await list()
    await assert.rejects(list(), ({ name, status, retryAfter }: Record<string, unknown>) => {
      assert.deepEqual([name, status], ['RateLimitExceededException', 429])
      return Number.isInteger(retryAfter) && (retryAfter as number) >= 1
    })
  })

  const bad = [
    ['a file that is not there', undefined, /There is no such file/],
    ['a file that is no JSON', '{', /seed\.json is no JSON\. Line 1, column 2/],
    ['a list', '[]', /must hold a JSON object/],
    [
      'a route without a list',
      { '/workos/events': {} },
      /"\/workos\/events" must be a route.* with an array/,
    ],
    ['no route', { '': [] }, /"" must be a route/],
    [
      'a route that is none',
      { '/nowhere': [{}] },
      /refused at "\/nowhere", .* 0 \(counted from 0\): 404/,
    ],
    ['a path that is none', { nowhere: [{}] }, /"nowhere" must be a route/],
    [
      'an event that is none',
      { '/workos/events': [{ ...seed['/workos/events'][0], data: {} }] },
      /refused at "\/workos\/events", the event 0 .*: 400 .*group_id is missing/,
    ],
  ] as const
  for (const [name, content, message] of bad) {
    it(`does not start with ${name} for a seed, and says why`, async () => {
      const file =
        content === undefined ? join(folder.path, 'none.json') : write('seed.json', content)
      await assert.rejects(start('--seed', file), { message })
    })
  }

  it('takes a seed that is larger than a request may be', async () => {
    const events = Array.from({ length: 1200 }, (_, n) => {
      return { ...cloudEvent, id: String(n), data: 'x'.repeat(30_000) }
    })
    await start('--seed', write('seed.json', { '/eventwell/events': events }))
    assert.match(server!.output, /seed +1200 events are in/)
  })

  it('runs with the examples of the documentation', async () => {
    const page = readFileSync(new URL('../../../docs/operating.md', import.meta.url), 'utf8')
    const [settings, events] = [...page.matchAll(/```json\n([^]*?)```/g)].map(([, json]) => json!)
    await start('--settings', write('a.json', settings), '--seed', write('b.json', events))
    assert.match(server!.output, /seed +2 events are in/)
  })
})

describe('a server behind a proxy', () => {
  it('needs a key that was made, and says so', async () => {
    const folder = temporaryFolder()
    for (const flags of [
      ['--public-url', 'https://events.example.com'],
      ['--trust-proxy', 'loopback'],
    ]) {
      await assert.rejects(ServerProcess.start(folder.path, ...flags), {
        message: /Others can reach .*npm run keys -- create/s,
      })
    }
    folder.remove()
  })
})
