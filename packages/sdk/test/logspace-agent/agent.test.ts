import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it, type TestContext } from 'node:test'
import { TestServer } from '../../../server/test/clients/test-server.ts'
import { Logspace } from '../../src/logspace/index.ts'
import { LogspaceAgent, type LogspaceAgentOptions } from '../../src/logspace/agent/index.ts'
import { atEnd, temporaryFolder } from '../disk/folder.ts'
import { ManualClock } from '../support/manual-clock.ts'

/** A clock on which nothing is ever over, unless it is given up. */
class StillClock extends ManualClock {
  override sleep(delayMs: number, signal: AbortSignal): Promise<void> {
    this.sleptMs.push(delayMs)
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  }
}

async function open(
  context: TestContext,
  options: Partial<LogspaceAgentOptions>,
): Promise<LogspaceAgent> {
  // What these throw would be a warning.
  const told: unknown[] = []
  const agent = await LogspaceAgent.open({
    folder: options.folder ?? temporaryFolder(context),
    hqUrl: 'http://hq.test',
    spaceToken: 'orchard-token',
    agentId: 'os/cpu',
    clock: new ManualClock(),
    onFault: (error) => told.push(error),
    onRefused: ({ id }) => told.push(id),
    ...options,
  })
  atEnd(context, async () => {
    await agent.close()
    assert.deepEqual(told, [], 'nothing is told but to who expects it')
  })
  return agent
}

/**
 * An HQ that stores what is to be answered 202.
 * @param page What else it answers with.
 */
function headquarters(
  answer: (ids: readonly string[], request: number) => number,
  page = '<html>',
) {
  const uploads: string[][] = []
  const stored: string[] = []
  const fetch: LogspaceAgentOptions['fetch'] = async (_, init) => {
    const ids = [...String(init.body).matchAll(/"id":"([^"]*)"/g)].map(([, id]) => id!)
    uploads.push(ids)
    const status = answer(ids, uploads.length)
    if (status === 202) stored.push(...ids)
    return new Response(status === 202 ? '""' : page, { status })
  }
  return { fetch, uploads, stored }
}

const numbered = (count: number) => Array.from({ length: count }, (_, n) => ({ id: `e${n}` }))

