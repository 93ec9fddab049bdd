import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { after, before, describe, it } from 'node:test'
import {
  Eventwell,
  isAnswerError,
  isBacklog,
  isEventConflict,
  isEventRejected,
  isHttpError,
  isNetworkError,
  isProblem,
  isTimeoutError,
  type BatchOptions,
  type ClientOptions,
  type Clock,
  type EventInput,
  type EventwellOptions,
} from '@eventwell/client'
import { FaultyProxy } from '../../../server/test/clients/faulty-proxy.ts'
import { TestServer } from '../../../server/test/clients/test-server.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { replayFetch, type Recorded } from '../support/replay.ts'
import { newAccess } from './access.ts'

const url = 'http://events.example.com'
const event = (id: string, more: object = {}): EventInput => ({
  id,
  source: '/s',
  type: 't',
  ...more,
})
const range = (count: number) => Array.from({ length: count }, (_, at) => at)

/** Requests that wait to be answered, one by one; each answer takes every event. */
class SlowServer {
  readonly bodies: { id: string }[][] = []
  readonly #waiting: (() => void)[] = []
  readonly fetch: NonNullable<ClientOptions['fetch']> = async (_, init) => {
    const events = JSON.parse(String(init.body)) as { id: string }[]
    this.bodies.push(events)
    await new Promise<void>((resolve) => this.#waiting.push(resolve))
    return Response.json({
      events: events.map(({ id }) => ({ id, source: '/s', outcome: 'created', sequence: '1' })),
    })
  }

  /** Answers the first request that waits, and lets everything happen that follows. */
  async answer(): Promise<void> {
    this.#waiting.shift()!()
    await settled()
  }
}

/** Everything that needs no more than its turn has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

function replayed(answers: readonly Recorded[], options: Partial<EventwellOptions> = {}) {
  const replay = replayFetch(answers)
  const clock = new ManualClock()
  const client = new Eventwell({ url, key: 'k', fetch: replay.fetch, clock, ...options })
  return { client, clock, requests: replay.requests }
}

const receipt = (id: string, outcome = 'created') => ({
  id,
  source: '/s',
  outcome,
  sequence: '0000000000000001',
})
const problem = (status: number, code: string, headers: Record<string, string> = {}): Recorded => ({
  status,
  headers: { 'content-type': 'application/problem+json', ...headers },
  body: { type: `/eventwell/docs#error-${code}`, title: code, status, detail: 'No.', code },
})

describe('appends of single events', () => {
  let server: TestServer
  before(async () => {
    server = await TestServer.start()
  })
  after(() => server.close())

  it('are put together: 10,000 at once are 20 requests, in their order', async () => {
    const workspace = newAccess(server)
    const sizes: number[] = []
    const client = new Eventwell({
      ...workspace,
      fetch: (address, init) => {
        if (init.method === 'POST') sizes.push((JSON.parse(String(init.body)) as []).length)
        return fetch(address, init)
      },
    })
    const receipts = await Promise.all(
      range(10_000).map((n) => client.append({ source: '/s', type: 't', data: { n } })),
    )
    assert.equal(sizes.length, 20)
    assert.ok(sizes.every((size) => size === 500))
    assert.deepEqual(
      receipts.map(({ sequence }) => Number(sequence)),
      range(10_000).map((n) => n + 1),
    )
    let n = 0
    for await (const one of client.read({ limit: 1000 })) {
      assert.deepEqual(one.data, { n })
      n += 1
    }
    assert.equal(n, 10_000)
  })

  it('hold nobody up who is good: rejected and conflicting ones among them', async () => {
    const client = new Eventwell(newAccess(server))
    const first = event('1')
    await client.append(first)
    const results = await Promise.allSettled([
      client.append(first),
      client.append(event('1', { type: 'other' })),
      client.append(event('2', { time: 'yesterday' })),
      client.append(event('3', { data: 7n })),
      client.append(event('4')),
    ])
    const [same, conflict, rejected, noJson, good] = results
    assert.equal(same.status === 'fulfilled' && same.value.outcome, 'exists')
    assert.ok(conflict.status === 'rejected' && isEventConflict(conflict.reason))
    assert.equal(conflict.reason.receipt.sequence, '0000000000000001')
    assert.ok(rejected.status === 'rejected' && isEventRejected(rejected.reason))
    assert.equal(rejected.reason.rejection.pointer, '/time')
    assert.equal(rejected.reason.rejection.index, undefined)
    assert.ok(noJson.status === 'rejected' && noJson.reason instanceof TypeError)
    assert.equal(good.status === 'fulfilled' && good.value.outcome, 'created')
  })

  it('are kept once when the connection breaks after the server kept them', async () => {
    const workspace = newAccess(server)
    const proxy = await FaultyProxy.start(workspace.url, 'cut')
    const clock = new ManualClock()
    const client = new Eventwell({ ...workspace, url: proxy.url, clock })
    const receipts = await Promise.all(
      range(3).map(() => client.append({ source: '/s', type: 't' })),
    )
    proxy.close()
    assert.deepEqual(
      receipts.map(({ outcome }) => outcome),
      ['exists', 'exists', 'exists'],
    )
    assert.equal((await new Eventwell(workspace).list()).events.length, 3)
  })

  it('are sent again after a 503, as long after as it says', async () => {
    const { client, clock, requests } = replayed([
      problem(503, 'busy', { 'retry-after': '7' }),
      { status: 200, body: { events: [receipt('1')] } },
    ])
    assert.equal((await client.append(event('1'))).outcome, 'created')
    assert.deepEqual(clock.sleptMs, [7000])
    assert.equal(requests[0]!.body, requests[1]!.body)
  })

  it('are split where a request is refused for what is in it, down to the one at fault', async () => {
    const workspace = newAccess(server)
    let deep: unknown = 0
    for (let level = 0; level < 200; level += 1) deep = [deep]
    const client = new Eventwell({ ...workspace, batch: { eventsMax: 16 } })
    const results = await Promise.allSettled(
      range(16).map((n) => client.append(event(`${n}`, n === 5 ? { data: deep } : {}))),
    )
    const failed = results.flatMap((result, n) =>
      result.status === 'rejected' ? [[n, result.reason]] : [],
    )
    assert.deepEqual(
      failed.map(([n]) => n),
      [5],
    )
    assert.ok(isProblem(failed[0]![1], 'invalid_json'))
    const { events } = await client.list()
    assert.deepEqual(
      events.map(({ id }) => Number(id)),
      range(16).filter((n) => n !== 5),
    )
  })

  it('are halved when a proxy finds them too large, whatever it answers with', async () => {
    const sizes: number[] = []
    const client = new Eventwell({
      url,
      key: 'k',
      fetch: async (_, init) => {
        const events = JSON.parse(String(init.body)) as { id: string }[]
        sizes.push(events.length)
        if (events.length > 2) return new Response('too large', { status: 413 })
        return Response.json({ events: events.map(({ id }) => receipt(id)) })
      },
    })
    const receipts = await Promise.all(range(5).map((n) => client.append(event(`${n}`))))
    assert.deepEqual(
      receipts.map(({ id }) => id),
      ['0', '1', '2', '3', '4'],
    )
    assert.deepEqual(sizes, [5, 3, 2, 1, 2])
  })

  it('fail together for what concerns all, and the next ones are sent all the same', async () => {
    const { client } = replayed([
      problem(401, 'unauthorized'),
      { status: 200, body: { events: [receipt('3')] } },
    ])
    const failed = await Promise.allSettled([client.append(event('1')), client.append(event('2'))])
    for (const one of failed) {
      assert.ok(one.status === 'rejected' && isProblem(one.reason, 'unauthorized'))
      assert.doesNotMatch(String(one.reason.stack), /Bearer/)
    }
    assert.equal((await client.append(event('3'))).outcome, 'created')
  })

  const rejection = { outcome: 'rejected', reason: 'No.' }
  const strange: readonly (readonly [string, unknown])[] = [
    ['no list', null],
    ['a text', 'xy'],
    ['too few outcomes', [receipt('1')]],
    ['too many outcomes', [receipt('1'), receipt('2'), receipt('3')]],
    ['what is no object', [receipt('1'), 7]],
    ['nothing of an event', [receipt('1'), {}]],
    ['an outcome that is none', [receipt('1'), receipt('2', 'pending')]],
    ['another order', [receipt('2'), receipt('1')]],
    ['the event of another source', [receipt('1'), { ...receipt('2'), source: '/z' }]],
    ['no sequence', [receipt('1'), { ...receipt('2'), sequence: undefined }]],
    ['a rejection without a reason', [receipt('1'), { outcome: 'rejected' }]],
    ['a rejection of another event', [receipt('1'), { ...rejection, id: '1' }]],
    ['a pointer that is none', [receipt('1'), { ...rejection, pointer: 7 }]],
  ]
  for (const [what, outcomes] of strange) {
    it(`are taken for none of them kept where the server answers with ${what}`, async () => {
      const answer = { status: 200, body: { events: outcomes } }
      const { client } = replayed([answer, answer, answer, answer])
      const both = [event('1'), event('2')]
      for (const one of await Promise.allSettled(both.map((each) => client.append(each)))) {
        assert.ok(one.status === 'rejected' && isAnswerError(one.reason))
      }
      await assert.rejects(client.append(both), isAnswerError)
      await assert.rejects(client.append(both, { mode: 'each' }), isAnswerError)
      await assert.rejects(client.appendEach(both), isAnswerError)
    })
  }

  it('gather while a request is on its way, by count and by bytes', async () => {
    const slow = new SlowServer()
    const options = { url, key: 'k', fetch: slow.fetch }
    const client = new Eventwell({ ...options, batch: { eventsMax: 3, bytesMax: 400 } })
    const all = range(8).map((n) =>
      client.append(event(`${n}`, n === 4 ? { data: 'x'.repeat(400) } : {})),
    )
    await settled()
    assert.equal(slow.bodies.length, 1)
    for (let answered = 0; answered < 4; answered += 1) await slow.answer()
    await Promise.all(all)
    assert.deepEqual(
      slow.bodies.map((body) => body.map(({ id }) => id).join('')),
      ['012', '3', '4', '567'],
    )
  })

  it('linger, unless the request is full', async () => {
    const { client, clock, requests } = replayed(
      [
        { status: 200, body: { events: [receipt('1')] } },
        { status: 200, body: { events: [receipt('2'), receipt('3')] } },
      ],
      { batch: { lingerMs: 50, eventsMax: 2 } },
    )
    await client.append(event('1'))
    assert.deepEqual(clock.sleptMs, [50])
    await Promise.all([client.append(event('2')), client.append(event('3'))])
    assert.equal(requests.length, 2)
  })

  const bounds: readonly [string, Partial<BatchOptions>, number][] = [
    ['calls', { callsMax: 5 }, 5],
    ['bytes', { waitingBytesMax: 300 }, 3],
    ['bytes, though one event alone may have more', { waitingBytesMax: 1 }, 1],
  ]
  for (const [what, batch, taken] of bounds) {
    it(`fail and say so beyond the bound of ${what}, until some are kept`, async () => {
      const slow = new SlowServer()
      const options = { url, key: 'k', fetch: slow.fetch }
      const client = new Eventwell({ ...options, batch: { eventsMax: 1, ...batch } })
      // Each has 100 bytes.
      const event100 = (n: number) => event(`${n}`, { data: 'x'.repeat(35) })
      const all = range(taken).map((n) => client.append(event100(n)))
      await settled()
      await assert.rejects(client.append(event100(9)), (error) => {
        const { callsMax = 100_000, waitingBytesMax = 64 * 1024 * 1024 } = batch
        assert.ok(isBacklog(error) && error.message.includes('appendEach'))
        return error.callsMax === callsMax && error.waitingBytesMax === waitingBytesMax
      })
      await slow.answer()
      await all[0]
      all.push(client.append(event100(taken)))
      await assert.rejects(client.append(event100(9)), isBacklog)
      for (let answered = 0; answered < taken; answered += 1) await slow.answer()
      await Promise.all(all)
      assert.deepEqual(
        slow.bodies.map(([one]) => one!.id),
        range(taken + 1).map(String),
      )
    })
  }

  it('are sent as they were when they were appended, whatever becomes of the object', async () => {
    const slow = new SlowServer()
    const client = new Eventwell({ url, key: 'k', fetch: slow.fetch, batch: { eventsMax: 1 } })
    const first = client.append(event('0'))
    await settled()
    const one = { id: '1', source: '/s', type: 't', data: { n: 1 } }
    const second = client.append(one)
    one.id = '2'
    one.data.n = 2
    await slow.answer()
    await slow.answer()
    assert.deepEqual(slow.bodies[1], [
      { specversion: '1.0', id: '1', source: '/s', type: 't', data: { n: 1 } },
    ])
    await Promise.all([first, second])
  })

  it('end in their total time, from the call on, whether they were sent or not', async () => {
    const slow = new SlowServer()
    const options = { url, key: 'k', fetch: slow.fetch, retry: false as const }
    const client = new Eventwell({ ...options, totalTimeoutMs: 40, batch: { eventsMax: 1 } })
    // The first is sent, and is not answered; its own time is longer, so that none takes its place.
    const first = client.append(event('0'), { totalTimeoutMs: 400 })
    const others = range(7).map((n) => client.append(event(`${n + 1}`)))
    const results = await Promise.allSettled([first, ...others])
    const [sent, ...waited] = results.map((one) => (one.status === 'rejected' ? one.reason : one))
    assert.ok(isTimeoutError(sent) && sent.timeoutMs === 400)
    assert.match(
      sent.message,
      /was not answered \(the event was sent and may be kept\) within 400 ms/,
    )
    for (const error of waited) {
      assert.ok(isTimeoutError(error), String(error))
      assert.match(error.message, /was not sent \(the event waited .* is not kept\) within 40 ms/)
    }
    assert.equal(slow.bodies.length, 1)
    const own = new Eventwell({ ...options, batch: { eventsMax: 1 } })
    await assert.rejects(own.append(event('1'), { totalTimeoutMs: 20 }), isTimeoutError)
    await assert.rejects(own.append(event('1'), { totalTimeoutMs: 0 }), RangeError)
  })

  it('that are late say so, and whether they were sent, each with its own time', async () => {
    const never = () => new Promise<Response>(() => undefined)
    const client = new Eventwell({ url, key: 'k', fetch: never, batch: { eventsMax: 1 } })
    const timesMs = [20, 40, 60]
    const results = await Promise.allSettled(
      timesMs.map((totalTimeoutMs, n) => client.append(event(`${n}`), { totalTimeoutMs })),
    )
    for (const [n, result] of results.entries()) {
      assert.ok(result.status === 'rejected' && isTimeoutError(result.reason))
      assert.equal(result.reason.timeoutMs, timesMs[n])
      assert.match(result.reason.message, /\(the event (was sent|waited)/)
    }
  })

  it('are kept though somebody sets the clock forward', async () => {
    let nowMs = 0
    const slow = new SlowServer()
    const clock: Clock = { now: () => nowMs, random: () => 0, sleep: async () => undefined }
    const options = { url, key: 'k', fetch: slow.fetch, clock }
    const client = new Eventwell({ ...options, batch: { eventsMax: 1 } })
    const all = range(2).map((n) => client.append(event(`${n}`)))
    await settled()
    nowMs = 200_000
    await slow.answer()
    await slow.answer()
    await Promise.all(all)
  })

  it('are not sent when their time was over before there was a request for them', async (context) => {
    const slow = new SlowServer()
    const client = new Eventwell({ url, key: 'k', fetch: slow.fetch, batch: { eventsMax: 1 } })
    const first = client.append(event('1'))
    const second = client.append(event('2'))
    const late = assert.rejects(second, isTimeoutError)
    const third = client.append(event('3'), { totalTimeoutMs: Infinity })
    await settled()
    // A timer that is late: the program was stopped, say.
    const nowMs = performance.now() + 200_000
    context.mock.method(performance, 'now', () => nowMs)
    await slow.answer()
    await late
    await slow.answer()
    await Promise.all([first, third])
    assert.deepEqual(
      slow.bodies.map(([one]) => one!.id),
      ['1', '3'],
    )
  })

  it('are taken out when their signal aborts while they wait', async () => {
    const slow = new SlowServer()
    const client = new Eventwell({ url, key: 'k', fetch: slow.fetch, batch: { eventsMax: 1 } })
    const controller = new AbortController()
    const { signal } = controller
    const sent = client.append(event('sent'), { signal })
    await settled()
    const queued = client.append(event('queued'), { signal })
    const last = range(3).map((n) => client.append(event(`last-${n}`)))
    const reason = new Error('enough')
    controller.abort(reason)
    for (const gone of [sent, queued]) await assert.rejects(gone, reason)
    await assert.rejects(client.append(event('late'), { signal }), reason)
    for (let answered = 0; answered < 4; answered += 1) await slow.answer()
    await Promise.all(last)
    assert.deepEqual(
      slow.bodies.map(([one]) => one!.id),
      ['sent', 'last-0', 'last-1', 'last-2'],
    )
  })

  it('listen once to a signal, however many share it, and then no more', async () => {
    const slow = new SlowServer()
    const client = new Eventwell({ url, key: 'k', fetch: slow.fetch })
    const { signal } = new AbortController()
    const all = range(100).map((n) => client.append(event(`${n}`), { signal }))
    assert.equal(getEventListeners(signal, 'abort').length, 1)
    await settled()
    await slow.answer()
    await Promise.all(all)
    assert.equal(getEventListeners(signal, 'abort').length, 0)
  })

  it('hold nobody up once nobody waits for their request', async () => {
    const slow = new SlowServer()
    const client = new Eventwell({ url, key: 'k', fetch: slow.fetch, batch: { eventsMax: 2 } })
    const controllers = range(2).map(() => new AbortController())
    const gone = controllers.map(({ signal }, n) => client.append(event(`${n}`), { signal }))
    const ends = Promise.allSettled(gone)
    await settled()
    const last = client.append(event('last'))
    controllers[0]!.abort()
    await settled()
    assert.equal(slow.bodies.length, 1, 'one still waits for it')
    controllers[1]!.abort()
    await ends
    await settled()
    assert.deepEqual(
      slow.bodies.map((body) => body.map(({ id }) => id).join()),
      ['0,1', 'last'],
    )
    await slow.answer()
    await slow.answer()
    await last
  })

  it('leave no timer behind when all that lingered were taken out', async () => {
    const waits: AbortSignal[] = []
    const clock: Clock = {
      now: () => 0,
      random: () => 0,
      sleep: (_, signal) => {
        waits.push(signal!)
        return new Promise(() => undefined)
      },
    }
    const client = new Eventwell({ url, key: 'k', clock, batch: { lingerMs: 60_000 } })
    const controllers = range(2).map(() => new AbortController())
    const gone = controllers.map(({ signal }, n) => client.append(event(`${n}`), { signal }))
    const ends = Promise.allSettled(gone)
    controllers[0]!.abort()
    assert.deepEqual([waits.length, waits[0]?.aborted], [1, false])
    controllers[1]!.abort()
    assert.equal(waits[0]?.aborted, true)
    await ends
  })

  it('leave their room to others when they are taken out', async () => {
    const slow = new SlowServer()
    const batch = { eventsMax: 1, waitingBytesMax: 1000 }
    const client = new Eventwell({ url, key: 'k', fetch: slow.fetch, batch })
    const first = client.append(event('first'))
    await settled()
    const data = 'x'.repeat(400)
    for (let rounds = 0; rounds < 3; rounds += 1) {
      const controller = new AbortController()
      const gone = client.append(event('gone', { data }), { signal: controller.signal })
      controller.abort()
      await assert.rejects(gone, { name: 'AbortError' })
    }
    const last = client.append(event('last', { data }))
    await slow.answer()
    assert.equal(slow.bodies.length, 2)
    await slow.answer()
    await Promise.all([first, last])
  })

  it('are waited for by flush and close, whatever becomes of them', async () => {
    const slow = new SlowServer()
    const client = new Eventwell({ url, key: 'k', fetch: slow.fetch, batch: { lingerMs: 60_000 } })
    const one = client.append(event('1'))
    let isFlushed = false
    const flushed = client.flush().then(() => (isFlushed = true))
    await settled()
    assert.equal(slow.bodies.length, 1, 'flush does not linger')
    assert.equal(isFlushed, false)
    await slow.answer()
    await flushed
    await one
    const two = client.append(event('2'))
    const closed = client.close()
    await assert.rejects(client.append(event('3')), TypeError)
    await settled()
    await slow.answer()
    await Promise.all([two, closed])
  })
})

describe('appends of arrays', () => {
  let server: TestServer
  before(async () => {
    server = await TestServer.start()
  })
  after(() => server.close())

  it('keep all or none, or what can be taken', async () => {
    const client = new Eventwell(newAccess(server))
    const kept = await client.append([event('1'), event('2')])
    assert.deepEqual(
      kept.map(({ outcome }) => outcome),
      ['created', 'created'],
    )
    const mixed = [event('3'), event('1', { type: 'other' })]
    await assert.rejects(client.append(mixed), (error) => {
      return isProblem(error, 'conflict') && error.errors[0]?.index === 1 && error.status === 409
    })
    assert.equal((await client.list()).events.length, 2)
    const each = await client.append(mixed, { mode: 'each' })
    assert.deepEqual(
      each.map(({ outcome }) => outcome),
      ['created', 'conflict'],
    )
    assert.deepEqual(await client.append([]), [])
  })

  it('of which all are kept or none are not answered with less', async () => {
    for (const outcome of ['conflict', 'rejected']) {
      const body = { events: [receipt('1'), { ...receipt('2', outcome), reason: 'No.' }] }
      const { client } = replayed([{ status: 200, body }])
      await assert.rejects(client.append([event('1'), event('2')]), isAnswerError)
    }
  })

  it('with an idempotency key end in their total time', async () => {
    const busy = problem(409, 'conflict', { 'retry-after': '3' })
    const { client, clock, requests } = replayed([busy, busy, busy], { totalTimeoutMs: 5000 })
    await assert.rejects(client.append([event('1')], { idempotencyKey: 'k' }), (error) =>
      isProblem(error, 'conflict'),
    )
    assert.deepEqual([clock.sleptMs, requests.length], [[3000], 2])
  })

  it('with an idempotency key wait while the first request is at work', async () => {
    const { client, clock, requests } = replayed([
      problem(409, 'conflict', { 'retry-after': '2' }),
      { status: 200, body: { events: [receipt('1')] } },
      problem(409, 'conflict'),
    ])
    const options = { idempotencyKey: 'a "b"' }
    assert.equal((await client.append([event('1')], options))[0]!.outcome, 'created')
    assert.deepEqual(clock.sleptMs, [2000])
    assert.equal(requests[1]!.headers['idempotency-key'], '"a \\"b\\""')
    await assert.rejects(client.append([event('1')], options), (error) =>
      isProblem(error, 'conflict'),
    )
    await assert.rejects(client.append([event('1')], { idempotencyKey: 'ü' }), RangeError)
    assert.equal(requests.length, 3)
  })
})

describe('appendEach', () => {
  let server: TestServer
  before(async () => {
    server = await TestServer.start()
  })
  after(() => server.close())

  it('takes any number, counts, and names what it could not send on', async () => {
    const workspace = newAccess(server)
    const client = new Eventwell({ ...workspace, batch: { eventsMax: 100 } })
    await client.append(event('7', { type: 'other' }))
    let deep: unknown = 0
    for (let level = 0; level < 200; level += 1) deep = [deep]
    let taken = 0
    let kept = 0
    async function* events(): AsyncGenerator<EventInput> {
      for (const n of range(1234)) {
        assert.ok(taken - kept <= 101, 'no more than a request is held')
        taken += 1
        if (n === 150) yield event(`${n}`, { time: 'no' })
        else yield event(`${n}`, n === 205 ? { data: deep } : {})
      }
    }
    const answer = await client.appendEach(events(), {
      onProgress: ({ created, rejected, conflict }) => (kept = created + rejected + conflict),
    })
    const { faults, ...counts } = answer
    assert.deepEqual(counts, { created: 1231, exists: 0, conflict: 1, rejected: 2 })
    assert.deepEqual(
      faults.map(({ index, pointer, outcome }) => [index, pointer, outcome]),
      [
        [7, '/7/id', 'conflict'],
        [150, '/150/time', 'rejected'],
        [205, '/205', 'rejected'],
      ],
    )
    assert.equal((await client.aggregate()).rows[0]!.count, 1232)
  })

  it('counts an event that cannot be sent as rejected, and sends those around it', async () => {
    const client = new Eventwell(newAccess(server))
    const events = [event('1'), event('2', { data: 1n }), { source: '', type: 't' }, event('4')]
    const { faults, ...counts } = await client.appendEach(events)
    assert.deepEqual(counts, { created: 2, exists: 0, conflict: 0, rejected: 2 })
    const [noJson, noSource] = faults
    assert.match(noJson!.reason, /BigInt/)
    assert.deepEqual([noJson!.index, noJson!.id, noJson!.pointer], [1, '2', '/1'])
    assert.match(noSource!.reason, /must have a source/)
    assert.deepEqual([noSource!.index, noSource!.id, noSource!.pointer], [2, undefined, '/2'])
  })

  it('names a thousand faults, and that there are more', async () => {
    const client = new Eventwell(newAccess(server))
    const { rejected, faults, moreFaults } = await client.appendEach(
      range(1001).map((n) => event(`${n}`, { time: 'no' })),
    )
    assert.deepEqual([rejected, faults.length, moreFaults], [1001, 1000, true])
  })

  it('ends with what concerns all, and has told what was kept before', async () => {
    const { client } = replayed(
      [{ status: 200, body: { events: [receipt('0')] } }, problem(403, 'forbidden')],
      { batch: { eventsMax: 1 } },
    )
    let created = 0
    const events = range(3).map((n) => event(`${n}`))
    const sending = client.appendEach(events, {
      onProgress: (answer) => (created = answer.created),
    })
    await assert.rejects(sending, (error) => isHttpError(error) && error.status === 403)
    assert.equal(created, 1)
    const broken = replayed([{ status: 200, isBroken: true }], { retry: false })
    await assert.rejects(broken.client.appendEach(events), isNetworkError)
  })
})
