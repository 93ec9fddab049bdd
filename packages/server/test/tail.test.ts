import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { describe, it, type TestContext } from 'node:test'
import { RateLimited } from '../src/core/allowance.ts'
import type { Access } from '../src/core/access.ts'
import type { NewEvent, StoredEvent } from '../src/core/event.ts'
import { openSqliteStore } from '../src/stores/sqlite/index.ts'
import { Random } from './crash/random.ts'
import { temporaryFolder } from './support/folder.ts'
import { ServerProcess } from './support/server-process.ts'
import { SseReader } from './support/sse-reader.ts'
import { TailServer, type TailServerOptions } from './support/tail-server.ts'

const key = 'w'

async function serverFor(context: TestContext, options?: TailServerOptions): Promise<TailServer> {
  const server = await TailServer.start(options)
  context.after(() => server.close())
  return server
}

function event(id: string, type = 'a', data: unknown = {}): NewEvent {
  return { source: '/s', id, type, data: JSON.stringify(data) }
}

const idsOf = (reader: SseReader) => reader.events.map(({ id }) => id)

describe('GET /eventwell/tail', () => {
  it('begins now, goes on as events come, and has its place in every message (PROTOCOL 6.1, 6.2, 6.3)', async (context) => {
    const server = await serverFor(context)
    await server.log.append(key, [event('before')], 'refuse')
    const reader = await SseReader.open({ url: server.url(), key })
    assert.equal(reader.headers['content-type'], 'text/event-stream')
    assert.equal(reader.headers['cache-control'], 'no-store')
    assert.equal(reader.headers['x-accel-buffering'], 'no')
    assert.match(String(reader.headers['x-request-id']), /./)
    await reader.until(() => reader.messages.length === 1)
    const cursor = await server.log.cursorAt(key, 1)
    assert.deepEqual(reader.named('progress'), [{ cursor, caughtUp: true }])
    assert.equal(reader.retryMs, 1000)
    assert.equal(reader.lastEventId, cursor)
    await server.log.append(key, [event('1', 'x.y', { text: 'a\n\nb\r\u2028' })], 'refuse')
    await reader.until(() => reader.events.length === 1)
    const [shown] = reader.events
    // The reader's type names the members that its own checks need; here are all of them.
    const { recordedtime, ...rest } = shown as unknown as Record<string, unknown>
    assert.equal(typeof recordedtime, 'string')
    assert.deepEqual(rest, {
      specversion: '1.0',
      id: '1',
      source: '/s',
      type: 'x.y',
      sequence: '0000000000000002',
      data: { text: 'a\n\nb\r\u2028' },
    })
    assert.equal(reader.lastEventId, await server.log.cursorAt(key, 2))
  })

  it('begins where it is told to: Last-Event-ID wins over after (PROTOCOL 6.2)', async (context) => {
    const server = await serverFor(context)
    await server.log.append(
      key,
      ['1', '2', '3'].map((id) => event(id)),
      'refuse',
    )
    const [first, second] = [await server.log.cursorAt(key, 1), await server.log.cursorAt(key, 2)]
    for (const [query, lastEventId, expected] of [
      ['?after=oldest', undefined, ['1', '2', '3']],
      [`?after=${first}`, undefined, ['2', '3']],
      [`?after=${first}`, second, ['3']],
      ['?after=oldest', second, ['3']],
      ['', first, ['2', '3']],
      [`?after=${second}`, '', ['3']],
    ] as const) {
      const reader = await SseReader.open({ url: server.url(query), key, lastEventId })
      await reader.until(() => reader.named('progress').some(({ caughtUp }) => caughtUp === true))
      assert.deepEqual(idsOf(reader), expected)
      reader.kill()
    }
  })

  for (const [name, query, headers, status, code] of [
    ['a cursor that is none', '?after=nonsense', {}, 400, 'invalid_cursor'],
    ['a Last-Event-ID that is none', '', { 'last-event-id': 'x' }, 400, 'invalid_cursor'],
    ['a parameter of the list', '?limit=5', {}, 400, 'invalid_query'],
    ['no key', '', { authorization: '' }, 401, 'unauthorized'],
  ] as const) {
    it(`refuses ${name} before the stream begins`, async (context) => {
      const server = await serverFor(context)
      const answer = await fetch(server.url(query), {
        headers: { authorization: `Bearer ${key}`, ...headers },
      })
      assert.equal(answer.status, status)
      assert.match(answer.headers.get('content-type')!, /^application\/problem\+json/)
      assert.equal(((await answer.json()) as { code: string }).code, code)
      assert.equal(server.listening, 0)
    })
  }

  it('answers HEAD, and refuses more tails than there may be (PROTOCOL 1.1, 6.5)', async (context) => {
    const server = await serverFor(context, { manner: { readersMax: 2 } })
    const head = await fetch(server.url(), {
      method: 'HEAD',
      headers: { authorization: `Bearer ${key}` },
    })
    assert.equal(head.status, 200)
    const open = () => SseReader.open({ url: server.url(), key })
    const [one] = [await open(), await open()]
    await assert.rejects(open, /^Error: 503 .*"code":"busy"/)
    one.kill()
    // Its place is free once the server has seen it go.
    for (let isOpen = false; !isOpen;) {
      isOpen = await open().then(
        () => true,
        () => false,
      )
    }
  })
})

