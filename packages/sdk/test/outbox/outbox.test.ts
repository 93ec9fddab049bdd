import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it, type TestContext } from 'node:test'
import { TestServer } from '../../../server/test/clients/test-server.ts'
import { Eventwell } from '../../src/native/index.ts'
import {
  isFolderInUseError,
  isAnswerError,
  isHttpError,
  isSpoolFullError,
  Outbox,
  type EventIdentity,
  type OutboxOptions,
} from '../../src/outbox/index.ts'
import { atEnd, temporaryFolder } from '../disk/folder.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { replayFetch, type Recorded, type SeenRequest } from '../support/replay.ts'
import { ReplayServer } from '../support/replay-server.ts'

const url = 'http://events.test'
const key = 'orchard-key'
const event = { source: '/shop', type: 'order.paid', data: { total: 12.5 } }

async function open(context: TestContext, options: Partial<OutboxOptions>): Promise<Outbox> {
  const folder = options.folder ?? join(temporaryFolder(context), 'outbox')
  // What these throw would be a warning.
  const told: unknown[] = []
  const outbox = await Outbox.open({
    url,
    key,
    clock: new ManualClock(),
    onFault: (error) => told.push(error),
    onRefused: (_, reason) => told.push(reason),
    ...options,
    folder,
  })
  atEnd(context, async () => {
    await outbox.close()
    assert.deepEqual(told, [], 'nothing is told but to who expects it')
  })
  return outbox
}

/** A receipt for each event of a request. */
function receipts(body: string, outcome: string): Recorded {
  const sent = JSON.parse(body) as { id: string; source?: string }[]
  const events = sent.map(({ id, source = '/shop' }) => {
    return { id, source, outcome, sequence: '0000000000000007' }
  })
  return { status: 200, body: { events } }
}

/** A `fetch` that gives these answers, an outcome for receipts, and then receipts for ever. */
function answering(...answers: readonly (Recorded | 'exists' | 'conflict' | 'created')[]) {
  const bodies: string[] = []
  const requests: SeenRequest[] = []
  const fetch: OutboxOptions['fetch'] = async (address, init) => {
    const body = init.body as string
    const answer = answers[bodies.length] ?? 'created'
    bodies.push(body)
    const replay = replayFetch([typeof answer === 'string' ? receipts(body, answer) : answer])
    return replay.fetch(address, init).finally(() => requests.push(...replay.requests))
  }
  return { fetch, requests }
}

const refusal = (status: number, code: string): Recorded => ({
  status,
  headers: { 'content-type': 'application/problem+json' },
  body: { type: `#${code}`, title: code, status, code, detail: 'So it is.' },
})

/** The ids in a request, in order. */
function idsIn(body: string): string[] {
  return (JSON.parse(body) as { id: string }[]).map(({ id }) => id)
}

