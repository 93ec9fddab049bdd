import {
  eventNames,
  isAnswerError,
  isBadRequestError,
  isEvent,
  isKnownEvent,
  isRateLimitedError,
  isUnauthorizedError,
  isWebhookSignatureError,
  isWorkOSError,
  verifyWebhook,
  WorkOS,
} from '@eventwell/client/workos'
import { replayFetch } from '../support/replay.ts'
import { equal, fails, ok } from './assert.ts'
import type { Check, World } from './world.ts'

const startMs = Date.UTC(2026, 2, 1, 10)

/** The nth event, each a second after the one before. */
function eventAt(n: number) {
  return {
    object: 'event',
    id: `event_01JQ${String(n).padStart(22, '0')}`,
    event: n % 5 === 4 ? 'pear.ripened' : 'group.member_added',
    data: { group_id: `group_${n}`, organization_membership_id: 'om_1' },
    created_at: new Date(startMs + n * 1000).toISOString(),
  }
}

const page = (ids: readonly string[], after: string | null) => ({
  status: 200,
  body: {
    object: 'list',
    data: ids.map((id) => ({ ...eventAt(0), id })),
    list_metadata: { after },
  },
})

function keyFor(world: World, name: string): string {
  const key = world.keys[name]
  ok(key, `there is a key for ${name}`)
  return key
}

