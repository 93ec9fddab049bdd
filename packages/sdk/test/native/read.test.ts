import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { inspect } from 'node:util'
import {
  Eventwell,
  isAnswerError,
  isGap,
  isHttpError,
  isNetworkError,
  isProblem,
  isRequestError,
  type EventwellOptions,
  type Gap,
} from '@eventwell/client'
import { scopes } from '../../../server/src/core/access.ts'
import { TestServer } from '../../../server/test/clients/test-server.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { replayFetch, type Recorded } from '../support/replay.ts'
import { CuttingProxy } from './cutting-proxy.ts'

const range = (count: number) => Array.from({ length: count }, (_, at) => at)
const url = 'http://events.example.com'
const event = (id: string) => ({ specversion: '1.0', id, source: '/s', type: 't' })
const page = (
  ids: readonly string[],
  cursor: string,
  more: boolean,
  rest: object = {},
): Recorded => ({
  status: 200,
  body: { events: ids.map(event), cursor, more, ...rest },
})

function replayed(answers: readonly Recorded[], options: Partial<EventwellOptions> = {}) {
  const { fetch, requests } = replayFetch(answers)
  const clock = new ManualClock()
  return { client: new Eventwell({ url, key: 'k', fetch, clock, ...options }), requests, clock }
}