describe('an outbox and a server', () => {
  let server: TestServer
  before(async () => {
    server = await TestServer.start()
  })
  after(() => server.close())

  it('brings events with an id and a time, in order, once', async (context) => {
    const { url, key } = server.newWorkspace()
    const workspace = { url, key }
    const outbox = await open(context, { ...workspace, clock: undefined })
    const first = await outbox.append(event)
    assert.match(first.id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-/)
    const more = await outbox.append([
      { ...event, id: 'own' },
      { ...event, subject: 'order-7' },
    ])
    assert.deepEqual([more[0], outbox.size.events], [{ id: 'own', source: '/shop' }, 3])
    await outbox.flush()
    assert.deepEqual(outbox.size, { events: 0, bytes: 0 })
    const { events } = await new Eventwell({ url: workspace.url, key: workspace.key }).list()
    assert.deepEqual(
      events.map(({ id }) => id),
      [first, ...more].map(({ id }) => id),
    )
    assert.ok(Math.abs(Date.parse(events[0]!.time!) - Date.now()) < 60_000)
    assert.deepEqual(events[0]!.data, event.data)
  })

  it('puts aside what the server refuses, and brings the rest', async (context) => {
    const { url, key } = server.newWorkspace()
    const workspace = { url, key }
    const folder = temporaryFolder(context)
    const refused: unknown[] = []
    const outbox = await open(context, {
      ...workspace,
      folder,
      clock: undefined,
      onRefused: ({ id }, reason) => refused.push([id, reason]),
    })
    await new Eventwell({ url: workspace.url, key: workspace.key }).append({
      ...event,
      id: 'kept',
      data: 1,
    })
    await outbox.append([
      { ...event, id: 'good-1' },
      { ...event, id: 'bad', source: 'webex' },
      { ...event, id: 'kept', data: 2 },
      { ...event, id: 'good-2' },
      { ...event, id: 'large', data: 'x'.repeat(5 * 1024 * 1024) },
      { ...event, id: 'good-3' },
    ])
    await outbox.flush()
    const { events } = await new Eventwell({ url: workspace.url, key: workspace.key }).list()
    assert.deepEqual(
      events.map(({ id }) => id),
      ['kept', 'good-1', 'good-2', 'good-3'],
    )
    assert.deepEqual(
      refused.map((one) => (one as [string])[0]),
      ['bad', 'kept', 'large'],
    )
    const file = join(folder, 'refused.ndjson')
    assert.equal(statSync(file).mode & 0o777, 0o600)
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
    const parsed = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
    assert.deepEqual(
      parsed.map(({ reason, event: one }) => [(one as { id: string }).id, reason]),
      refused,
    )
    assert.ok(parsed.every(({ refusedAt }) => !Number.isNaN(Date.parse(refusedAt as string))))
  })
})