describe('a tail on a socket', () => {
  it('is read once and in order by readers who are cut off hundreds of times (PROTOCOL 6.1, 6.2)', async (context) => {
    const seed = Number(process.env['EVENTWELL_TAIL_SEED'] ?? randomInt(2 ** 32))
    context.diagnostic(`EVENTWELL_TAIL_SEED=${seed}`)
    const folder = temporaryFolder()
    const store = openSqliteStore({ dataFolder: folder.path })
    const server = await TailServer.start({ store, manner: { heartbeatMs: 20 } })
    context.after(async () => {
      await server.close()
      folder.remove()
    })
    const random = new Random(seed)
    const workspaces = ['one', 'two']
    const cutsEach = 60
    const queries = ['', 'type=a*', 'data.n=1', 'q=rare'] as const
    let cuts = 0

    async function read(workspace: string, query: string, isByHeader: boolean): Promise<string[]> {
      const chance = random.fork()
      const seen: string[] = []
      let cursor: string | undefined = 'oldest'
      for (let life = 0; ; life++) {
        const isFirst = cursor === 'oldest'
        const after = isFirst || !isByHeader ? `&after=${cursor}` : ''
        const reader = await SseReader.open({
          url: server.url(`?${query}${after}`),
          key: workspace,
          lastEventId: isFirst || !isByHeader ? undefined : cursor,
        })
        const isLast = life >= cutsEach
        const enough = chance.between(1, 40)
        const sawEnd = () => idsOf(reader).includes('end')
        await reader.until(() => (isLast ? sawEnd() : reader.messages.length >= enough))
        reader.kill()
        seen.push(...reader.events.map(({ sequence }) => sequence))
        cursor = reader.lastEventId
        if (isLast) return seen
        cuts += 1
      }
    }

    let count = 0
    async function write(workspace: string, events: readonly NewEvent[]): Promise<void> {
      await server.log.append(workspace, events, 'refuse')
    }
    const isCutEnough = () => cuts >= cutsEach * queries.length * workspaces.length
    async function writeAll(workspace: string): Promise<void> {
      const chance = random.fork()
      while (!isCutEnough()) {
        const events = Array.from({ length: chance.between(1, 20) }, () => {
          const text = chance.below(3) === 0 ? 'a rare word' : 'usual words'
          const type = ['a', 'ab', 'b'][chance.below(3)]!
          return event(`${count++}`, type, { n: chance.below(3), text })
        })
        await write(workspace, events)
        await new Promise((resolve) => setImmediate(resolve))
      }
      await write(workspace, [event('end', 'a', { n: 1, text: 'rare' })])
    }

    const writing = Promise.all(workspaces.map(writeAll))
    const seen = await Promise.all(
      workspaces.flatMap((workspace) =>
        queries.map((query, index) => read(workspace, query, index % 2 === 0)),
      ),
    )
    await writing
    for (const [index, workspace] of workspaces.entries()) {
      const all = await everyEvent(server, workspace)
      for (const [nth, query] of queries.entries()) {
        const expected = all.filter((stored) => isChosen(stored, query)).map(sequenceOf)
        assert.deepEqual(seen[index * queries.length + nth], expected, `${workspace} ${query}`)
      }
      context.diagnostic(`${workspace}: ${all.length} events`)
    }
    context.diagnostic(`${cuts} cuts`)
    await server.quiet()
  })

  it('holds nobody up for a reader who takes nothing, and little for that one (PROTOCOL 6.5)', async (context) => {
    const server = await serverFor(context)
    const slow = await SseReader.open({ url: server.url(), key })
    await slow.until(() => slow.messages.length === 1)
    slow.hold()
    const fast = await Promise.all([1, 2, 3].map(() => SseReader.open({ url: server.url(), key })))
    await Promise.all(fast.map((reader) => reader.until(() => reader.messages.length === 1)))
    const [batches, each, chars] = [40, 20, 20_000]
    let mostQueued = 0
    for (let batch = 0; batch < batches; batch++) {
      const events = Array.from({ length: each }, (_, index) =>
        event(`${batch * each + index}`, 'a', 'x'.repeat(chars)),
      )
      await server.log.append(key, events, 'refuse')
      // The next is not written before all of the fast ones have this: they do not wait for the slow one.
      await Promise.all(
        fast.map((reader) => reader.until(() => reader.events.length === (batch + 1) * each)),
      )
      mostQueued = Math.max(mostQueued, server.mostQueued)
    }
    assert.ok(slow.events.length < batches * each)
    assert.ok(mostQueued <= 256 * 1024 + 2 * chars, `${mostQueued} bytes were queued`)
    slow.release()
    await slow.until(() => slow.events.length === batches * each)
    assert.deepEqual(idsOf(slow), idsOf(fast[0]!))
  })

  it('is cut off when its reader takes nothing for long, and goes on later (PROTOCOL 6.5)', async (context) => {
    const server = await serverFor(context, { manner: { drainMsMax: 50 } })
    const url = server.url()
    const slow = await SseReader.open({ url, key })
    await slow.until(() => slow.messages.length === 1)
    slow.hold()
    const count = 600
    for (let done = 0; done < count; done += 20) {
      const events = Array.from({ length: 20 }, (_, index) =>
        event(`${done + index}`, 'a', 'x'.repeat(20_000)),
      )
      await server.log.append(key, events, 'refuse')
    }
    await server.quiet()
    slow.release()
    await slow.ended()
    const seen = idsOf(slow)
    for (let { lastEventId } = slow; seen.length < count;) {
      const again = await SseReader.open({ url, key, lastEventId })
      // So short a time may cut it off, too.
      await again.until(() => again.isEnded || seen.length + again.events.length === count)
      again.kill()
      seen.push(...idsOf(again))
      lastEventId = again.lastEventId
    }
    assert.deepEqual(
      seen,
      Array.from({ length: count }, (_, id) => `${id}`),
    )
  })

  it('beats while it is quiet, tells how far it got, and is not cut for idling (PROTOCOL 6.3)', async (context) => {
    const server = await serverFor(context, { manner: { heartbeatMs: 20 } })
    // As http/app.ts sets it, but shorter than the test; the beats come sooner.
    server.app.server.setTimeout(1000)
    const reader = await SseReader.open({ url: server.url('?type=none'), key })
    await server.log.append(key, [event('1')], 'refuse')
    const cursor = await server.log.cursorAt(key, 1)
    await reader.until(() => reader.lastEventId === cursor)
    assert.deepEqual(reader.named('progress').at(-1), { cursor, caughtUp: true })
    assert.deepEqual(reader.events, [])
    await reader.until(() => reader.comments > 75)
    assert.equal(reader.isEnded, false)
  })

  it('tells of events that retention removed before they were read (PROTOCOL 6.4)', async (context) => {
    const server = await serverFor(context)
    const at = await server.log.cursorAt(key, 0)
    await server.log.append(key, [event('1'), event('2', 'b'), event('3')], 'refuse')
    await server.log.expiry.expire(key, { types: { a: 1 } }, Date.now() + 2 * 86_400_000)
    const reader = await SseReader.open({ url: server.url(`?after=${at}`), key })
    await reader.until(() => reader.events.length === 1)
    const names = reader.messages.map(({ name }) => name)
    assert.deepEqual(names.slice(0, 3), ['progress', 'gap', undefined])
    assert.deepEqual(
      reader.named('gap').map(({ through }) => through),
      ['0000000000000003'],
    )
    for (const { cursor } of reader.named('gap')) assert.match(String(cursor), /^[\w-]{8,}$/)
    assert.deepEqual(idsOf(reader), ['2'])
    for (const query of ['?after=oldest', `?after=${at}&type=b`]) {
      const other = await SseReader.open({ url: server.url(query), key })
      await other.until(() => other.named('progress').some(({ caughtUp }) => caughtUp === true))
      assert.deepEqual(other.named('gap'), [])
      assert.deepEqual(idsOf(other), ['2'])
    }
  })

  it('ends when its key is revoked, but not when the key has asked too often (PROTOCOL 6.5)', async (context) => {
    const access: Access = { workspace: 'w', scopes: ['read'], isDevelopment: false }
    const none = { requests: undefined, events: undefined, takeEvents: () => {} }
    let state: 'good' | 'tired' | 'revoked' = 'good'
    let asked = 0
    const keys = {
      authenticate() {
        asked += 1
        if (state === 'tired') throw new RateLimited('Too many.', none, 1)
        return state === 'good' ? access : undefined
      },
    }
    const server = await serverFor(context, { keys, manner: { heartbeatMs: 5 } })
    const reader = await SseReader.open({ url: server.url(), key })
    await reader.until(() => reader.comments > 2)
    state = 'tired'
    const before = { asked, comments: reader.comments }
    await reader.until(() => asked > before.asked + 2 && reader.comments > before.comments + 2)
    state = 'revoked'
    await reader.ended()
    await server.quiet()
  })

  it('ends at once when the server stops, held or not (PROTOCOL 6.5)', async () => {
    const server = await TailServer.start()
    const readers = await Promise.all(
      [1, 2, 3].map(() => SseReader.open({ url: server.url(), key })),
    )
    readers[0]!.hold()
    for (let id = 0; id < 30; id++) {
      await server.log.append(key, [event(`${id}`, 'a', 'x'.repeat(500_000))], 'refuse')
    }
    const startMs = performance.now()
    await server.close()
    // Less than the eight seconds after which requests in flight are cut off.
    assert.ok(performance.now() - startMs < 7000)
    readers[0]!.release()
    await Promise.all(readers.map((reader) => reader.ended()))
    assert.equal(server.listening, 0)
  })

  it('goes on after kill -9 where it was (PROTOCOL 1.5, 6.2)', async (context) => {
    const folder = temporaryFolder()
    const [rounds, seen] = [3, [] as string[]]
    let [lastEventId, count]: [string | undefined, number] = [undefined, 0]
    const acknowledged: string[] = []
    let server: ServerProcess | undefined
    context.after(async () => {
      await server?.stop('SIGKILL')
      folder.remove()
    })
    for (let round = 0; round <= rounds; round++) {
      server = await ServerProcess.start(folder.path)
      const url = `${server.url}/eventwell/tail?after=oldest`
      const reader = await SseReader.open({ url, key: 'development', lastEventId })
      const first = acknowledged.length
      const writing = (async (address: string) => {
        for (;;) {
          const id = `${count++}`
          const answer = await fetch(`${address}/eventwell/events`, {
            method: 'POST',
            headers: { authorization: 'Bearer development' },
            body: JSON.stringify({ specversion: '1.0', id, source: '/s', type: 'a' }),
          })
          if (answer.ok) acknowledged.push(id)
          if (round === rounds && acknowledged.length > first + 30) return
        }
      })(server.url).catch(() => undefined)
      if (round === rounds) await writing
      const end = acknowledged.at(-1)
      await reader.until(() =>
        round === rounds ? idsOf(reader).includes(end!) : reader.events.length > 20,
      )
      await server.stop('SIGKILL')
      await Promise.all([writing, reader.ended()])
      seen.push(...idsOf(reader))
      lastEventId = reader.lastEventId
    }
    assert.equal(new Set(seen).size, seen.length, 'an event came twice')
    const missing = acknowledged.filter((id) => !seen.includes(id))
    assert.deepEqual(missing, [])
    assert.deepEqual(
      seen,
      seen.toSorted((one, other) => Number(one) - Number(other)),
    )
  })
})

async function everyEvent({ log }: TailServer, workspace: string): Promise<StoredEvent[]> {
  const all: StoredEvent[] = []
  for (let more = true; more;) {
    const page = await log.readAfter(workspace, {
      order: 'position',
      direction: 'forward',
      after: { position: all.at(-1)?.position ?? 0 },
      limit: 1000,
    })
    all.push(...page.events)
    more = page.more
  }
  return all
}

function isChosen({ type, data }: StoredEvent, query: string): boolean {
  const { n, text } = JSON.parse(data!) as { n: number; text: string }
  if (query === 'type=a*') return type.startsWith('a')
  if (query === 'data.n=1') return n === 1
  return query === '' || text.includes('rare')
}

function sequenceOf({ position }: StoredEvent): string {
  return String(position).padStart(16, '0')
}