describe('a Logspace agent', () => {
  it('sends at most 1000 events at a time, full batches at once, the rest in its time', async (context) => {
    const clock = new StillClock()
    const { fetch, uploads } = headquarters(() => 202)
    const agent = await open(context, { fetch, clock })
    await agent.append(numbered(2501))
    // Once it waits, in vain on this clock, it has sent all that it sends by itself.
    while (clock.sleptMs.at(-1) !== 300_000) await new Promise(setImmediate)
    assert.equal(agent.size.events, 501)
    assert.deepEqual(
      uploads.map(({ length }) => length),
      [1000, 1000],
    )
    await agent.flush()
    assert.deepEqual(
      uploads.flat(),
      numbered(2501).map(({ id }) => id),
    )
  })

  it('flushes an append that nobody waited for', async (context) => {
    const { fetch, uploads } = headquarters(() => 202)
    const agent = await open(context, { fetch })
    const appended = agent.append({ id: 'first' })
    await agent.flush()
    assert.deepEqual(uploads, [['first']])
    await appended
  })

  it('sends what an earlier one left at once', async (context) => {
    const folder = temporaryFolder(context)
    const clock = new StillClock()
    const first = await open(context, { folder, clock, fetch: () => new Promise(() => {}) })
    await first.append({ id: 'left' })
    await first.close()
    const { fetch, uploads } = headquarters(() => 202)
    const next = await open(context, { folder, clock, fetch })
    while (next.size.events > 0) await new Promise(setImmediate)
    assert.deepEqual(uploads, [['left']])
  })

  it('sends the same again after a minute, whatever the answer but 202', async (context) => {
    const clock = new ManualClock()
    const statuses = [500, 403, 200, 204, 503, 202]
    const { fetch, uploads } = headquarters((_, request) => statuses[request - 1]!)
    const faults: unknown[] = []
    const agent = await open(context, { fetch, clock, onFault: (_, ms) => faults.push(ms) })
    await agent.append(numbered(2))
    await agent.flush()
    assert.deepEqual(
      uploads,
      Array.from({ length: 6 }, () => ['e0', 'e1']),
    )
    assert.deepEqual(
      faults,
      Array.from({ length: 5 }, () => 60_000),
    )
  })

  it('takes its clock for timestamps, and sends at once with no seconds to wait', async (context) => {
    const clock = new StillClock()
    const bodies: string[] = []
    const agent = await open(context, {
      clock,
      commitMaxSeconds: 0,
      fetch: async (_, init) => {
        bodies.push(String(init.body))
        return new Response('""', { status: 202 })
      },
    })
    await agent.append({})
    while (agent.size.events > 0) await new Promise(setImmediate)
    assert.ok(bodies[0]!.includes('"timestamp":"2026-03-01T00:00:00'))
  })

  it('waits a second at least, also when it is asked to come back at once', async (context) => {
    const clock = new ManualClock()
    const answers = [
      new Response('', { status: 503, headers: { 'retry-after': '0' } }),
      new Response('', { status: 503, headers: { 'retry-after': '7' } }),
    ]
    const agent = await open(context, {
      clock,
      commitMaxSeconds: 0,
      fetch: async () => answers.shift() ?? new Response('""', { status: 202 }),
      onFault: () => {},
    })
    await agent.append([{}, {}])
    await agent.flush()
    assert.deepEqual(clock.sleptMs, [1000, 7000])
  })

  it('comes back with the next regular run where that is earlier', async (context) => {
    const { fetch } = headquarters((_, request) => (request === 1 ? 500 : 202))
    const faults: unknown[] = []
    const agent = await open(context, {
      fetch,
      commitMaxSeconds: 3,
      onFault: (_, ms) => faults.push(ms),
    })
    await agent.append({})
    await agent.flush()
    assert.deepEqual(faults, [3000])
  })

  const typed = '{"type":"INVALID_EVENT","message":"So it is."}'
  for (const [status, page, wholes] of [
    [400, typed, 1],
    [400, '<html>', 3],
    [413, '<html>', 1],
    [422, typed, 1],
    [500, '<html>', 3],
    [500, typed, 3],
  ] as const) {
    it(`puts events aside that alone are answered ${status} ${page}, and stores the others`, async (context) => {
      const folder = temporaryFolder(context)
      const bad = ['e3', 'e8']
      const { fetch, uploads, stored } = headquarters(
        (ids) => (ids.some((id) => bad.includes(id)) ? status : 202),
        page,
      )
      const refused: string[] = []
      const agent = await open(context, {
        folder,
        fetch,
        onFault: () => {},
        onRefused: ({ id }) => refused.push(id),
      })
      await agent.append(numbered(10))
      await agent.flush()
      assert.deepEqual(refused, bad)
      assert.deepEqual(
        [...new Set(stored)],
        numbered(10)
          .map(({ id }) => id)
          .filter((id) => !bad.includes(id)),
      )
      assert.equal(uploads.filter(({ length }) => length === 10).length, wholes)
      const lines = readFileSync(join(folder, 'refused.ndjson'), 'utf8').trimEnd().split('\n')
      assert.match(lines[0]!, /"reason":"PUT http:\/\/hq\.test\/events was answered \d+.*"id":"e3"/)
      assert.equal(lines.length, 2)
    })
  }

  const failures = [1, 2, 3, 4, 5, 6, 7, 8, 9, 20, 100]
  // A page without a type is a proxy's.
  const outages = [500, 400].flatMap((status) => failures.map((count) => [count, status] as const))
  for (const [count, status] of outages) {
    it(`holds nothing against events when all are answered ${status}, ${count} times`, async (context) => {
      const { fetch, stored } = headquarters((_, request) => (request <= count ? status : 202))
      const agent = await open(context, { fetch, onFault: () => {} })
      await agent.append(numbered(4))
      await agent.flush()
      assert.deepEqual([...new Set(stored)].toSorted(), ['e0', 'e1', 'e2', 'e3'])
    })
  }

  it('gets to the end of many bad events in bounded steps', async (context) => {
    const isBad = (id: string) => Number(id.slice(1)) % 3 === 0
    const { fetch, stored } = headquarters((ids) => (ids.some(isBad) ? 400 : 202), typed)
    const refused: string[] = []
    const agent = await open(context, {
      fetch,
      onFault: () => {},
      onRefused: ({ id }) => refused.push(id),
    })
    await agent.append(numbered(300))
    await agent.flush()
    assert.equal(refused.length, 100)
    assert.ok(refused.every(isBad))
    assert.equal(new Set(stored).size, 200)
  })

  it('says what is wrong with options and events', async (context) => {
    const folder = temporaryFolder(context)
    await assert.rejects(open(context, { folder, hqUrl: 'nowhere' }), TypeError)
    const noFolder = { name: 'TypeError', message: /^folder must be a text/ }
    const noAgent = { name: 'TypeError', message: /^agentId must be a text/ }
    await assert.rejects(open(context, { folder: undefined as never }), noFolder)
    await assert.rejects(open(context, { folder, agentId: undefined as never }), noAgent)
    await assert.rejects(open(context, { folder, spaceToken: ' ' }), TypeError)
    await assert.rejects(open(context, { folder, commitMaxSeconds: -1 }), RangeError)
    for (const pollSeconds of [NaN, 0.9]) {
      await assert.rejects(open(context, { folder, pollSeconds }), RangeError)
    }
    const misspelled = { folder, commitMaxSecond: 1 } as Partial<LogspaceAgentOptions>
    await assert.rejects(open(context, misspelled), /commitMaxSecond/)
    const capabilities = { id: 'a', type: 'a', triggerTypes: ['Off'] as const }
    await assert.rejects(open(context, { folder, agents: [capabilities] }), TypeError)
    assert.deepEqual(readdirSync(folder), [])
    const agent = await open(context, { folder, fetch: () => new Promise(() => {}) })
    await assert.rejects(agent.append({ properties: { longs: { n: 2n ** 63n } } }), RangeError)
    assert.throws(() => agent.announce([capabilities]), TypeError)
    assert.equal(agent.size.events, 0)
  })
})

describe('a Logspace agent and our server', () => {
  let server: TestServer
  before(async () => {
    server = await TestServer.start()
  })
  after(() => server.close())

  it('brings every kind of value there and back', async (context) => {
    const { url, key } = server.newWorkspace()
    const properties = {
      booleans: { up: [true, false] },
      dates: { at: [new Date('2026-03-01T10:00:00.250Z')] },
      doubles: { load: [NaN, Infinity, -0.5] },
      floats: { ratio: [0.25] },
      integers: { count: [-(2 ** 31)] },
      longs: { most: [2n ** 63n - 1n], least: [-(2n ** 63n)] },
      strings: { 'a\tb\n': ['Zürich 🍐\u0000'] },
    }
    const agent = await open(context, {
      hqUrl: url,
      spaceToken: key,
      system: 'pear',
      marker: 'blue',
    })
    const timestamp = new Date('2026-03-01T10:00:00.125Z')
    const { id } = await agent.append({ type: 'os/cpu', timestamp, globalId: 'g', properties })
    await agent.flush()
    const { events } = await new Logspace({ hqUrl: url, spaceToken: key }).retrieveEvents()
    const common = { id, type: 'os/cpu', system: 'pear', agentId: 'os/cpu', timestamp }
    assert.deepEqual(events, [{ ...common, globalId: 'g', marker: 'blue', properties }])
  })

  it('tells what it can do, and does what it is told', { timeout: 20_000 }, async (context) => {
    const { url, key } = server.newWorkspace()
    const order = {
      'agent-orders': [{ id: 'os/cpu', 'trigger-type': 'off' }],
      'commit-max-seconds': 1,
    }
    const headers = { authorization: `Bearer ${key}`, 'logspace.space-token': key }
    const put = await fetch(`${url}/orders/pear-1`, {
      method: 'PUT',
      headers,
      body: JSON.stringify(order),
    })
    assert.equal(put.status, 200)
    const ordered = Promise.withResolvers<unknown>()
    const agent = await open(context, {
      hqUrl: url,
      spaceToken: key,
      system: 'pear',
      clock: undefined,
      controllerId: 'pear-1',
      agents: [{ id: 'os/cpu', type: 'os/cpu', triggerTypes: ['Off', 'Scheduler'] }],
      onOrder: ordered.resolve,
    })
    await ordered.promise
    assert.deepEqual(agent.order?.agents, [{ id: 'os/cpu', triggerType: 'Off' }])
    const told = await fetch(`${url}/capabilities/pear-1`, { headers })
    const { system, 'agent-capabilities': capabilities } = (await told.json()) as {
      system: string
      'agent-capabilities': { id: string }[]
    }
    assert.deepEqual([system, capabilities[0]!.id], ['pear', 'os/cpu'])
    // Without the order it would wait for 300 s.
    await agent.append({})
    while (agent.size.events > 0) await new Promise((resolve) => setTimeout(resolve, 50))
  })
})

describe("a Logspace agent's controller", () => {
  it('announces until HQ has it, and asks for an order with what was said last', async (context) => {
    const clock = new ManualClock()
    const seen: string[] = []
    const done = Promise.withResolvers<void>()
    const lastModified = 'Sun, 01 Mar 2026 10:00:00 GMT'
    const answers = [
      new Response('', { status: 500 }),
      new Response('{"type":"ORDER_NOT_FOUND","message":"None."}', { status: 404 }),
      new Response('', { status: 200 }),
      new Response('{"commit-max-seconds":7}', { headers: { 'last-modified': lastModified } }),
      new Response(null, { status: 304 }),
    ]
    const faults: unknown[] = []
    const orders: unknown[] = []
    await open(context, {
      clock,
      controllerId: 'pear-1',
      agents: [{ id: 'a', type: 'a', triggerTypes: ['Application'] }],
      pollSeconds: 30,
      fetch: async (address, init) => {
        const since = new Headers(init.headers).get('if-modified-since')
        seen.push(`${init.method} ${new URL(address).pathname} ${since ?? 'none'}`)
        const answer = answers.shift()
        if (answer !== undefined) return answer
        done.resolve()
        return new Promise(() => {})
      },
      onFault: (_, ms) => faults.push(ms),
      onOrder: ({ commitMaxSeconds }) => orders.push(commitMaxSeconds),
    })
    await done.promise
    assert.deepEqual(seen, [
      'PUT /capabilities/pear-1 none',
      'GET /orders/pear-1 none',
      'PUT /capabilities/pear-1 none',
      'GET /orders/pear-1 none',
      `GET /orders/pear-1 ${lastModified}`,
      `GET /orders/pear-1 ${lastModified}`,
    ])
    assert.deepEqual([faults, orders], [[30_000], [7]])
  })
})