describe('an outbox and answers', () => {
  it('sends a batch again until it is answered, as it was, after growing pauses', async (context) => {
    const clock = new ManualClock()
    const { fetch, requests } = answering(
      { status: 0, isBroken: true },
      { status: 503, body: 'busy' },
      { status: 429, headers: { 'retry-after': '90' }, body: 'later' },
      { status: 200, body: '<html>' },
      { status: 503, headers: { 'retry-after': '0' }, body: 'no wish' },
      { status: 503, headers: { 'retry-after': 'Sun, 01 Mar 2020 10:00:10 GMT' } },
      { status: 503, headers: { 'retry-after': '0.001' } },
      'created',
      'exists',
    )
    const faults: unknown[] = []
    const outbox = await open(context, { clock, fetch, onFault: (error) => faults.push(error) })
    await outbox.append({ ...event, id: 'a' })
    await outbox.flush()
    assert.deepEqual(clock.sleptMs, [1000, 2000, 90_000, 8000, 16_000, 32_000, 100])
    assert.equal(faults.length, 7)
    await outbox.append([
      { ...event, id: 'b' },
      { ...event, id: 'c' },
    ])
    await outbox.append({ ...event, id: 'd' })
    await outbox.flush()
    const { method, path, headers, body } = requests[0]!
    assert.deepEqual([method, path], ['POST', '/eventwell/events?mode=each'])
    assert.equal(headers['authorization'], `Bearer ${key}`)
    assert.equal(headers['content-type'], 'application/cloudevents-batch+json')
    for (const request of requests.slice(0, 8)) assert.equal(request.body, body)
    assert.deepEqual(
      requests.slice(7).flatMap((request) => idsIn(request.body)),
      ['a', 'b', 'c', 'd'],
    )
  })

  it('keeps events while a key is refused, tells of it, and sends them with a right one', async (context) => {
    const { fetch, requests } = answering(refusal(401, 'unauthorized'), refusal(403, 'forbidden'))
    const faults: [unknown, number | undefined][] = []
    const outbox = await open(context, { fetch, onFault: (error, ms) => faults.push([error, ms]) })
    await outbox.append(event)
    await outbox.flush()
    assert.deepEqual(
      faults.map(([error, ms]) => [isHttpError(error) && error.status, ms]),
      [
        [401, 1000],
        [403, 2000],
      ],
    )
    assert.equal(requests.length, 3)
    assert.ok(!String((faults[0]![0] as Error).stack).includes(key))
  })

  it('waits no longer than a minute, unless it is asked to', async (context) => {
    const clock = new ManualClock()
    const answers = Array.from({ length: 9 }, () => ({ status: 503 }) as Recorded)
    const { fetch } = answering(...answers)
    const outbox = await open(context, { clock, fetch, onFault: () => {} })
    await outbox.append(event)
    await outbox.flush()
    assert.deepEqual(clock.sleptMs.slice(-4), [32_000, 60_000, 60_000, 60_000])
  })

  it('halves what is too large as a whole', async (context) => {
    const { fetch, requests } = answering(refusal(413, 'too_large'), 'created', { status: 502 })
    const outbox = await open(context, { fetch, onFault: () => {} })
    await outbox.append([
      { ...event, id: 'a' },
      { ...event, id: 'b' },
      { ...event, id: 'c' },
    ])
    await outbox.flush()
    assert.deepEqual(
      requests.map(({ body }) => idsIn(body)),
      [['a', 'b', 'c'], ['a', 'b'], ['c'], ['c']],
    )
  })

  it('sends batches of bounded size', async (context) => {
    const bodies: number[] = []
    const outbox = await open(context, {
      batch: { eventsMax: 4, bytesMax: 500 },
      fetch: async (_, init) => {
        const { length } = idsIn(init.body as string)
        bodies.push(length)
        return Response.json(receipts(init.body as string, 'created').body)
      },
    })
    const small = { source: '/s', type: 't', id: '1' }
    await outbox.append([small, small, small, small, small, { ...small, data: 'x'.repeat(600) }])
    await outbox.flush()
    assert.deepEqual(bodies, [4, 1, 1])
  })

  it('stops at a full refused.ndjson, and goes on when it was moved', async (context) => {
    const folder = temporaryFolder(context)
    const file = join(folder, 'refused.ndjson')
    writeFileSync(file, 'x'.repeat(100))
    const faults: string[] = []
    const refused: string[] = []
    const { fetch } = answering('conflict', 'conflict', 'conflict')
    const outbox = await open(context, {
      folder,
      fetch,
      refusedBytesMax: 150,
      onFault: (error) => {
        faults.push((error as Error).message)
        if (faults.length === 2) writeFileSync(file, '')
      },
      onRefused: (_, reason) => refused.push(reason),
    })
    await outbox.append(event)
    await outbox.flush()
    assert.match(faults[1]!, /refused\.ndjson is full.*Move it away/)
    assert.deepEqual(refused, [
      'An event of its source and id is kept with other content, at 0000000000000007.',
    ])
  })

  it('works over a socket that breaks', async (context) => {
    const replay = await ReplayServer.start([
      { status: 0, isBroken: true },
      receipts('[{"id":"a"}]', 'created'),
    ])
    context.after(() => replay.close())
    const outbox = await open(context, { url: replay.url, onFault: () => {} })
    await outbox.append({ ...event, id: 'a' })
    await outbox.flush()
    assert.equal(replay.requests[0]!.body, replay.requests[1]!.body)
  })

  const receiptOf = (id: string, outcome = 'created') => {
    return { id, source: '/shop', outcome, sequence: '0000000000000007' }
  }
  const wrongAnswers: readonly (readonly [string, readonly unknown[]])[] = [
    ['no outcome', [{}, {}]],
    ['outcomes that are not known', [receiptOf('a', 'new'), receiptOf('b', 'new')]],
    ['other ids', [receiptOf('x'), receiptOf('y')]],
    ['one receipt for two', [receiptOf('a')]],
    ['a good one and an odd one', [receiptOf('a'), 7]],
  ]
  for (const [name, events] of wrongAnswers) {
    it(`keeps all of a batch that is answered with ${name}`, async (context) => {
      const { fetch, requests } = answering({ status: 200, body: { events } })
      const faults: unknown[] = []
      const outbox = await open(context, { fetch, onFault: (error) => faults.push(error) })
      await outbox.append([
        { ...event, id: 'a' },
        { ...event, id: 'b' },
      ])
      await outbox.flush()
      assert.deepEqual(faults.map(isAnswerError), [true])
      assert.deepEqual(
        requests.map(({ body }) => idsIn(body)),
        [
          ['a', 'b'],
          ['a', 'b'],
        ],
      )
    })
  }

  const throwing = () => {
    throw new Error('of the listener')
  }
  const rejecting = (): void => Promise.reject(new Error('of the listener')) as unknown as void
  for (const [name, listeners] of [
    ['onFault throws', { onFault: throwing, onRefused: () => {} }],
    ['onRefused throws', { onRefused: throwing, onFault: () => {} }],
    ['onFault rejects', { onFault: rejecting, onRefused: () => {} }],
    ['onRefused rejects', { onRefused: rejecting, onFault: () => {} }],
    ['parse throws', { parse: throwing, onFault: () => {}, onRefused: () => {} }],
  ] as const) {
    it(`goes on and warns when ${name}`, async (context) => {
      const warned = once(process, 'warning') as Promise<[Error]>
      const { fetch } = answering({ status: 503 }, 'conflict')
      const outbox = await open(context, { fetch, ...listeners })
      await outbox.append(event)
      await outbox.flush()
      const [{ message }] = await warned
      assert.match(message, /The outbox .*: on(Fault|Refused) threw: of the listener/)
    })
  }

  it('takes one event or several, of a type of the caller’s own', async (context) => {
    interface Paid {
      readonly source: string
      readonly type: 'order.paid'
      readonly tenant: string
    }
    const paid: Paid = { source: '/shop', type: 'order.paid', tenant: 'orchard' }
    const { fetch, requests } = answering()
    const outbox = await open(context, { fetch })
    const one: EventIdentity = await outbox.append(paid)
    const several: EventIdentity[] = await outbox.append([paid, { ...event, region: 'north' }])
    assert.deepEqual(await outbox.append([]), [])
    await outbox.flush()
    assert.deepEqual(
      requests.flatMap(({ body }) => idsIn(body)),
      [one, ...several].map(({ id }) => id),
    )
    assert.ok(requests[0]!.body.includes('"tenant":"orchard"'))
  })

  for (const [name, stringify, message] of [
    ['indents', (value: unknown) => JSON.stringify(value, null, 2), /stringify .*one line/],
    ['indents with tabs', (value: unknown) => JSON.stringify(value, null, '\t'), /stringify/],
    ['writes nothing', () => '', /stringify wrote what is no JSON/],
    ['writes two objects', () => '{"a":1},{"b":2}', /stringify wrote what is no JSON/],
    ['writes no object', () => '[]', /stringify must write an event as one JSON object/],
    ['leaves the id out', () => '{"source":"/shop"}', /stringify .* with its id/],
  ] as const) {
    it(`refuses an event when stringify ${name}`, async (context) => {
      const outbox = await open(context, { stringify })
      await assert.rejects(outbox.append(event), { name: 'TypeError', message })
      assert.equal(outbox.size.events, 0)
    })
  }

  it('keeps every digit with a stringify and parse of the caller’s', async (context) => {
    const { fetch, requests } = answering('conflict')
    const told: unknown[] = []
    const folder = temporaryFolder(context)
    const outbox = await open(context, {
      folder,
      fetch,
      stringify: (value) => JSON.stringify(value).replace('"many"', '12345678901234567890'),
      parse: (text) => JSON.parse(text.replace('12345678901234567890', '"many"')),
      onRefused: ({ data }) => told.push(data),
    })
    await outbox.append({ ...event, data: 'many' })
    await outbox.flush()
    assert.ok(requests[0]!.body.includes('"data":12345678901234567890'))
    assert.deepEqual(told, ['many'])
    assert.ok(readFileSync(join(folder, 'refused.ndjson'), 'utf8').includes('12345678901234567890'))
  })
})

