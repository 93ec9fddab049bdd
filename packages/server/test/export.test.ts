import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import type { EventPage } from '@eventwell/client'
import type { FastifyInstance } from 'fastify'
import type { Keys } from '../src/core/access.ts'
import { EventwellError } from '../src/core/errors.ts'
import type { NewEvent } from '../src/core/event.ts'
import { defaultLimits, type Limits } from '../src/core/limits.ts'
import { EventLog } from '../src/core/log.ts'
import type { EventStore } from '../src/core/store.ts'
import { dialects } from '../src/dialects.ts'
import { createApp } from '../src/http/app.ts'
import { openMemoryStore } from '../src/stores/memory/index.ts'

// An export over a socket: whole or broken off, never cut without telling; one page at a time.

const workspace = 'default'
const keys: Keys = {
  authenticate: () => ({ workspace, scopes: ['read'], isDevelopment: false }),
}

/** A store that calls `beforeRead` with the number of each read, from 1. */
function watched(beforeRead: (read: number, store: EventStore) => Promise<void> | void) {
  const store = openMemoryStore()
  const seen = { reads: 0 }
  const read: EventStore['read'] = async (name, query) => {
    seen.reads += 1
    await beforeRead(seen.reads, store)
    return store.read(name, query)
  }
  return { seen, store: { ...store, read } }
}

interface Served {
  readonly log: EventLog
  readonly url: string
  readonly app: FastifyInstance
}

async function withServer(
  store: EventStore,
  limits: Partial<Limits>,
  work: (served: Served) => Promise<void>,
): Promise<void> {
  const log = new EventLog(store, { ...defaultLimits, ...limits })
  const app = createApp({ log, keys, dialects })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  try {
    await work({ log, url: `http://127.0.0.1:${port}`, app })
  } finally {
    await app.close()
    await log.close()
  }
}

const events = (count: number, chars = 10, from = 0): NewEvent[] =>
  Array.from({ length: count }, (_, index) => ({
    source: '/s',
    id: `e-${from + index}`,
    type: index % 3 === 0 ? 'third' : 'other',
    data: JSON.stringify('x'.repeat(chars)),
  }))
const headers = { authorization: 'Bearer any' }
const get = (url: string) => fetch(url, { headers })

/** The answer to a request, of which nothing is read yet. */
async function begin(url: string): Promise<IncomingMessage> {
  const sent = request(url, { headers, agent: false })
  sent.end()
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  return answer
}

const idsOf = (lines: readonly string[]) =>
  lines.map((line) => (JSON.parse(line) as { id: string }).id)

