import {
  decodeEvent,
  encodeEvent,
  isAnswerError,
  isHttpError,
  isLogspaceError,
  Logspace,
  type LogspaceEvent,
} from '@eventwell/client/logspace'
import { replayFetch, type Recorded } from '../support/replay.ts'
import { equal, fails, ok } from './assert.ts'
import type { Check, World } from './world.ts'

const event: LogspaceEvent = {
  id: 'e-1',
  type: 'os/cpu',
  system: 'pear',
  agentId: 'os/cpu',
  timestamp: new Date('2026-03-01T10:00:00.120Z'),
  marker: 'blue',
  properties: {
    booleans: { b: true },
    dates: { at: [new Date('2026-03-01T09:00:00.001Z')] },
    doubles: { load: [0.44324237001029815, NaN, -Infinity] },
    floats: { f: 0.5 },
    integers: { n: 4 },
    longs: { most: 2n ** 63n - 1n, least: -(2n ** 63n), odd: 9007199254740993n },
    strings: { tag: ['a', '🍐'] },
  },
}
const asRead = {
  ...event,
  properties: {
    booleans: { b: [true] },
    dates: { at: [new Date('2026-03-01T09:00:00.001Z')] },
    doubles: { load: [0.44324237001029815, NaN, -Infinity] },
    floats: { f: [0.5] },
    integers: { n: [4] },
    longs: { most: [2n ** 63n - 1n], least: [-(2n ** 63n)], odd: [9007199254740993n] },
    strings: { tag: ['a', '🍐'] },
  },
}

function connect({ url, keys }: World, name: string): Logspace {
  return new Logspace({ hqUrl: url, spaceToken: keys[name] ?? '' })
}

function replaying(answers: readonly Recorded[]) {
  const { fetch, requests } = replayFetch(answers)
  const logspace = new Logspace({
    hqUrl: 'http://hq.example:4567/',
    spaceToken: 'sesame',
    fetch,
    retry: { firstDelayMs: 1, delayMsMax: 1, retryAfterMsMax: 1 },
  })
  return { logspace, requests }
}

/** The checks of Logspace's client. */
export const logspaceChecks: readonly Check[] = [
  {
    name: 'logspace: every type of property comes back, each long to the digit',
    async run(world) {
      const logspace = connect(world, this.name)
      await logspace.storeEvents([event])
      equal((await logspace.retrieveEvents()).events, [asRead])
      equal(decodeEvent(encodeEvent(event)), asRead)
    },
  },
  {
    name: 'logspace: more than a batch, read page by page and as a stream',
    async run(world) {
      const logspace = connect(world, this.name)
      const events = Array.from({ length: 1500 }, (_, n) => ({ ...event, id: `e-${10_000 + n}` }))
      await logspace.storeEvents(events)
      const paged: string[] = []
      for await (const { id } of logspace.iterateEvents({ pageSize: 700 })) paged.push(id)
      equal(
        paged,
        events.map(({ id }) => id),
      )
      const streamed: string[] = []
      for await (const { id } of logspace.streamEvents({ offset: 500 })) streamed.push(id)
      equal(streamed, paged.slice(500))
    },
  },
  {
    name: 'logspace: filters, capabilities and orders',
    async run(world) {
      const logspace = connect(world, this.name)
      await logspace.storeEvents([event, { ...event, id: 'e-2', system: 'plum' }])
      const filter = [{ property: 'system', value: 'plum' }] as const
      const { events, totalCount } = await logspace.retrieveEvents({ filter })
      equal([events.map(({ id }) => id), totalCount], [['e-2'], 1])
      await logspace.uploadCapabilities({ id: 'ctl', system: 'pear', agents: [] })
      await fails(logspace.orders('ctl'), (error) => isLogspaceError(error, 'ORDER_NOT_FOUND'))
    },
  },
  {
    name: 'logspace: a token that is not known is shown nowhere',
    async run({ url }) {
      const logspace = new Logspace({ hqUrl: url, spaceToken: 'no-such-token' })
      await fails(
        logspace.storeEvents([event]),
        (error) =>
          isLogspaceError(error, 'INVALID_SPACE_TOKEN') && !/no-such/.test(`${error.stack}`),
      )
    },
  },
  {
    name: 'logspace: an upload is sent again after what may pass, and done at 202 alone',
    async run() {
      const { logspace, requests } = replaying([
        { status: 429, headers: { 'retry-after': '5' } },
        { status: 200, isBroken: true },
        { status: 202, body: '""' },
        { status: 200, body: '<html>' },
      ])
      await logspace.storeEvents([event])
      equal(
        requests.map(({ method, path, body }) => [method, path, body]),
        Array.from({ length: 3 }, () => ['PUT', '/events', `[${encodeEvent(event)}]`]),
      )
      equal(requests[0]?.headers['logspace.space-token'], 'sesame')
      await fails(logspace.storeEvents([event]), isAnswerError)
    },
  },
  {
    name: 'logspace: an order comes with its time, and not again while it is the same',
    async run() {
      const lastModified = 'Sun, 01 Mar 2026 10:00:00 GMT'
      const body = { 'agent-orders': [{ id: 'a', 'trigger-type': 'Off' }], 'commit-max-seconds': 5 }
      const { logspace, requests } = replaying([
        { status: 200, headers: { 'last-modified': lastModified }, body },
        { status: 304 },
        { status: 404 },
      ])
      const order = await logspace.orders('ctl')
      equal(order, { agents: [{ id: 'a', triggerType: 'Off' }], commitMaxSeconds: 5, lastModified })
      ok((await logspace.orders('ctl', { lastModified })) === undefined, 'it came again')
      equal(requests[1]?.headers['if-modified-since'], lastModified)
      await fails(logspace.orders('ctl'), (error) => isHttpError(error) && error.status === 404)
    },
  },
]