/** A client of a workspace that holds so many events. */
async function holding(world: World, name: string, count: number): Promise<WorkOS> {
  const apiKey = keyFor(world, name)
  const answer = await fetch(`${world.url}/workos/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(Array.from({ length: count }, (_, n) => eventAt(n))),
  })
  ok(answer.ok, `the events were put in: ${await answer.text()}`)
  return new WorkOS({ apiKey, baseUrl: world.url })
}

const lists: Check = {
  name: 'workos: lists events, by name, range and cursor',
  async run(world) {
    const workos = await holding(world, this.name, 12)
    const first = await workos.events.listEvents()
    equal(
      first.data,
      Array.from({ length: 10 }, (_, n) => eventAt(n)),
    )
    equal(first.listMetadata, { after: eventAt(9).id })
    const added = await workos.events.listEvents({
      events: [eventNames.GroupMemberAdded],
      rangeStart: new Date(startMs + 3000),
      rangeEnd: new Date(startMs + 7000).toISOString(),
      after: eventAt(2).id,
      limit: 2,
    })
    equal(
      added.data.map(({ data }) => data.group_id),
      ['group_3', 'group_5'],
    )
    equal(added.listMetadata, { after: eventAt(5).id })
  },
}

const pages: Check = {
  name: 'workos: pages through all, with their types',
  async run(world) {
    const workos = await holding(world, this.name, 25)
    const seen: string[] = []
    let unknown = 0
    for await (const event of workos.events.iterate({ limit: 4 })) {
      seen.push(event.id)
      if (isEvent(event, 'group.member_added')) ok(event.data.group_id, 'it has a group')
      if (!isKnownEvent(event)) unknown += 1
    }
    equal(
      seen,
      Array.from({ length: 25 }, (_, n) => eventAt(n).id),
    )
    equal(unknown, 5)
    let count = 0
    for await (const { data } of workos.events.pages({ limit: 10 }))
      count = count * 100 + data.length
    equal(count, 101005)
  },
}

const follows: Check = {
  name: 'workos: follows until nothing comes, or the signal aborts',
  async run(world) {
    const workos = await holding(world, this.name, 3)
    const idle = { follow: { pollMs: 10, idleMs: 30 } }
    let count = 0
    for await (const { id } of workos.events.iterate({ limit: 2 }, idle))
      count += id.length > 0 ? 1 : 0
    equal(count, 3)
    const controller = new AbortController()
    const options = { follow: { pollMs: 60_000 }, signal: controller.signal }
    const events = workos.events.iterate({ after: eventAt(1).id }, options)
    equal((await events.next()).value?.id, eventAt(2).id)
    const next = events.next()
    controller.abort(new Error('enough'))
    await fails(next, (error) => error instanceof Error && error.message === 'enough')
  },
}

const refuses: Check = {
  name: 'workos: tells refusals apart',
  async run(world) {
    const workos = await holding(world, this.name, 1)
    await fails(workos.events.listEvents({ after: 'nonsense' }), (error) => {
      return (
        isBadRequestError(error) && isWorkOSError(error) && error.code === 'invalid_events_request'
      )
    })
    await fails(workos.events.listEvents({ after: 'nonsense' }), (error) => {
      return isWorkOSError(error) && (error.requestID ?? '').length === 36
    })
    const stranger = new WorkOS({ apiKey: 'sk_wrong', baseUrl: world.url })
    await fails(stranger.events.listEvents(), isUnauthorizedError)
    await fails(workos.events.listEvents({ limit: 101 }), (error) => error instanceof RangeError)
  },
}

const waits: Check = {
  name: 'workos: waits for a rate limit, and ends with it where it lasts',
  async run() {
    const limited = {
      status: 429,
      headers: { 'retry-after': '0.02' },
      body: { message: 'Too many requests.', code: 'rate_limit_exceeded' },
    }
    const once = replayFetch([limited, page(['event_1'], null)])
    const workos = new WorkOS({ apiKey: 'sk', baseUrl: 'http://h', fetch: once.fetch })
    equal((await workos.events.listEvents()).data.length, 1)
    equal(once.requests.length, 2)
    equal(once.requests[0]?.headers['authorization'], 'Bearer sk')
    const always = replayFetch(Array.from({ length: 9 }, () => limited))
    const hurried = new WorkOS({ apiKey: 'sk', baseUrl: 'http://h', fetch: always.fetch })
    await fails(hurried.events.listEvents(), (error) => {
      return isRateLimitedError(error) && error.retryAfterMs === 20
    })
    equal(always.requests.length, 4)
  },
}

const circles: Check = {
  name: 'workos: refuses to go round in a circle',
  async run() {
    const answers = [page(['event_1'], 'event_1'), page(['event_2'], 'event_1')]
    const { fetch } = replayFetch(answers)
    const workos = new WorkOS({ apiKey: 'sk', baseUrl: 'http://h', fetch })
    const events = workos.events.iterate()
    equal((await events.next()).value?.id, 'event_1')
    await fails(events.next(), isAnswerError)
  },
}

const webhooks: Check = {
  name: 'workos: verifies webhooks',
  async run() {
    // Made with OpenSSL: the HMAC of "1772359200000." and the payload.
    const delivery = {
      payload: '{"id":"event_1","event":"user.created","data":{"first_name":"Ädä 🍐"}}',
      header:
        't=1772359200000, v1=aad0809337219e12e13612a09d52ec68570a40609e37b289b1530a086cc64627',
      secret: 'whsec_of_the_orchard',
      nowMs: 1772359200000 + 60_000,
    }
    const event = await verifyWebhook(delivery)
    equal([event.id, event.event], ['event_1', 'user.created'])
    const payload = new TextEncoder().encode(delivery.payload)
    equal((await verifyWebhook({ ...delivery, payload })).id, 'event_1')
    const wrong = [
      [{ secret: 'whsec_other' }, 'signature'],
      [{ payload: `${delivery.payload} ` }, 'signature'],
      [{ nowMs: 1772359200000 + 180_001 }, 'time'],
      [{ header: null }, 'header'],
    ] as const
    for (const [change, reason] of wrong) {
      await fails(verifyWebhook({ ...delivery, ...change }), (error) => {
        return isWebhookSignatureError(error) && error.reason === reason
      })
    }
  },
}

/** The WorkOS client in any runtime. */
export const workosChecks: readonly Check[] = [
  lists,
  pages,
  follows,
  refuses,
  waits,
  circles,
  webhooks,
]