describe('An export', () => {
  it('that is broken off anywhere goes on behind its last whole line (PROTOCOL 8.2)', async () => {
    const { store } = watched(() => {})
    await withServer(store, {}, async ({ log, url }) => {
      await log.append(workspace, events(1700), 'refuse')
      const whole = await (await get(`${url}/eventwell/export?type=other`)).text()
      const all = whole.trimEnd().split('\n')
      assert.equal(all.length, 1133)
      for (const share of [0.001, 0.1, 0.5, 0.77, 0.9999]) {
        const part = whole.slice(0, Math.floor(whole.length * share))
        const lines = part.split('\n').slice(0, -1)
        const last = JSON.parse(lines.at(-1) ?? '{}') as { eventwellcursor?: string }
        const after = `&after=${last.eventwellcursor ?? 'oldest'}`
        const rest = await (await get(`${url}/eventwell/export?type=other${after}`)).text()
        assert.deepEqual(
          idsOf([...lines, ...rest.trimEnd().split('\n')]),
          idsOf(all),
          `broken off at ${share}`,
        )
      }
    })
  })

  it('ends with the newest event of the moment when it began (PROTOCOL 8.2)', async () => {
    const { store, seen } = watched(async (read, inner) => {
      await inner.append(workspace, events(400, 10, 1000 * read), 'refuse')
    })
    await withServer(store, {}, async ({ log, url }) => {
      await log.append(workspace, events(700), 'refuse')
      const lines = (await (await get(`${url}/eventwell/export`)).text()).trimEnd().split('\n')
      assert.deepEqual(
        idsOf(lines),
        events(700).map(({ id }) => id),
      )
      assert.equal(seen.reads, 2)
    })
  })

  for (const format of ['ndjson', 'csv', 'cloudevents']) {
    it(`as ${format} breaks the connection when it cannot go on (PROTOCOL 8.2)`, async () => {
      const { store } = watched((read) => {
        if (read === 3) throw new EventwellError('busy', 'The disk is gone.')
      })
      await withServer(store, {}, async ({ log, url, app }) => {
        app.log.level = 'silent'
        await log.append(workspace, events(2000, 500), 'refuse')
        const answer = await get(`${url}/eventwell/export?format=${format}`)
        assert.equal(answer.status, 200)
        await assert.rejects(answer.text(), { name: 'TypeError' })
      })
    })
  }

  it('from which retention takes events meanwhile is broken off (PROTOCOL 9.1)', async () => {
    let expire = async (): Promise<void> => {}
    const { store } = watched((read) => (read === 2 ? expire() : undefined))
    await withServer(store, {}, async ({ log, url, app }) => {
      app.log.level = 'silent'
      await log.append(workspace, events(2000, 500), 'refuse')
      expire = () => log.expiry.expire(workspace, { days: 1 }, Date.now() + 2 * 86_400_000)
      const answer = await get(`${url}/eventwell/export`)
      assert.equal(answer.status, 200)
      await assert.rejects(answer.text(), { name: 'TypeError' })
    })
  })

  it('that cannot begin is refused', async () => {
    const { store } = watched(() => {
      throw new EventwellError('busy', 'The disk is gone.')
    })
    await withServer(store, {}, async ({ log, url }) => {
      await log.append(workspace, events(3), 'refuse')
      const answer = await get(`${url}/eventwell/export`)
      assert.equal(answer.status, 503)
      assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/)
      assert.equal(answer.headers.get('content-disposition'), null)
      assert.equal(((await answer.json()) as { code: string }).code, 'busy')
    })
  })

  it('waits for a client that does not read, and gives it everything later', async () => {
    const { store, seen } = watched(() => {})
    const [count, chars] = [120, 500_000]
    // Each page has one event.
    await withServer(store, { pageCharsMax: 1 }, async ({ log, url }) => {
      await log.append(workspace, events(count, chars), 'refuse')
      const answer = await begin(`${url}/eventwell/export`)
      const settled = await whenSettled(() => seen.reads)
      assert.ok(settled < count / 2, `${settled} pages were read`)
      let bytes = 0
      for await (const chunk of answer) bytes += (chunk as Buffer).length
      assert.ok(answer.complete && bytes > count * chars, `${bytes} bytes came`)
      assert.equal(seen.reads, count)
    })
  })

  it('ends when its client goes away', async () => {
    const { store, seen } = watched(() => {})
    await withServer(store, { pageCharsMax: 1 }, async ({ log, url, app }) => {
      await log.append(workspace, events(120, 500_000), 'refuse')
      const gone = new Promise((resolve) => {
        app.server.once('connection', (socket) => socket.once('close', resolve))
      })
      const answer = await begin(`${url}/eventwell/export`)
      await once(answer, 'readable')
      answer.destroy()
      await gone
      const settled = await whenSettled(() => seen.reads)
      assert.ok(settled < 60, `${settled} pages were read`)
    })
  })

  it('and a list tell a reader that retention overtook its cursor (PROTOCOL 4.3, 8.2)', async () => {
    await withServer(openMemoryStore(), {}, async ({ log, url }) => {
      await log.append(workspace, events(6), 'refuse')
      const cursor = await log.cursorAt(workspace, 2)
      const inDays = (days: number) => Date.now() + days * 86_400_000
      await log.expiry.expire(workspace, { types: { third: 1 } }, inDays(2))
      const gapOf = async (query: string) => {
        const list = await get(`${url}/eventwell/events?${query}`)
        const whole = await get(`${url}/eventwell/export?${query}`)
        await whole.text()
        const { gap } = (await list.json()) as EventPage
        return [gap?.through, whole.headers.get('eventwell-gap') ?? undefined]
      }
      const through = '0000000000000004'
      assert.deepEqual(await gapOf(`after=${cursor}`), [through, through])
      assert.deepEqual(await gapOf(`after=${cursor}&type=third`), [through, through])
      for (const query of ['', 'after=oldest', `after=${cursor}&type=other`]) {
        assert.deepEqual(await gapOf(query), [undefined, undefined], query)
      }
      const back = await get(`${url}/eventwell/events?after=${cursor}&direction=backward`)
      assert.ok(!('gap' in ((await back.json()) as EventPage)))
      const later = await log.cursorAt(workspace, 4)
      assert.deepEqual(await gapOf(`after=${later}`), [undefined, undefined])
    })
  })

  it('is not made for those who only ask what it would be', async () => {
    const { store, seen } = watched(() => {})
    await withServer(store, {}, async ({ log, url }) => {
      await log.append(workspace, events(5), 'refuse')
      const answer = await fetch(`${url}/eventwell/export`, { method: 'HEAD', headers })
      assert.equal(answer.status, 200)
      assert.match(answer.headers.get('content-type') ?? '', /ndjson/)
      assert.equal(seen.reads, 0)
    })
  })
})

/** A count once it has stayed the same for a thousand turns of the event loop. */
async function whenSettled(count: () => number): Promise<number> {
  for (let [same, last] = [0, count()]; ;) {
    await new Promise((resolve) => setImmediate(resolve))
    same = count() === last ? same + 1 : 0
    last = count()
    if (same === 1000) return last
  }
}
