import {
  Eventwell,
  isEventConflict,
  isEventRejected,
  isProblem,
  type Clock,
  type ClientOptions,
} from '@eventwell/client'
import { replayFetch } from '../support/replay.ts'
import { equal, fails, ok } from './assert.ts'
import type { Check, World } from './world.ts'

const append = 'native: appends are put together, and each has its own outcome'
const read = 'native: events are found, paged, counted and exported'
const tail = 'native: a tail follows, and is left'
const consumer = 'native: a consumer goes on where it committed'
const erase = 'native: what is erased is gone'
const refusals = 'native: refusals are typed'
const retries = 'native: a request is sent again after a 429'
const comesBack = 'native: a tail comes back after its last event'

const clientFor = ({ url, keys }: World, name: string, options: ClientOptions = {}) =>
  new Eventwell({ url, key: keys[name]!, ...options })

const atOnce: Clock = { now: () => Date.now(), random: () => 0, sleep: async () => undefined }

/** What the native client must do in every runtime. */
export const nativeChecks: readonly Check[] = [
  {
    name: append,
    async run(world) {
      const client = clientFor(world, append)
      const numbers = Array.from({ length: 600 }, (_, n) => n)
      const receipts = await Promise.all(
        numbers.map((n) => client.append({ source: '/s', type: 'n', data: { n } })),
      )
      equal(
        receipts.map(({ sequence }) => Number(sequence)),
        numbers.map((n) => n + 1),
      )
      await client.append({ id: '1', source: '/s', type: 'a' })
      await fails(client.append({ id: '1', source: '/s', type: 'b' }), isEventConflict)
      await fails(client.append({ source: '/s', type: 'b', time: 'no' }), isEventRejected)
      const each = await client.append([{ id: '1', source: '/s', type: 'a' }], { mode: 'each' })
      equal(each[0]!.outcome, 'exists')
      const { created } = await client.appendEach(numbers.map(() => ({ source: '/s', type: 'm' })))
      equal(created, 600)
    },
  },
  {
    name: read,
    async run(world) {
      const client = clientFor(world, read)
      const kept = await client.append(
        ['a', 'b', 'a'].map((type, n) => ({ source: '/s', type, time: new Date(n), data: { n } })),
      )
      const numbers: unknown[] = []
      for await (const { data } of client.read({ type: 'a', limit: 1 })) numbers.push(data)
      equal(numbers, [{ n: 0 }, { n: 2 }])
      equal((await client.get(kept[1]!.sequence))?.type, 'b')
      equal(await client.get({ source: '/s', id: 'nothing' }), undefined)
      equal((await client.histogram({ interval: '1d', by: 'type' })).total, 3)
      equal((await client.aggregate({ measure: 'data.n' })).rows[0]!.sum, 3)
      equal((await client.facet('type')).values[0], { value: 'a', count: 2 })
      equal((await (await client.export()).text()).split('\n').length, 4)
    },
  },
  {
    name: tail,
    async run(world) {
      const client = clientFor(world, tail)
      const seen: string[] = []
      let isConnected = false
      const onProgress = () => {
        if (isConnected) return
        isConnected = true
        void client.append([
          { source: '/s', type: 'one' },
          { source: '/s', type: 'two' },
        ])
      }
      for await (const { event } of client.tail({}, { onProgress })) {
        seen.push(event.type)
        if (seen.length === 2) break
      }
      equal(seen, ['one', 'two'])
    },
  },
  {
    name: consumer,
    async run(world) {
      const client = clientFor(world, consumer)
      await client.append([
        { source: '/s', type: 'a' },
        { source: '/s', type: 'b' },
      ])
      const reader = client.consumer('reader')
      const seen: string[] = []
      for await (const { events } of reader.pages({ limit: 1 })) {
        seen.push(events[0]!.type)
      }
      equal(seen, ['a', 'b'])
      equal((await reader.get())?.lag, 0)
      const lease = await reader.lease({ seconds: 30, holder: 'one' })
      await fails(reader.lease({ seconds: 30 }), (error) => isProblem(error, 'conflict'))
      await lease.release()
      await reader.forget()
      equal(await client.consumers(), [])
    },
  },
  {
    name: erase,
    async run(world) {
      const client = clientFor(world, erase)
      await client.append({ source: '/s', type: 'a', subject: 'person-1' })
      equal((await client.erase({ subject: 'person-1' })).events, 1)
      equal((await client.list()).events, [])
      equal((await client.erasures()).erasures.length, 1)
    },
  },
  {
    name: refusals,
    async run(world) {
      const client = clientFor(world, refusals)
      await fails(client.list({ limit: 0 }), (error) => {
        return isProblem(error, 'invalid_query') && error.problem.parameter === 'limit'
      })
      const stranger = new Eventwell({ url: world.url, key: 'nobody' })
      await fails(stranger.list(), (error) => isProblem(error, 'unauthorized'))
    },
  },
  {
    name: retries,
    async run() {
      const { fetch, requests } = replayFetch([
        { status: 429, headers: { 'retry-after': '1' }, body: { code: 'rate_limited' } },
        { status: 200, body: { events: [], cursor: 'c', more: false } },
      ])
      const options = { url: 'http://events.example.com', key: 'k', fetch, clock: atOnce }
      equal((await new Eventwell(options).list()).cursor, 'c')
      equal(requests.length, 2)
    },
  },
  {
    name: comesBack,
    async run() {
      const message = (id: string) =>
        `id: c${id}\ndata: {"specversion":"1.0","id":"${id}","source":"/s","type":"t"}\n\n`
      const headers = { 'content-type': 'text/event-stream' }
      const { fetch, requests } = replayFetch([
        { status: 200, headers, body: message('1') },
        { status: 503, body: { code: 'busy' } },
        { status: 200, headers, body: message('2') },
      ])
      const options = { url: 'http://events.example.com', key: 'k', fetch, clock: atOnce }
      const seen: string[] = []
      for await (const { cursor } of new Eventwell(options).tail()) {
        seen.push(cursor)
        if (seen.length === 2) break
      }
      equal(seen, ['c1', 'c2'])
      ok(requests[2]!.headers['last-event-id'] === 'c1', 'it came back after the last event')
    },
  },
]
