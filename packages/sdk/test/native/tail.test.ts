import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  Eventwell,
  isAnswerError,
  isGap,
  isHttpError,
  isNetworkError,
  isTimeoutError,
  type Clock,
  type Gap,
  type TailBreak,
  type TailProgress,
} from '@eventwell/client'
import { TestServer } from '../../../server/test/clients/test-server.ts'
import { Random } from '../../../server/test/crash/random.ts'
import { temporaryFolder } from '../../../server/test/support/folder.ts'
import { ServerProcess } from '../../../server/test/support/server-process.ts'
import { TailServer } from '../../../server/test/support/tail-server.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { newAccess } from './access.ts'
import { CuttingProxy } from './cutting-proxy.ts'
import { eventMessage, streamFetch, type Connection } from './streams.ts'

const range = (count: number) => Array.from({ length: count }, (_, at) => at)

/** The system's, but nobody waits for longer than a moment. */
const quickClock: Clock = {
  now: () => Date.now(),
  random: () => 0,
  sleep: async (delayMs, signal) => {
    await sleep(Math.min(delayMs, 5), undefined, { signal })
  },
}

describe('a tail over real connections', () => {
  let server: TestServer
  before(async () => {
    server = await TestServer.start()
  })
  after(() => server.close())

  it('gives every event once and in order, whenever the connection is cut', async (context) => {
    const seed = Number(process.env['EVENTWELL_TAIL_SEED'] ?? randomInt(2 ** 32))
    context.diagnostic(`EVENTWELL_TAIL_SEED=${seed}`)
    const random = new Random(seed)
    const cutsWanted = 200
    const workspace = newAccess(server)
    // The headers of an answer have some 400 bytes: cuts come before, within and after messages.
    const proxy = await CuttingProxy.start(workspace.url, () =>
      proxy.cuts < cutsWanted ? random.between(1, 4000) : Infinity,
    )
    context.after(() => proxy.close())
    const writer = new Eventwell({ ...workspace, batch: { eventsMax: 20 } })
    let written = 0
    async function write(): Promise<void> {
      while (proxy.cuts < cutsWanted) {
        const count = random.between(1, 20)
        await Promise.all(
          range(count).map(() => {
            const data = { n: written, text: 'ü'.repeat(random.below(200)) }
            written += 1
            return writer.append({ source: '/s', type: 't', data })
          }),
        )
      }
      await writer.append({ source: '/s', type: 'end' })
    }
    const writing = write()
    const reader = new Eventwell({ ...workspace, url: proxy.url, clock: quickClock })
    const cursors = new Set<string>()
    let n = 0
    for await (const { event, cursor } of reader.tail({ after: 'oldest' })) {
      cursors.add(cursor)
      if (event.type === 'end') break
      assert.equal((event.data as { n: number }).n, n)
      n += 1
    }
    await writing
    assert.equal(n, written)
    assert.equal(cursors.size, written + 1)
    assert.ok(proxy.cuts >= cutsWanted)
    context.diagnostic(`${written} events, ${proxy.cuts} cuts`)
  })

  it('goes on where it was when the server is killed and comes back', async (context) => {
    const folder = temporaryFolder()
    let process = await ServerProcess.start(folder.path)
    context.after(async () => {
      await process.stop('SIGKILL')
      folder.remove()
    })
    // The port of a server that was killed may be another's by the time it comes back.
    const proxy = await CuttingProxy.start(process.url, () => Infinity)
    context.after(() => proxy.close())
    const client = new Eventwell({ url: proxy.url, key: 'development', clock: quickClock })
    const breaks: TailBreak[] = []
    const seen: unknown[] = []
    const append = (n: number) =>
      client.append({ id: `${n}`, source: '/s', type: 't', data: { n } })
    await append(0)
    for await (const { event } of client.tail(
      { after: 'oldest' },
      { onBreak: (one) => breaks.push(one) },
    )) {
      seen.push(event.id)
      if (seen.length === 5) break
      // Killed with an event that the tail has not seen, or with none.
      if (seen.length === 2) await append(2)
      if (seen.length === 2 || seen.length === 3) {
        await process.stop('SIGKILL')
        process = await ServerProcess.start(folder.path)
        proxy.target = new URL(process.url)
      }
      await append(seen.length === 2 ? 3 : seen.length)
      if (seen.length === 3) await append(4)
    }
    assert.deepEqual(seen, ['0', '1', '2', '3', '4'])
    assert.ok(breaks.length >= 2)
    assert.ok(breaks.every(({ error }) => isNetworkError(error)))
  })

  it('closes its connection when the loop is left, and when it is aborted', async () => {
    const tailServer = await TailServer.start()
    try {
      const client = new Eventwell({ url: new URL(tailServer.url()).origin, key: 'w' })
      const event = { source: '/s', id: '1', type: 't', data: '{}' }
      await tailServer.log.append('w', [event], 'refuse')
      for await (const one of client.tail({ after: 'oldest' })) {
        assert.equal(one.event.id, '1')
        assert.equal(tailServer.listening, 1)
        break
      }
      await tailServer.quiet()
      const controller = new AbortController()
      const reason = new Error('enough')
      const following = (async () => {
        const onProgress = () => controller.abort(reason)
        for await (const _ of client.tail({}, { signal: controller.signal, onProgress }))
          assert.fail()
      })()
      await assert.rejects(following, reason)
      await tailServer.quiet()
    } finally {
      await tailServer.close()
    }
  })
})

