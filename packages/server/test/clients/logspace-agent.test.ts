import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { KeyRing } from '../../src/keys/key-ring.ts'
import { temporaryFolder } from '../support/folder.ts'
import { ServerProcess } from '../support/server-process.ts'
import { LogspaceAgent, type AgentSettings } from './logspace-agent.ts'
import { eventTexts } from '../../src/dialects/logspace/test/desk.ts'
import { LogspaceProxy, type Mishap } from './logspace-proxy.ts'

// What a real agent does from its start on, against a real server that is killed in the middle.

const timeout = 60_000
const space = 'orchard'

/** A server on a folder of its own, in a process that is killed and started again, behind a proxy. */
interface Site {
  readonly proxy: LogspaceProxy
  /** The agent's key, which may only write, and the owner's. */
  readonly agentKey: string
  readonly ownerKey: string
  restart(): Promise<void>
  /** A question of the owner's, straight to the server. */
  ask(
    path: string,
    init?: { method?: string; body?: string },
  ): Promise<{ status: number; body: string }>
}

async function open(context: TestContext, ...mishaps: readonly Mishap[]): Promise<Site> {
  const folder = temporaryFolder()
  const ring = new KeyRing(folder.path)
  const agentKey = ring.create('agent', space, ['write'])
  const ownerKey = ring.create('owner', space, ['read', 'write'])
  ring.close()
  let server = await ServerProcess.start(folder.path)
  const restart = async () => {
    await server.stop('SIGKILL')
    server = await ServerProcess.start(folder.path)
  }
  const proxy = await LogspaceProxy.start(() => server.url, restart, mishaps)
  context.after(async () => {
    proxy.close()
    await server.stop('SIGKILL')
    folder.remove()
  })
  return {
    proxy,
    agentKey,
    ownerKey,
    restart,
    async ask(path, { method = 'POST', body } = {}) {
      const headers = { 'logspace.space-token': ownerKey }
      const init = body === undefined ? { method, headers } : { method, headers, body }
      const response = await fetch(server.url + path, init)
      return { status: response.status, body: await response.text() }
    },
  }
}

function agentOf(
  context: TestContext,
  { proxy, agentKey }: Site,
  change: Partial<AgentSettings> = {},
): LogspaceAgent {
  const agent = new LogspaceAgent({
    id: 'controller-7',
    hqUrl: proxy.url,
    spaceToken: agentKey,
    ...change,
  })
  context.after(() => agent.close())
  return agent
}

/** Every event of the space, page by page, each as its text. */
async function retrieveAll(site: Site): Promise<string[]> {
  const found: string[] = []
  for (let cursor = '*'; ;) {
    const { status, body } = await site.ask(
      `/events?count=700&cursor=${encodeURIComponent(cursor)}`,
    )
    assert.equal(status, 200, body)
    found.push(...eventTexts(body))
    const next = /"nextCursorMark":"([^"]*)"/.exec(body)![1]!
    if (next === cursor) return found
    cursor = next
  }
}

function event(n: number): string {
  const id = `8f1d-${String(n).padStart(5, '0')}`
  const time = new Date(Date.UTC(2030, 0, 1) + Math.floor(n / 3)).toISOString()
  return (
    `{"id":"${id}","type":"os/cpu","system":"orchard-3","agent-id":"os/cpu","timestamp":"${time}",` +
    `"marker":"green","double-properties":{"system_cpu_load":[${n % 5 === 0 ? 'NaN' : n / 8}]},` +
    `"long-properties":{"total_memory":[${9_007_199_254_740_993n + BigInt(n)}]}}`
  )
}

const capabilities = {
  id: 'controller-7',
  system: 'orchard-3',
  'agent-capabilities': [
    {
      id: 'os/cpu',
      type: 'os/cpu',
      'trigger-types': ['Off', 'Scheduler'],
      'property-descriptions': [],
    },
  ],
}
const order = JSON.stringify({
  'agent-orders': [
    { id: 'os/cpu', 'trigger-type': 'Scheduler', 'trigger-parameter': '0/5 * * * * ? *' },
  ],
  'commit-max-seconds': 3,
})

for (const [name, slash, prefix] of [
  ['of dialect C', '', ''],
  ['of dialect C whose hq-url ends in a slash', '/', ''],
  ['of dialect D', '', '/api'],
] as const) {
  test(
    `An agent ${name}: its order, its events through failures and kills, each kept once`,
    { timeout },
    async (context) => {
      // 2501 events are three uploads; each fails once, and is sent again.
      const site = await open(
        context,
        { upload: 0, kind: 'spoil' },
        { upload: 2, kind: 'kill after' },
        { upload: 4, kind: 'kill before' },
      )
      const agent = agentOf(context, site, { hqUrl: site.proxy.url + slash, prefix })
      const { status, body } = await agent.announce(capabilities)
      assert.deepEqual([status, body], [200, ''])
      assert.deepEqual(await agent.poll(), { kind: 'none' })
      assert.equal(
        (await site.ask('/orders/controller-7', { method: 'PUT', body: order })).status,
        200,
      )
      assert.deepEqual(await agent.poll(), { kind: 'new', order })
      assert.deepEqual(await agent.poll(), { kind: 'kept' })

      const events = Array.from({ length: 2501 }, (_, n) => event(n))
      agent.queue.push(...events)
      const runs: boolean[] = []
      while (agent.queue.length > 0 && runs.length < 10) runs.push(await agent.upload())
      // A run ends where less than a batch is left, as with the real one.
      assert.deepEqual(runs, [false, false, true, false, true])

      const uploads = site.proxy.passed.filter(({ url }) => url.endsWith('/events'))
      assert.deepEqual(
        uploads.map(({ url }) => url),
        uploads.map(() => `${slash}${prefix}/events`),
      )
      assert.deepEqual(
        uploads.map(({ status }) => status),
        [202, 202, 202, 202, undefined, 202],
      )
      const sizes = uploads.map(({ body }) => body.split('"id":').length - 1)
      assert.deepEqual(sizes, [1000, 1000, 1000, 1000, 501, 501])
      assert.deepEqual(await retrieveAll(site), events)
      assert.deepEqual(await agent.poll(), { kind: 'kept' })
      const kept = await site.ask('/capabilities/controller-7', { method: 'GET' })
      assert.deepEqual(JSON.parse(kept.body), capabilities)
      // An agent that starts anew has no time to echo.
      assert.deepEqual(await agentOf(context, site, { prefix }).poll(), { kind: 'new', order })
    },
  )
}

