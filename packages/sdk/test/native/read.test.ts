import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { inspect } from 'node:util'
import { runInNewContext } from 'node:vm'
import {
  Eventwell,
  isAnswerError,
  isGap,
  isHttpError,
  isNetworkError,
  isProblem,
  isRequestError,
  isTimeoutError,
  type EventwellOptions,
  type Gap,
  type TailBreak,
} from '@eventwell/client'
import { scopes } from '../../../server/src/core/access.ts'
import { TestServer } from '../../../server/test/clients/test-server.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { replayFetch, type Recorded } from '../support/replay.ts'
import { newAccess } from './access.ts'
import { CuttingProxy } from './cutting-proxy.ts'
import { eventMessage, streamFetch } from './streams.ts'

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
    const client = new Eventwell(newAccess(server))
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

  const circles: readonly (readonly [string, readonly string[], object])[] = [
    ['the cursor it was asked with', ['a'], {}],
    ['two cursors in turn', ['b', 'c'], {}],
    ['a place that it never leaves', ['b'], { complete: false }],
  ]
  for (const [what, cursors, rest] of circles) {
    it(`pauses and then ends when it is sent in a circle: ${what}`, async () => {
      const answers = range(30).map((n) => page([], cursors[n % cursors.length]!, true, rest))
      const commit = { status: 200, body: { name: 'c' } }
      const reader = replayed(answers)
      const reading = (async () => {
        for await (const _ of reader.client.read({ after: 'a' })) assert.fail()
      })()
      await assert.rejects(reading, isAnswerError)
      assert.deepEqual(reader.clock.sleptMs, [1000, 2000, 4000, 8000, 16_000])
      const consumer = replayed(answers.flatMap((one, n) => (n < 9 ? [one, commit] : [])))
      const consuming = (async () => {
        for await (const _ of consumer.client.consumer('c').pages()) assert.fail()
      })()
      await assert.rejects(consuming, isAnswerError)
      assert.ok(consumer.clock.sleptMs.length > 0)
    })
  }

  it('tells mistakes at once, not at the first step of a loop', () => {
    const { client } = replayed([])
    const consumer = client.consumer('c')
    const wrong = { typ: 'x' } as object
    assert.throws(() => client.read(wrong), /A query must not have "typ"; there are type, resource/)
    assert.throws(() => client.pages(wrong), TypeError)
    assert.throws(() => client.tail(wrong), TypeError)
    assert.throws(() => consumer.pages(wrong), TypeError)
    assert.throws(() => client.read({ from: new Date(NaN) }), RangeError)
    for (const silenceMs of [0, -1, NaN]) {
      assert.throws(() => client.tail({}, { silenceMs }), RangeError)
    }
    for (const failuresMax of [-1, 0.5, NaN]) {
      assert.throws(() => client.tail({}, { failuresMax }), RangeError)
    }
  })

  it('takes a Date of another realm', async () => {
    const { client, requests } = replayed([page([], 'c', false)])
    await client.list({ from: runInNewContext('new Date(0)') as Date })
    assert.match(requests[0]!.path, /from=1970-01-01T00%3A00%3A00.000Z/)
  })

  it('asks again for a page that broke off', async () => {
    const workspace = newAccess(server)
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

  const ways = {
    async read(client: Eventwell, onGap?: (gap: Gap) => void) {
      const seen: string[] = []
      for await (const { id } of client.read({ after: 'a' }, { onGap })) seen.push(id)
      return seen
    },
    async pages(client: Eventwell, onGap?: (gap: Gap) => void) {
      const seen: string[] = []
      for await (const one of client.pages({ after: 'a' }, { onGap })) {
        seen.push(...one.events.map(({ id }) => id))
      }
      return seen
    },
  }
  for (const [name, way] of Object.entries(ways)) {
    it(`throws a gap, or tells of it and goes on: ${name}`, async () => {
      const answers = [page(['9'], 'b', false, { gap: { through: '0000000000000008' } })]
      const gap = { cursor: 'a', through: '0000000000000008' }
      const failed = way(replayed(answers).client)
      await assert.rejects(failed, (error) => isGap(error) && error.through === gap.through)
      const told: Gap[] = []
      assert.deepEqual(await way(replayed(answers).client, (one) => told.push(one)), ['9'])
      assert.deepEqual(told, [gap])
    })
  }

  it('gets one event, or none, and refuses ids that no address can have', async () => {
    const { client, requests } = replayed([
      { status: 200, body: event('a/ü') },
      { status: 404, body: { code: 'not_found', status: 404, detail: 'No.' } },
      { status: 404, body: 'no such page' },
      { status: 200, body: [event('d')] },
    ])
    const get = (id: string) => client.get({ source: '/s', id })
    const found = await client.get({ source: '/s', id: 'a/ü' }, { fields: ['id'] })
    assert.equal(found?.id, 'a/ü')
    assert.equal(requests[0]!.path, '/eventwell/events/a%2F%C3%BC?source=%2Fs&fields=id')
    assert.equal(await get('b'), undefined)
    await assert.rejects(get('c'), (error) => isHttpError(error) && !isProblem(error))
    await assert.rejects(get('d'), isAnswerError)
    for (const id of ['.', '..', '\ud800']) await assert.rejects(get(id), RangeError)
    await assert.rejects(get(''), TypeError)
    assert.equal(requests.length, 4)
  })

  it('gets an event at a sequence, and takes nothing else for one', async () => {
    const { client, requests } = replayed([{ status: 200, body: event('1') }])
    assert.equal((await client.get('0000000000000001'))?.id, '1')
    assert.equal(requests[0]!.path, '/eventwell/events/0000000000000001')
    const wrong = ['', 'order-7', '-1', '1.5', '00000000000000001', 7, null, { id: '1' }]
    for (const one of wrong as string[]) {
      await assert.rejects(client.get(one), /a sequence, of 1 to 16 digits, or \{ source, id \}/)
    }
    assert.equal(requests.length, 1)
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
    const client = new Eventwell({ ...newAccess(server), ...bigints })
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
    const client = new Eventwell(newAccess(server))
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
    const workspace = newAccess(server)
    await new Eventwell(workspace).append(
      range(100).map((n) => ({ source: '/s', type: 't', data: 'x'.repeat(1000) + n })),
    )
    const proxy = await CuttingProxy.start(workspace.url, () => 50_000)
    const client = new Eventwell({ ...workspace, url: proxy.url })
    await assert.rejects((await client.export()).text(), isNetworkError)
    await assert.rejects(new Response((await client.export()).body).text(), isNetworkError)
    proxy.close()
  })

  /** A stream that ends for nobody: neither by itself nor by a signal. */
  const silent = async () =>
    new Response(new ReadableStream({ start: (one) => one.enqueue(new Uint8Array(9)) }))

  it('may take as long to begin as it may be silent, unless the call says otherwise', async () => {
    const fetch = () =>
      new Promise<Response>((resolve) => setTimeout(() => resolve(new Response('{}')), 100))
    const bounds = { timeoutMs: 20, totalTimeoutMs: 20, retry: false as const }
    const client = new Eventwell({ url, key: 'k', fetch, ...bounds })
    assert.equal(await (await client.export()).text(), '{}')
    for (const bound of [{ timeoutMs: 20 }, { totalTimeoutMs: 20 }, { silenceMs: 20 }]) {
      await assert.rejects(client.export({}, bound), isTimeoutError)
    }
  })

  it('that is silent for too long fails', async () => {
    const client = new Eventwell({ url, key: 'k', fetch: silent })
    const exported = await client.export({}, { silenceMs: 20 })
    await assert.rejects(exported.text(), isTimeoutError)
    await assert.rejects(client.export({}, { silenceMs: 0 }), RangeError)
  })

  it('ends by its signal and by a cancel, also where fetch takes no notice', async () => {
    const client = new Eventwell({ url, key: 'k', fetch: silent })
    const controller = new AbortController()
    const reading = (await client.export({}, { signal: controller.signal })).text()
    const reason = new Error('enough')
    controller.abort(reason)
    await assert.rejects(reading, reason)
    const reader = (await client.export()).body.getReader()
    await reader.read()
    const waiting = reader.read()
    // By then the stream waits for the next piece.
    await new Promise((resolve) => setImmediate(resolve))
    await reader.cancel()
    assert.equal((await waiting).done, true)
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
    const client = new Eventwell(newAccess(server))
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
      ...newAccess(server),
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

  it('commits nothing beyond a gap that nobody was told of', async () => {
    const gap = { through: '0000000000000008' }
    const answers = [page(['9'], 'b', false, { gap }), { status: 200, body: { name: 'c' } }]
    const run = async (onGap?: (gap: Gap) => void) => {
      const { client, requests } = replayed(answers)
      const seen: string[] = []
      const reading = (async () => {
        for await (const one of client.consumer('c').pages({}, { onGap })) {
          seen.push(...one.events.map(({ id }) => id))
        }
      })()
      const error: unknown = await reading.catch((thrown: unknown) => thrown)
      return { seen, error, commits: requests.filter(({ method }) => method === 'PUT').length }
    }
    const thrown = await run()
    assert.ok(isGap(thrown.error))
    assert.deepEqual([thrown.seen, thrown.commits], [[], 0])
    const told: Gap[] = []
    const gone = await run((one) => told.push(one))
    assert.deepEqual([gone.seen, gone.commits, gone.error], [['9'], 1, undefined])
    assert.deepEqual(told, [{ cursor: '', ...gap }])
  })

  const through = '0000000000000008'
  const progress = (cursor: string, caughtUp: boolean) =>
    `event: progress\nid: ${cursor}\ndata: ${JSON.stringify({ cursor, caughtUp })}\n\n`
  const gapMessage = `event: gap\nid: d\ndata: {"cursor":"d","through":"${through}"}\n\n`
  /** What a consumer does whose tail brings this, and then finds this page. */
  const followed = async (text: string, found: Recorded, onGap?: (gap: Gap) => void) => {
    const seen: string[] = []
    const steps: string[] = []
    const tails = streamFetch([{ text, ending: 'silent' }])
    const lists = [page([], 'a', false), found]
    const fetch: NonNullable<EventwellOptions['fetch']> = async (address, init) => {
      const after = new URL(address).searchParams.get('after')
      if (init.method === 'PUT') {
        steps.push(`commit ${(JSON.parse(String(init.body)) as { cursor: string }).cursor}`)
        return Response.json({ name: 'c' })
      }
      const isTail = address.includes('/tail?')
      steps.push(`${isTail ? 'tail' : 'list'} ${after}`)
      return isTail ? tails.fetch(address, init) : Response.json(lists.shift()!.body)
    }
    const client = new Eventwell({ url, key: 'k', fetch })
    const error: unknown = await (async () => {
      for await (const { events } of client.consumer('c').pages({}, { follow: true, onGap })) {
        seen.push(...events.map(({ id }) => id))
      }
    })().catch((thrown: unknown) => thrown)
    return { seen, error, steps: steps.join(', ') }
  }

  it('that follows commits what passes, but nothing beyond an event that it has not given', async () => {
    const passing = progress('a', true) + progress('b', false) + progress('c', true)
    const tailed = passing + eventMessage('d', '1') + progress('e', true)
    const { seen, error, steps } = await followed(tailed, page(['1'], 'd', false))
    // The second tail is refused, so that the loop ends.
    assert.ok(isHttpError(error) && error.status === 400)
    assert.deepEqual(seen, ['1'])
    assert.equal(steps, 'list null, commit a, tail a, commit c, list c, commit d, tail d')
  })

  it('that follows is told of a gap that its tail was told of, and commits nothing beyond', async () => {
    const tailed = progress('c', true) + gapMessage + progress('e', true)
    const found = page([], 'e', false, { gap: { through } })
    const thrown = await followed(tailed, found)
    assert.ok(isGap(thrown.error))
    assert.equal(thrown.steps, 'list null, commit a, tail a, commit c, list c')
    const told: Gap[] = []
    const gone = await followed(tailed, found, (one) => told.push(one))
    assert.deepEqual(told, [{ cursor: 'c', through }])
    assert.equal(gone.steps, `${thrown.steps}, commit e, tail e`)
  })

  it('that follows outlives a server that is away, and tells of it', async () => {
    const away = { status: 503, body: 'away' }
    const answers = [away, page(['1'], 'b', false), away, { status: 200, body: { name: 'c' } }]
    const run = async (follow: boolean) => {
      const { client, clock } = replayed([...answers, { status: 400, body: 'enough' }], {
        retry: false,
      })
      const breaks: TailBreak[] = []
      const seen: string[] = []
      const onBreak = (one: TailBreak) => breaks.push(one)
      const reading = (async () => {
        for await (const one of client.consumer('c').pages({}, { follow, onBreak })) {
          seen.push(...one.events.map(({ id }) => id))
        }
      })()
      const error: unknown = await reading.catch((thrown: unknown) => thrown)
      assert.ok(isHttpError(error))
      return { seen, status: error.status, breaks: breaks.length, sleptMs: clock.sleptMs }
    }
    const followed = { seen: ['1'], status: 400, breaks: 2, sleptMs: [1000, 1000] }
    assert.deepEqual(await run(true), followed)
    assert.deepEqual(await run(false), { seen: [], status: 503, breaks: 0, sleptMs: [] })
  })

  it('is leased to one worker at a time', async () => {
    const client = new Eventwell({ ...newAccess(server), retry: false })
    const consumer = client.consumer('leased')
    await append(client, '1', '2')
    const { cursor } = await client.list({ limit: 1 })
    const lease = await consumer.lease({ seconds: 60, holder: 'worker-1' })
    assert.equal(lease.cursor, null)
    const isRefused = (error: unknown) => isProblem(error, 'conflict') && error.retryAfterMs! > 0
    await assert.rejects(consumer.lease({ seconds: 60 }), isRefused)
    await assert.rejects(consumer.commit(cursor), isRefused)
    assert.equal((await consumer.commit(cursor, { lease })).lease?.holder, 'worker-1')
    const before = lease.expiresAt
    await lease.renew({ seconds: 600 })
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
    await assert.rejects(client.consumer('c').lease({ seconds: 30 }), isNetworkError)
    await assert.rejects(client.erase({ subject: 's' }), isNetworkError)
    assert.equal(requests.length, 2)
  })
})

describe('the client', () => {
  it('erases, and tells of it', async () => {
    const server = await TestServer.start()
    try {
      const client = new Eventwell(newAccess(server, scopes))
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
    ['an address with /eventwell', { url: `${url}/eventwell/` }, TypeError],
    ['an option that there is not', { timeout: 5 }, TypeError],
    ['a batch option that there is not', { batch: { size: 5 } }, TypeError],
    ['a change of retries that there is not', { retry: { retires: 5 } }, TypeError],
    ['a batch of none', { batch: { eventsMax: 0 } }, RangeError],
    ['a batch that no server takes', { batch: { eventsMax: 20_001 } }, RangeError],
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

  it('says what it takes instead', () => {
    const made = (options: object) => () => new Eventwell({ url, key: 'k', ...options })
    assert.throws(
      made({ url: `${url}/eventwell` }),
      /without \/eventwell: http:\/\/events.example.com$/,
    )
    assert.throws(
      made({ timeout: 5 }),
      /must not have "timeout"; there are .*timeoutMs, totalTimeoutMs/,
    )
    assert.throws(
      made({ batch: { size: 5 } }),
      /^TypeError: batch must not have "size"; there are eventsMax/,
    )
  })

  it('shows its key nowhere', async () => {
    const { client } = replayed([{ status: 500, body: 'down' }], { key: 'secret', retry: false })
    assert.doesNotMatch(inspect(client, { depth: 9 }), /secret/)
    await assert.rejects(client.list(), (error) => !inspect(error, { depth: 9 }).includes('secret'))
  })

  it('notices that something else is at the address', async () => {
    const { client } = replayed([
      { status: 200, body: { hello: 1 } },
      { status: 200, body: 'hello' },
      { status: 200, body: { buckets: null } },
      { status: 200, body: { consumers: ['c'] } },
      { status: 200, body: { events: null, cursor: 'c', more: false } },
      { status: 200, body: { events: 'abc', cursor: 'c', more: false } },
      { status: 200, body: { events: [null], cursor: 'c', more: false } },
    ])
    await assert.rejects(client.list(), (error) => {
      return (
        isAnswerError(error) && /no events, cursor: is it an Eventwell server\?/.test(error.message)
      )
    })
    await assert.rejects(client.histogram({ interval: '1d' }), isAnswerError)
    await assert.rejects(client.histogram({ interval: '1d' }), isAnswerError)
    await assert.rejects(client.consumers(), isAnswerError)
    for (let rest = 0; rest < 3; rest += 1) await assert.rejects(client.list(), isAnswerError)
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