describe('reading', () => {
  let server: TestServer
  before(async () => {
    server = await TestServer.start()
  })
  after(() => server.close())

  it('goes page by page and event by event, forward and backward', async () => {
    const client = new Eventwell(server.newWorkspace())
    await client.append(
      range(10).map((n) => ({ source: '/s', type: n % 2 ? 'odd' : 'even', data: n })),
    )
    const sizes: number[] = []
    for await (const { events } of client.pages({ limit: 4 })) sizes.push(events.length)
    assert.deepEqual(sizes, [4, 4, 2])
    const read = async (query: Parameters<Eventwell['read']>[0]) => {
      const seen: unknown[] = []
      for await (const { data } of client.read(query)) seen.push(data)
      return seen
    }
    assert.deepEqual(await read({ type: 'odd', limit: 2 }), [1, 3, 5, 7, 9])
    assert.deepEqual(await read({ direction: 'backward', limit: 3 }), range(10).toReversed())
  })

  it('goes on through pages on which nothing was found in time', async () => {
    const { client, requests } = replayed([
      page([], 'a', true, { complete: false }),
      page([], 'a', true, { complete: false }),
      page(['1'], 'b', false),
    ])
    const seen: string[] = []
    for await (const { id } of client.read({ type: 't' })) seen.push(id)
    assert.deepEqual(seen, ['1'])
    assert.deepEqual(
      requests.map(({ path }) => path),
      ['/eventwell/events?type=t', ...range(2).map(() => '/eventwell/events?type=t&after=a')],
    )
  })

  it('does not ask for the same page without end', async () => {
    const { client } = replayed([page(['1'], 'a', true), page(['1'], 'a', true)])
    const reading = (async () => {
      for await (const _ of client.read()) assert.ok(true)
    })()
    await assert.rejects(reading, isAnswerError)
  })

  it('asks again for a page that broke off', async () => {
    const workspace = server.newWorkspace()
    const writer = new Eventwell(workspace)
    await writer.append(
      range(50).map((n) => ({ source: '/s', type: 't', data: 'x'.repeat(100) + n })),
    )
    const cuts = [1000, 3000, 600]
    const proxy = await CuttingProxy.start(workspace.url, () => cuts.pop() ?? Infinity)
    const client = new Eventwell({ ...workspace, url: proxy.url, clock: new ManualClock() })
    let count = 0
    for await (const _ of client.read({ limit: 25 })) count += 1
    assert.deepEqual([count, proxy.cuts], [50, 3])
    proxy.close()
  })

  it('throws a gap, or tells of it and goes on', async () => {
    const answers = [page(['9'], 'b', false, { gap: { through: '0000000000000008' } })]
    const read = async (onGap?: (gap: Gap) => void) => {
      const seen: string[] = []
      const { client } = replayed(answers)
      for await (const { id } of client.read({ after: 'a' }, { onGap })) seen.push(id)
      return seen
    }
    const gap = { cursor: 'a', through: '0000000000000008' }
    await assert.rejects(read(), (error) => isGap(error) && error.through === gap.through)
    const told: Gap[] = []
    assert.deepEqual(await read((one) => told.push(one)), ['9'])
    assert.deepEqual(told, [gap])
  })

  it('gets one event, or none, and refuses ids that no address can have', async () => {
    const { client, requests } = replayed([
      { status: 200, body: event('a/ü') },
      { status: 404, body: { code: 'not_found', status: 404, detail: 'No.' } },
      { status: 404, body: 'no such page' },
    ])
    assert.equal((await client.get('a/ü', '/s', { fields: ['id'] }))?.id, 'a/ü')
    assert.equal(requests[0]!.path, '/eventwell/events/a%2F%C3%BC?source=%2Fs&fields=id')
    assert.equal(await client.get('b', '/s'), undefined)
    await assert.rejects(client.get('c', '/s'), (error) => isHttpError(error) && !isProblem(error))
    for (const id of ['', '.', '..', '\ud800'])
      await assert.rejects(client.get(id, '/s'), RangeError)
    assert.equal(requests.length, 3)
  })

  it('has whole numbers of 64 bits with a JSON of the caller’s own', async () => {
    const bigints = {
      parse: (text: string) =>
        JSON.parse(text, (_, value, { source }: { source?: string } = {}) =>
          Number.isInteger(value) && !Number.isSafeInteger(value) ? BigInt(source!) : value,
        ) as unknown,
      stringify: (value: unknown) =>
        JSON.stringify(value, (_, one) =>
          typeof one === 'bigint'
            ? (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(String(one))
            : one,
        ),
    }
    const client = new Eventwell({ ...server.newWorkspace(), ...bigints })
    const big = 9_223_372_036_854_775_807n
    const { sequence } = await client.append({ source: '/s', type: 't', data: { big } })
    assert.deepEqual((await client.get(sequence))?.data, { big })
    assert.deepEqual((await client.list()).events[0]!.data, { big })
    for await (const one of client.tail({ after: 'oldest' })) {
      assert.deepEqual(one.event.data, { big })
      break
    }
    const found = await client.list({ data: { big } })
    assert.equal(found.events.length, 1)
  })
})

describe('an export', () => {
  let server: TestServer
  before(async () => {
    server = await TestServer.start()
  })
  after(() => server.close())

  it('is a stream, a loop or a text', async () => {
    const client = new Eventwell(server.newWorkspace())
    await client.append(range(3).map((n) => ({ source: '/s', type: 't', data: n })))
    const lines = await (await client.export()).text()
    assert.equal(lines.split('\n').length, 4)
    const exported = await client.export({ format: 'cloudevents' })
    assert.match(exported.contentType, /^application\/cloudevents-batch\+json/)
    assert.equal(exported.gap, undefined)
    assert.equal(((await new Response(exported.body).json()) as unknown[]).length, 3)
    let bytes = 0
    for await (const piece of await client.export()) bytes += piece.byteLength
    assert.equal(bytes, Buffer.byteLength(lines))
    const left = await client.export()
    await left.body.cancel()
  })

  it('that breaks off fails, and is not taken for whole', async () => {
    const workspace = server.newWorkspace()
    await new Eventwell(workspace).append(
      range(100).map((n) => ({ source: '/s', type: 't', data: 'x'.repeat(1000) + n })),
    )
    const proxy = await CuttingProxy.start(workspace.url, () => 50_000)
    const client = new Eventwell({ ...workspace, url: proxy.url })
    await assert.rejects((await client.export()).text(), isNetworkError)
    await assert.rejects(new Response((await client.export()).body).text(), isNetworkError)
    proxy.close()
  })

  it('tells of a gap', async () => {
    const headers = { 'eventwell-gap': '0000000000000008', 'content-type': 'application/x-ndjson' }
    const { client } = replayed([{ status: 200, headers, body: '' }])
    assert.deepEqual((await client.export({ after: 'a' })).gap, { through: '0000000000000008' })
  })
})

describe('a consumer', () => {
  let server: TestServer
  before(async () => {
    server = await TestServer.start()
  })
  after(() => server.close())

  const append = (client: Eventwell, ...ids: string[]) =>
    client.append(ids.map((id) => ({ id, source: '/s', type: 't' })))

  it('goes on where it was, and sees a page again that was not done with', async () => {
    const client = new Eventwell(server.newWorkspace())
    const consumer = client.consumer('billing')
    await append(client, '1', '2', '3', '4', '5')
    const seen: string[] = []
    for await (const { events } of consumer.pages({ limit: 2 })) {
      seen.push(events.map(({ id }) => id).join(''))
      if (seen.length === 2) break
    }
    assert.equal((await consumer.get())?.sequence, '0000000000000002')
    for await (const { events } of consumer.pages({ limit: 2 })) {
      seen.push(events.map(({ id }) => id).join(''))
    }
    assert.deepEqual(seen, ['12', '34', '34', '5'])
    assert.equal((await consumer.get())?.lag, 0)
    assert.deepEqual(
      (await client.consumers()).map(({ name }) => name),
      ['billing'],
    )
    await consumer.forget()
    await consumer.forget()
    assert.equal(await consumer.get(), undefined)
  })

  it('waits for what comes, and commits over what it does not select', async () => {
    const seen: string[] = []
    let lists = 0
    const client = new Eventwell({
      ...server.newWorkspace(),
      fetch: (address, init) => {
        if (init.method === 'GET' && address.includes('/events?')) lists += 1
        // The second event comes once the consumer waits for it.
        const isFirstWait = address.includes('/tail?') && seen.length === 1
        return fetch(address, init).finally(() => isFirstWait && append(client, '2'))
      },
    })
    const consumer = client.consumer('waiting')
    await append(client, '1')
    const controller = new AbortController()
    const { signal } = controller
    const reason = new Error('enough')
    const following = (async () => {
      for await (const { events } of consumer.pages({ type: 't' }, { follow: true, signal })) {
        for (const { id } of events) seen.push(id)
        if (seen.length === 3) controller.abort(reason)
        else if (seen.length === 2) await append(client, '3')
        else await client.append({ source: '/s', type: 'other' })
      }
    })()
    await assert.rejects(following, reason)
    assert.deepEqual(seen, ['1', '2', '3'])
    // A page for each event; in between it waits, and does not ask.
    assert.equal(lists, 3)
    assert.ok(Number((await consumer.get())?.sequence) >= 2)
    const empty = client.consumer('empty')
    for await (const _ of empty.pages({ type: 'nothing' })) assert.fail()
    assert.equal((await empty.get())?.lag, 0)
  })

  it('is leased to one worker at a time', async () => {
    const client = new Eventwell({ ...server.newWorkspace(), retry: false })
    const consumer = client.consumer('leased')
    await append(client, '1', '2')
    const { cursor } = await client.list({ limit: 1 })
    const lease = await consumer.lease(60, 'worker-1')
    assert.equal(lease.cursor, null)
    const isRefused = (error: unknown) => isProblem(error, 'conflict') && error.retryAfterMs! > 0
    await assert.rejects(consumer.lease(60), isRefused)
    await assert.rejects(consumer.commit(cursor), isRefused)
    assert.equal((await consumer.commit(cursor, { lease })).lease?.holder, 'worker-1')
    const before = lease.expiresAt
    await lease.renew(600)
    assert.ok(lease.expiresAt > before)
    for await (const { events } of consumer.pages({}, { lease })) assert.equal(events.length, 1)
    assert.doesNotMatch(inspect(lease, { depth: 9 }), new RegExp(lease.token))
    await lease.release()
    await lease.release()
    const again = await consumer.commit(cursor, { rewind: true })
    assert.equal(again.lag, 1)
  })

  it('has a name that fits into an address', () => {
    const client = new Eventwell({ url, key: 'k' })
    for (const name of ['', '.', '..', 'a/b', 'ü', 'x'.repeat(65)]) {
      assert.throws(() => client.consumer(name), RangeError)
    }
  })

  it('does not take a lease twice, nor erase, when no answer came', async () => {
    const { client, requests } = replayed([
      { status: 200, isBroken: true },
      { status: 200, isBroken: true },
    ])
    await assert.rejects(client.consumer('c').lease(30), isNetworkError)
    await assert.rejects(client.erase({ subject: 's' }), isNetworkError)
    assert.equal(requests.length, 2)
  })
})

describe('the client', () => {
  it('erases, and tells of it', async () => {
    const server = await TestServer.start()
    try {
      const client = new Eventwell(server.newWorkspace(scopes))
      await client.append({ source: '/s', type: 't', subject: 'person-7' })
      assert.equal((await client.erase({ subject: 'person-7' })).events, 1)
      const { erasures } = await client.erasures({ limit: 1 })
      assert.deepEqual([erasures.length, erasures[0]!.by.kind], [1, 'subject'])
      assert.equal((await client.list()).events.length, 0)
      assert.deepEqual(await client.retention(), [])
    } finally {
      await server.close()
    }
  })

  const wrong: readonly [string, object, ErrorConstructor][] = [
    ['no key', { key: '' }, TypeError],
    ['a key with a line feed', { key: 'secret\nkey' }, TypeError],
    ['no address', { url: 'events.example.com' }, TypeError],
    ['a batch of none', { batch: { eventsMax: 0 } }, RangeError],
    ['a linger before now', { batch: { lingerMs: -1 } }, RangeError],
  ]
  for (const [name, options, error] of wrong) {
    it(`refuses ${name} at once, without the key`, () => {
      assert.throws(
        () => new Eventwell({ url, key: 'k', ...options }),
        (thrown) => thrown instanceof error && !thrown.message.includes('secret'),
      )
    })
  }

  it('shows its key nowhere', async () => {
    const { client } = replayed([{ status: 500, body: 'down' }], { key: 'secret', retry: false })
    assert.doesNotMatch(inspect(client, { depth: 9 }), /secret/)
    await assert.rejects(client.list(), (error) => !inspect(error, { depth: 9 }).includes('secret'))
  })

  it('notices that something else is at the address', async () => {
    const { client } = replayed([
      { status: 200, body: { hello: 1 } },
      { status: 200, body: 'hello' },
    ])
    await assert.rejects(client.list(), (error) => {
      return isAnswerError(error) && /no events: is it an Eventwell server\?/.test(error.message)
    })
    await assert.rejects(client.histogram({ interval: '1d' }), isAnswerError)
  })

  it('has errors that say what the server said', async () => {
    const { client } = replayed([
      {
        status: 400,
        body: { code: 'invalid_query', detail: 'limit must be 1 to 1000.', parameter: 'limit' },
      },
    ])
    await assert.rejects(client.list({ limit: 0 }), (error) => {
      assert.ok(isProblem(error, 'invalid_query', 'invalid_cursor') && isRequestError(error))
      assert.ok(!isProblem(error, 'busy'))
      assert.equal(error.problem.parameter, 'limit')
      assert.deepEqual(error.errors, [])
      assert.match(error.message, /^GET http.* was answered 400: invalid_query: limit must be/)
      return true
    })
  })
})
