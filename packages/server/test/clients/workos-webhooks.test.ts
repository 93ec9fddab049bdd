import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { WorkOS } from 'workos-11'
import { putIn } from './doors.ts'
import { startLimited, type LimitedServer } from './limited-server.ts'
import { user, workosEvent } from './workos-payloads.ts'

// Webhooks signed by the vendor's own code, beside a mirror that puts the same events in and a consumer who polls.

const secret = 'whsec_of_the_orchard'
const [eventsCount, mirrorBatch] = [600, 25]

describe('Webhooks that are signed by @workos-inc/node', () => {
  let server: LimitedServer
  let workos: WorkOS
  before(async () => {
    server = await startLimited({ workos: { webhookSecrets: [secret] } })
    const { hostname, port } = new URL(server.settled.url)
    workos = new WorkOS('development', { apiHostname: hostname, port: Number(port), https: false })
  })
  after(() => server.close())

  /** Delivers as WorkOS does; the same header and body pass the SDK's own check. */
  async function deliver(event: object, timestamp = Date.now()): Promise<number> {
    const payload = event as Record<string, unknown>
    const hash = await workos.webhooks.computeSignature(timestamp, payload, secret)
    const sigHeader = `t=${timestamp}, v1=${hash}`
    await workos.webhooks.verifyHeader({ payload, sigHeader, secret, tolerance: 10_000_000 })
    const response = await fetch(`${server.settled.url}/workos/webhook`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'workos-signature': sigHeader },
      body: JSON.stringify(event),
    })
    await response.arrayBuffer()
    return response.status
  }

  test('are in the list, each event once, whatever else brings it, and a poller skips none', async () => {
    const events = Array.from({ length: eventsCount }, (_, n) => {
      return workosEvent(n, 'user.created', { ...user, id: `user_${n}` })
    })
    const state = { isDone: false }
    const seen: string[] = []

    /** Some come late, some never, some twice: the mirror brings what is missing. */
    async function webhooks(): Promise<void> {
      for (let n = 0; n < eventsCount; n += 1) {
        if (n % 7 === 3) continue
        const late = events[n % 5 === 0 ? eventsCount - 1 - n : n]!
        assert.equal(await deliver(late), 200)
        if (n % 11 === 0) assert.equal(await deliver(late), 200)
      }
    }

    async function mirror(): Promise<void> {
      for (let n = 0; n < eventsCount; n += mirrorBatch) {
        await putIn('workos', server.settled, events.slice(n, n + mirrorBatch))
      }
    }

    async function poll(): Promise<void> {
      for (let isLast = false; ; isLast = state.isDone) {
        const cursor = seen.at(-1)
        const page = await workos.events.listEvents({
          events: ['user.created'],
          limit: 20,
          ...(cursor !== undefined && { after: cursor }),
        })
        for (const { id } of page.data) seen.push(id)
        if (isLast && page.data.length === 0) return
      }
    }

    const polling = poll()
    await Promise.all([webhooks(), mirror()])
    state.isDone = true
    await polling
    assert.equal(seen.length, eventsCount)
    assert.deepEqual(seen.toSorted(), events.map(({ id }) => id).toSorted())
  })

  test('are refused when they were signed too long ago, and leave nothing behind', async () => {
    const event = workosEvent(9000, 'user.created', user)
    assert.equal(await deliver(event, Date.now() - 200_000), 401)
    const rangeStart = event.created_at
    const list = await workos.events.listEvents({ events: ['user.created'], rangeStart })
    assert.deepEqual(list.data, [])
  })
})