test(
  'An agent sees each of several orders that were given within one second',
  { timeout },
  async (context) => {
    const site = await open(context)
    const agent = agentOf(context, site)
    for (let seconds = 1; seconds <= 8; seconds++) {
      const given = JSON.stringify({ 'commit-max-seconds': seconds })
      assert.equal(
        (await site.ask('/orders/controller-7', { method: 'PUT', body: given })).status,
        200,
      )
      assert.deepEqual(await agent.poll(), { kind: 'new', order: given })
      assert.deepEqual(await agent.poll(), { kind: 'kept' })
    }
    // Also one that is given after another was taken back, and the server was killed in between.
    assert.equal((await site.ask('/orders/controller-7', { method: 'DELETE' })).status, 204)
    assert.deepEqual(await agent.poll(), { kind: 'none' })
    await site.restart()
    assert.equal(
      (await site.ask('/orders/controller-7', { method: 'PUT', body: order })).status,
      200,
    )
    assert.deepEqual(await agent.poll(), { kind: 'new', order })
    const polls = site.proxy.passed.map(({ headers }) => headers['if-modified-since'])
    assert.equal(polls[0], '')
    for (const echoed of polls.slice(1))
      assert.match(echoed!, /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/)
  },
)

test(
  'A condition that cannot be read, or is of another second, is none',
  { timeout },
  async (context) => {
    const site = await open(context)
    await site.ask('/orders/controller-7', { method: 'PUT', body: order })
    const get = async (since: string) => {
      const headers = { 'logspace.space-token': site.agentKey, 'if-modified-since': since }
      const response = await fetch(`${site.proxy.url}/orders/controller-7`, { headers })
      return {
        status: response.status,
        body: await response.text(),
        time: response.headers.get('last-modified')!,
      }
    }
    const { time } = await get('')
    const shifted = (ms: number) => new Date(Date.parse(time) + ms).toUTCString()
    for (const since of [
      '',
      'yesterday',
      '0',
      shifted(-1000),
      shifted(1000),
      shifted(86_400_000),
    ]) {
      assert.deepEqual(await get(since), { status: 200, body: order, time }, since)
    }
    assert.deepEqual(await get(time), { status: 304, body: '', time })
  },
)

test(
  'An agent whose key was refused keeps its queue, and sends it with the right key',
  { timeout },
  async (context) => {
    const site = await open(context)
    const agent = agentOf(context, site, { spaceToken: 'revoked' })
    agent.queue.push(event(1))
    assert.equal(await agent.upload(), false)
    assert.equal(agent.queue.length, 1)
    assert.deepEqual(await retrieveAll(site), [])
    assert.deepEqual(await agent.poll(), { kind: 'none' })
    const other = agentOf(context, site)
    other.queue.push(...agent.queue)
    assert.equal(await other.upload(), true)
    assert.deepEqual(await retrieveAll(site), [event(1)])
  },
)

test(
  'The sample of the documents, as an agent sends it through a failure, is kept once and comes back whole',
  { timeout },
  async (context) => {
    const file = fileURLToPath(new URL('logspace-request.json', import.meta.url))
    const sample = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>[]
    const site = await open(context, { upload: 0, kind: 'kill after' })
    const agent = agentOf(context, site)
    agent.queue.push(...sample.map((one) => JSON.stringify(one)))
    assert.equal(await agent.upload(), false)
    assert.equal(await agent.upload(), true)
    const inArrays = (map: unknown) =>
      Object.fromEntries(Object.entries(map as object).map(([name, value]) => [name, [value]]))
    const expected = sample.map((one) =>
      Object.fromEntries(
        Object.entries({ ...one, timestamp: '2015-05-18T14:07:00.000Z' }).map(([name, value]) => [
          name,
          typeof value === 'string' ? value : inArrays(value),
        ]),
      ),
    )
    const byId = (one: { id?: unknown }, other: { id?: unknown }) =>
      String(one.id) < String(other.id) ? -1 : 1
    const found = (await retrieveAll(site)).map((one) => JSON.parse(one) as Record<string, unknown>)
    assert.deepEqual(found, expected.toSorted(byId))
  },
)
