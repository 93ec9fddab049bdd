import {
  booleanOf,
  isEvent,
  isNotFoundError,
  isRateLimitedError,
  isRequestError,
  isUnauthorizedError,
  isWebexError,
  Webex,
  type WebexEvent,
} from '@eventwell/client/webex'
import { replayFetch } from '../support/replay.ts'
import { equal, fails, ok } from './assert.ts'
import type { Check, World } from './world.ts'

const timeOf = (second: number) => new Date(Date.UTC(2026, 2, 1, 10, 0, second)).toISOString()

function event(n: number, more: object = {}) {
  const { id, actorId } = { id: `EVENT-${n}`, actorId: 'ada' }
  const data = { id: `m-${n}`, text: `Pear ${n}` }
  return { id, resource: 'messages', type: 'created', actorId, created: timeOf(n), data, ...more }
}

/** Puts events into the check's workspace by the server's own route, and gives a client for it. */
async function started(world: World, name: string, events: readonly object[]): Promise<Webex> {
  const accessToken = world.keys[name] ?? ''
  const response = await fetch(`${world.url}/webex/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${accessToken}` },
    body: JSON.stringify(events),
  })
  equal(response.status, 200, 'the status of putting events in')
  return new Webex({ accessToken, baseUrl: `${world.url}/v1` })
}

async function idsOf(events: AsyncIterable<WebexEvent>): Promise<string[]> {
  const ids: string[] = []
  for await (const { id } of events) ids.push(id)
  return ids
}

function check(name: string, run: (world: World, name: string) => Promise<void>): Check {
  return { name, run: (world) => run(world, name) }
}

/** What must hold of the Webex client in every runtime. */
export const webexChecks: readonly Check[] = [
  check('webex: pages are followed, each event comes once', async (world, name) => {
    const events = Array.from({ length: 7 }, (_, n) => event(n))
    const webex = await started(world, name, events)
    equal(
      await idsOf(webex.events.iterate({ max: 2 })),
      events.map(({ id }) => id),
    )
    const page = await webex.events.list({ max: 4 })
    const { nextUrl = '' } = page
    ok(page.hasNext && nextUrl.startsWith(world.url), 'the first page leads on')
    equal((await webex.events.listAt(nextUrl)).items, events.slice(4))
  }),

  check('webex: filters hold, and events are told apart', async (world, name) => {
    const call = event(2, { resource: 'call_records', data: { isCallAnswered: 'false' } })
    const webex = await started(world, name, [event(1), call, event(3, { type: 'deleted' })])
    const { items } = await webex.events.list({ resource: 'messages', from: new Date(timeOf(2)) })
    equal(items.length, 1)
    ok(items[0]?.type === 'deleted', 'the deleted message is found')
    const [record] = (await webex.events.list({ resource: 'call_records' })).items
    ok(record && isEvent(record, 'call_records', 'created'), 'the call record is found')
    equal(booleanOf(record.data.isCallAnswered), false)
  }),

  check('webex: one event comes by its id, another is not found', async (world, name) => {
    const webex = await started(world, name, [event(1)])
    equal(await webex.events.get('EVENT-1'), event(1))
    await fails(webex.events.get('EVENT-2'), (error) => {
      return (
        isNotFoundError(error) &&
        isWebexError(error) &&
        (error.trackingId ?? '').startsWith('ROUTER_')
      )
    })
    const stranger = new Webex({ accessToken: 'wrong', baseUrl: `${world.url}/v1` })
    await fails(stranger.events.list(), isUnauthorizedError)
  }),

  check('webex: too many requests are sent again after the time they ask for', async () => {
    const refused = { status: 429, headers: { 'retry-after': '1' }, body: { message: 'Too many.' } }
    const page = { status: 200, body: { items: [event(1)] } }
    const { fetch, requests } = replayFetch([refused, page, refused])
    const webex = new Webex({ accessToken: 'key', fetch, totalTimeoutMs: 60_000 })
    const startMs = Date.now()
    equal((await webex.events.list()).items.length, 1)
    ok(Date.now() - startMs >= 990, 'it waited a second')
    equal(requests.length, 2)
    await fails(webex.events.list({}, { totalTimeoutMs: 900 }), isRateLimitedError)
  }),

  check('webex: a link to another origin is not followed', async () => {
    const link = '<https://events.example.com/v1/events?cursor=2>; rel="next"'
    const { fetch, requests } = replayFetch([
      { status: 200, body: { items: [] }, headers: { link } },
    ])
    const page = await new Webex({ accessToken: 'key', fetch }).events.list()
    ok(page.hasNext, 'the page leads on')
    await fails(page.next(), (error) => {
      return isRequestError(error) && error.message.includes('https://events.example.com')
    })
    equal(requests.length, 1)
  }),

  check('webex: a caller ends a wait', async () => {
    const controller = new AbortController()
    const { fetch } = replayFetch([{ status: 429, headers: { 'retry-after': '300' } }])
    const webex = new Webex({
      accessToken: 'key',
      fetch: async (address, init) => {
        setTimeout(() => controller.abort('enough'), 50)
        return fetch(address, init)
      },
    })
    const { signal } = controller
    await fails(webex.events.list({}, { signal }), (error) => error === 'enough')
  }),
]