describe('an outbox and its folder', () => {
  const hanging: OutboxOptions['fetch'] = () => new Promise(() => {})

  it('keeps what is unsent for the next one', { timeout: 10_000 }, async (context) => {
    const folder = temporaryFolder(context)
    const outbox = await open(context, { folder, fetch: hanging })
    const { id } = await outbox.append(event)
    const flushed = assert.rejects(outbox.flush(), /closed before everything was sent/)
    await outbox.close()
    await flushed
    await assert.rejects(outbox.append(event), /closed/)
    const { fetch, requests } = answering()
    const next = await open(context, { folder, fetch })
    assert.equal(next.size.events, 1)
    await next.flush()
    assert.deepEqual(idsIn(requests[0]!.body), [id])
    await next.close()
    assert.deepEqual(readdirSync(folder), ['done'])
  })

  it('is in use by one at a time', async (context) => {
    const folder = temporaryFolder(context)
    await open(context, { folder, fetch: hanging })
    const refused = await open(context, { folder }).catch((error: unknown) => error)
    assert.ok(isFolderInUseError(refused))
  })

  it('has a bound', async (context) => {
    const outbox = await open(context, { bytesMax: 400, fetch: hanging })
    await outbox.append(event)
    const big = outbox.append({ ...event, data: 'x'.repeat(400) })
    assert.ok(isSpoolFullError(await big.catch((error: unknown) => error)))
    assert.equal(outbox.size.events, 1)
  })

  it('must be one that can be written', async (context) => {
    const file = join(temporaryFolder(context), 'file')
    writeFileSync(file, '')
    await assert.rejects(open(context, { folder: join(file, 'below') }), /cannot be used/)
  })

  it('flushes an append that nobody waited for', async (context) => {
    const { fetch, requests } = answering()
    const outbox = await open(context, { fetch })
    const appended = outbox.append(event)
    await outbox.flush()
    assert.deepEqual([requests.length, outbox.size.events], [1, 0])
    await appended
  })

  it('ends a flush with its signal', { timeout: 10_000 }, async (context) => {
    const outbox = await open(context, { fetch: hanging })
    await outbox.append(event)
    const signal = AbortSignal.timeout(20)
    await assert.rejects(outbox.flush({ signal }), { name: 'TimeoutError' })
    assert.equal(outbox.size.events, 1)
  })

  it('says what is wrong with options and events', async (context) => {
    const folder = temporaryFolder(context)
    await assert.rejects(open(context, { folder, url: 'nowhere' }), TypeError)
    const noFolder = { name: 'TypeError', message: /^folder must be a text/ }
    for (const none of ['', 7]) {
      await assert.rejects(open(context, { folder: none as never }), noFolder)
    }
    await assert.rejects(open(context, { folder, key: '' }), TypeError)
    await assert.rejects(open(context, { folder, batch: { eventsMax: 0 } }), RangeError)
    await assert.rejects(open(context, { folder, refusedBytesMax: -1 }), RangeError)
    const misspelled = { folder, bytesMaximum: 1 } as Partial<OutboxOptions>
    await assert.rejects(open(context, misspelled), /bytesMaximum/)
    assert.deepEqual(readdirSync(folder), [])
    const outbox = await open(context, { folder, fetch: hanging })
    await assert.rejects(outbox.append({ ...event, type: '' }), TypeError)
    await assert.rejects(outbox.append({ ...event, data: 1n }), TypeError)
    assert.equal(outbox.size.events, 0)
  })
})
