// What the client costs: `npm run bench:client`. Each way of putting events in and getting them out is compared with
// bare `fetch` in the same run, on a server in a process of its own. EVENTWELL_BENCH_EVENTS says how many events each
// way carries (50,000 if not given). It ends with an error when an event is missing or repeated.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ServerProcess } from '../../server/test/support/server-process.ts'
import { Eventwell, type CloudEvent } from '../src/index.ts'
import { Outbox } from '../src/outbox/index.ts'

const count = Number(process.env['EVENTWELL_BENCH_EVENTS'] ?? 50_000)
const perRequest = 500
const perPage = 1000
const rows: { what: string; 'events/s': number; 'of bare fetch': string }[] = []

const folder = mkdtempSync(join(tmpdir(), 'eventwell-client-bench-'))
const server = await ServerProcess.start(join(folder, 'data'))
const client = new Eventwell({ url: server.url, key: 'development' })
const headers = { authorization: 'Bearer development', 'content-type': 'application/json' }
try {
  // Both processes get warm before anything is compared.
  await putByFetch('warm')
  await compare('in', [
    ['bare fetch, 500 a request', () => putByFetch('fetch')],
    ['append, arrays of 500', putArrays],
    ['append, one event a call, 5,000 calls at a time', putSingles],
    ['appendEach', async () => void (await client.appendEach(events('each')))],
    ['outbox, arrays of 500, until all is sent', () => putByOutbox('out-500', perRequest)],
    ['outbox, one event a call, 500 at a time', () => putByOutbox('out-1', 1)],
  ])
  for (const source of ['warm', 'fetch', 'array', 'single', 'each', 'out-500', 'out-1']) {
    await verify(source)
  }
  await compare('out', [
    ['bare fetch, pages of 1,000', getByFetch],
    ['read, pages of 1,000', getByRead],
    ['tail from the oldest', getByTail],
  ])
} finally {
  await client.close()
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}
console.table(rows)

async function compare(
  direction: string,
  ways: readonly (readonly [what: string, run: () => Promise<void>])[],
): Promise<void> {
  let bare = 0
  for (const [what, run] of ways) {
    const startMs = performance.now()
    await run()
    const rate = Math.round(count / ((performance.now() - startMs) / 1000))
    bare ||= rate
    const share = `${Math.round((100 * rate) / bare)} %`
    rows.push({ what: `${direction}: ${what}`, 'events/s': rate, 'of bare fetch': share })
  }
}

function eventOf(source: string, index: number): CloudEvent {
  const data = { number: index, text: `The event ${index} of a load`, tags: ['a', 'b'], rate: 0.25 }
  const time = '2026-03-01T10:00:00Z'
  return { specversion: '1.0', id: `${index}`, source: `/${source}`, type: 'load.made', time, data }
}

function* events(source: string): Generator<CloudEvent> {
  for (let index = 0; index < count; index += 1) yield eventOf(source, index)
}

function* arrays(source: string, size: number): Generator<CloudEvent[]> {
  let array: CloudEvent[] = []
  for (const event of events(source)) {
    array.push(event)
    if (array.length < size) continue
    yield array
    array = []
  }
  if (array.length > 0) yield array
}

async function putByFetch(source: string): Promise<void> {
  for (const array of arrays(source, perRequest)) {
    const body = JSON.stringify(array)
    const answer = await fetch(`${server.url}/eventwell/events`, { method: 'POST', headers, body })
    assert.equal(((await answer.json()) as { events: object[] }).events.length, array.length)
  }
}

async function putArrays(): Promise<void> {
  for (const array of arrays('array', perRequest)) await client.append(array)
}

async function putSingles(): Promise<void> {
  for (const array of arrays('single', 5000)) {
    await Promise.all(array.map((event) => client.append(event)))
  }
}

async function putByOutbox(source: string, size: number): Promise<void> {
  const place = join(folder, source)
  const outbox = await Outbox.open({ folder: place, url: server.url, key: 'development' })
  for (const array of arrays(source, perRequest)) {
    if (size > 1) await outbox.append(array)
    else await Promise.all(array.map((event) => outbox.append(event)))
  }
  await outbox.flush()
  await outbox.close()
}

async function verify(source: string): Promise<void> {
  let next = 0
  for await (const { id } of client.read({ source: `/${source}`, limit: perPage })) {
    assert.equal(id, `${next}`, `${source} in its order`)
    next += 1
  }
  assert.equal(next, count, source)
}

async function getByFetch(): Promise<void> {
  let after = 'oldest'
  for (let got = 0; got < count;) {
    const query = `source=/fetch&limit=${perPage}&after=${after}`
    const answer = await fetch(`${server.url}/eventwell/events?${query}`, { headers })
    const page = (await answer.json()) as { events: object[]; cursor: string }
    got += page.events.length
    after = page.cursor
  }
}

async function getByRead(): Promise<void> {
  let got = 0
  for await (const _ of client.read({ source: '/fetch', limit: perPage })) got += 1
  assert.equal(got, count)
}

async function getByTail(): Promise<void> {
  let got = 0
  for await (const _ of client.tail({ source: '/fetch', after: 'oldest' })) {
    got += 1
    if (got === count) return
  }
}