describe('a tail', () => {
  const options = { url: 'http://events.example.com', key: 'k' }
  const progress = (cursor: string, caughtUp = true) =>
    `event: progress\nid: ${cursor}\ndata: {"cursor":"${cursor}","caughtUp":${caughtUp}}\n\n`

  /** What a tail does with these connections, until it throws. */
  async function follow(
    connections: readonly Connection[],
    tailOptions: Parameters<Eventwell['tail']>[1] = {},
  ) {
    const clock = new ManualClock()
    const { fetch, asked } = streamFetch(connections)
    const seen: string[] = []
    let error: unknown
    try {
      const client = new Eventwell({ ...options, fetch, clock })
      for await (const { event } of client.tail({ type: 't' }, tailOptions)) seen.push(event.id)
    } catch (thrown) {
      error = thrown
    }
    return { seen, error, asked, sleptMs: clock.sleptMs }
  }

  it('comes back after the last message, of whatever name, and at the same address', async () => {
    const told: TailProgress[] = []
    const { seen, asked, error } = await follow(
      [
        { text: `${progress('c0')}${eventMessage('c1', '1')}` },
        { text: eventMessage('c2', '2') + 'id: c9\ndata: {"not', ending: 'broken' },
        { text: progress('c3') },
        { text: 'event: new\nid: c4\ndata: x\n\n' },
      ],
      { onProgress: (one) => told.push(one) },
    )
    assert.deepEqual(seen, ['1', '2'])
    assert.deepEqual(
      asked.map(({ lastEventId }) => lastEventId),
      [null, 'c1', 'c2', 'c3', 'c4'],
    )
    assert.equal(new Set(asked.map(({ url }) => url.href)).size, 1)
    assert.deepEqual(told, [
      { cursor: 'c0', caughtUp: true },
      { cursor: 'c3', caughtUp: true },
    ])
    assert.ok(isHttpError(error) && error.status === 400, 'a refusal that would stay the same')
  })

  it('waits longer each time nothing comes of it, as long as the server asks for', async () => {
    const busy = { status: 503, headers: { 'retry-after': '7' } }
    const { sleptMs } = await follow([
      { text: `retry: 2000\n\n${progress('c')}` },
      { ending: 'broken' },
      {},
      {},
      {},
      {},
      busy,
      { status: 429, headers: { 'retry-after': '3600' } },
      { text: progress('d') },
    ])
    assert.deepEqual(sleptMs, [2000, 4000, 8000, 16_000, 30_000, 30_000, 7000, 300_000, 2000])
  })

  it('takes a message by its default name, and the type of a stream in any case', async () => {
    const { seen } = await follow([
      {
        text: `event: message\n${eventMessage('c1', '1')}`,
        headers: { 'content-type': 'Text/Event-Stream; charset=utf-8' },
      },
    ])
    assert.deepEqual(seen, ['1'])
  })

  it('does not come back without a pause, whatever the server says', async () => {
    const { sleptMs } = await follow([{ text: `retry: 0\n\n${progress('c')}` }, {}, {}])
    assert.deepEqual(sleptMs, [200, 400, 800])
  })

  it('waits through a very long outage', async () => {
    const { sleptMs } = await follow([{ text: 'retry: 0\n\n' }, ...range(1100).map(() => ({}))])
    assert.equal(sleptMs.at(-1), 30_000)
  })

  it('counts silence to the longest time that timers have, and no longer', async () => {
    const breaks: TailBreak[] = []
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 50)
    const { error } = await follow([{ text: progress('c'), ending: 'silent' }, {}], {
      silenceMs: 30 * 86_400_000,
      signal: controller.signal,
      onBreak: (one) => breaks.push(one),
    })
    assert.equal((error as Error).name, 'AbortError')
    assert.equal(breaks.length, 0)
  })

  it('ends by its signal also where fetch takes no notice', async () => {
    const controller = new AbortController()
    const fetch = async () =>
      new Response(new ReadableStream(), { headers: { 'content-type': 'text/event-stream' } })
    const client = new Eventwell({ ...options, fetch })
    const reading = client.tail({}, { signal: controller.signal }).next()
    const reason = new Error('enough')
    setImmediate(() => controller.abort(reason))
    await assert.rejects(reading, reason)
  })

  it('takes silence for a broken connection', async () => {
    const breaks: TailBreak[] = []
    const { seen, asked } = await follow(
      [{ text: eventMessage('c1', '1'), ending: 'silent' }, { text: eventMessage('c2', '2') }],
      { silenceMs: 20, onBreak: (one) => breaks.push(one) },
    )
    assert.deepEqual(seen, ['1', '2'])
    assert.equal(asked[1]!.lastEventId, 'c1')
    assert.ok(isTimeoutError(breaks[0]!.error))
    assert.deepEqual([breaks[0]!.failures, breaks[0]!.delayMs], [1, 1000])
  })

  for (const status of [400, 401, 403, 404, 302]) {
    it(`ends with a ${status}`, async () => {
      const { error, asked } = await follow([{ status }])
      assert.ok(isHttpError(error) && error.status === status)
      assert.equal(asked.length, 1)
    })
  }

  it('ends after as many failures in a row as it may have', async () => {
    const { error, sleptMs } = await follow(
      [{ text: progress('c') }, {}, { ending: 'broken' }, { status: 500 }],
      { failuresMax: 3 },
    )
    assert.ok(isHttpError(error) && error.status === 500)
    assert.equal(sleptMs.length, 3)
    const ended = await follow([{}], { failuresMax: 1 })
    assert.ok(isHttpError(ended.error), 'the second one was refused')
  })

  it('throws a gap, or tells of it and goes on', async () => {
    const gap = 'event: gap\nid: c1\ndata: {"cursor":"c1","through":"0000000000000007"}\n\n'
    const text = gap + eventMessage('c2', '2')
    const thrown = await follow([{ text }])
    assert.ok(isGap(thrown.error) && thrown.error.through === '0000000000000007')
    const gaps: Gap[] = []
    const told = await follow([{ text }], { onGap: (one) => gaps.push(one) })
    assert.deepEqual(told.seen, ['2'])
    assert.deepEqual(gaps, [{ cursor: 'c1', through: '0000000000000007' }])
  })

  const strange: readonly Connection[] = [
    { text: 'id: c\u00e9\ndata: {"id":"1"}\n\n' },
    { text: 'data: {"id":"1"}\n\n' },
    { text: 'id: c\ndata: no JSON\n\n' },
    { text: 'id: c\ndata: 7\n\n' },
    { text: 'id: c\ndata: []\n\n' },
    { text: 'event: gap\nid: c\ndata: {}\n\n' },
    { text: 'hello', headers: { 'content-type': 'text/html' } },
  ]
  for (const [at, connection] of strange.entries()) {
    it(`ends with an answer that no such server gives: ${at}`, async () => {
      const { error } = await follow([connection])
      assert.ok(isAnswerError(error), String(error))
    })
  }

  it('reads no faster than it is asked', async () => {
    let pulled = 0
    const client = new Eventwell({
      ...options,
      fetch: async () => {
        const body = new ReadableStream<Uint8Array>(
          {
            pull(controller) {
              pulled += 1
              controller.enqueue(new TextEncoder().encode(eventMessage(`c${pulled}`, `${pulled}`)))
            },
          },
          { highWaterMark: 0 },
        )
        return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
      },
    })
    let taken = 0
    for await (const { event } of client.tail()) {
      taken += 1
      assert.equal(event.id, `${taken}`)
      await new Promise((resolve) => setImmediate(resolve))
      assert.ok(pulled <= taken + 1, `${pulled} were read when ${taken} were taken`)
      if (taken === 50) break
    }
  })
})
