import assert from 'node:assert/strict'
import { after, before, describe, it, mock } from 'node:test'
import fc from 'fast-check'
import { MemoryApp } from '../../../test/support/memory-app.ts'
import { eventAt, type WireEvent, type WirePage } from './test/events.ts'

interface Asked {
  readonly type: string | undefined
  readonly limit: number
  readonly after: number | undefined
  readonly before: number | undefined
  readonly isDescending: boolean
}

const dayMs = 86_400_000

async function pageOf(app: MemoryApp, workspace: string, query: string): Promise<WirePage> {
  const answer = await app.get(`/events?${query}`, { authorization: `Bearer ${workspace}` })
  assert.equal(answer.statusCode, 200, answer.body)
  return answer.json<WirePage>()
}

const idsOf = ({ data }: WirePage) => data.map(({ id }) => id)

describe('the list of WorkOS', () => {
  const events = Array.from({ length: 23 }, (_, n) => eventAt(n, n % 3 === 0 ? 'a.one' : 'b.two'))
  // They do not arrive in the order of their times: the order of the list is that of arrival.
  const arrived = events.toSorted((one, other) => (one.id.at(-1)! < other.id.at(-1)! ? -1 : 1))
  let app: MemoryApp
  before(async () => {
    const honoured = { workos: { order: 'honoured' } }
    app = new MemoryApp({ settings: { honoured } })
    for (const workspace of ['default', 'honoured']) {
      const key = { authorization: `Bearer ${workspace}` }
      await app.post('/workos/events', arrived, key)
    }
  })
  after(() => app.close())

  const place = fc.option(fc.nat(arrived.length - 1), { nil: undefined })
  const asked = fc.record<Asked>({
    type: fc.constantFrom(undefined, 'a.one', 'b.two', 'c.none'),
    limit: fc.integer({ min: 1, max: 30 }),
    after: place,
    before: place,
    isDescending: fc.boolean(),
  })

  it('is what a naive list gives for every after, before, limit, name and order', async () => {
    await fc.assert(
      fc.asyncProperty(asked, fc.boolean(), async (request, isHonoured) => {
        const query = new URLSearchParams({
          limit: String(request.limit),
          order: request.isDescending ? 'desc' : 'asc',
          ...(request.type !== undefined && { events: request.type }),
          ...(request.after !== undefined && { after: arrived[request.after]!.id }),
          ...(request.before !== undefined && { before: arrived[request.before]!.id }),
        })
        const page = await pageOf(app, isHonoured ? 'honoured' : 'default', String(query))
        assert.deepEqual(idsOf(page), naive(arrived, request, isHonoured))
      }),
      { numRuns: 300 },
    )
  })

  for (const limit of [1, 4, 23]) {
    it(`is walked back by before, ${limit} at a time, without a gap or a repeat`, async () => {
      const seen: string[] = []
      let cursor: string | null | undefined = arrived.at(-1)!.id
      while (cursor) {
        const page: WirePage = await pageOf(app, 'default', `limit=${limit}&before=${cursor}`)
        seen.unshift(...idsOf(page))
        cursor = page.list_metadata.before
      }
      assert.deepEqual(
        seen,
        arrived.slice(0, -1).map(({ id }) => id),
      )
    })
  }

  it('is walked newest first where order is honoured', async () => {
    const seen: string[] = []
    let query = 'order=desc&limit=5'
    for (;;) {
      const page = await pageOf(app, 'honoured', query)
      seen.push(...idsOf(page))
      if (page.list_metadata.after === null) break
      query = `order=desc&limit=5&after=${page.list_metadata.after}`
    }
    assert.deepEqual(seen, arrived.map(({ id }) => id).toReversed())
  })
})

describe('the list of WorkOS as the live service serves it', () => {
  const settings = {
    default: { workos: { strict: true, names: ['order.paid'], windowDays: 90, spanDays: 30 } },
    slow: { workos: { holdBackSeconds: 5 } },
  }
  let app: MemoryApp
  before(() => {
    app = new MemoryApp({ settings })
  })
  after(() => app.close())

  const ago = (days: number) =>
    encodeURIComponent(new Date(Date.now() - days * dayMs).toISOString())
  const refused = [
    ['no names', 'limit=1', /^One or more event names/],
    ['an unknown name', 'events=order.paid,a.b', /^Invalid name parameter, received: 'a.b'\./],
    ['a retired name', 'events=organization_membership.added', /^Invalid name parameter/],
    ['a range that begins too early', `events=user.created&range_start=${ago(91)}`, /90 days/],
    ['a range that is too long', `events=user.created&range_start=${ago(31)}`, /30 days/],
    [
      'a range that is too long, with its end',
      `events=user.created&range_start=${ago(80)}&range_end=${ago(40)}`,
      /30 days/,
    ],
  ] as const
  for (const [name, query, message] of refused) {
    it(`refuses ${name}`, async () => {
      const answer = await app.get(`/events?${query}`)
      assert.equal(answer.statusCode, 400, answer.body)
      assert.match(answer.json().message, message)
      assert.equal(answer.json().code, 'invalid_events_request')
    })
  }

  it('refuses an organization that no event is of, in the live service’s words', async () => {
    const asked = () => app.get('/events?events=order.paid&organization_id=org_1')
    assert.equal((await asked()).statusCode, 400)
    assert.deepEqual((await asked()).json(), { message: "Organization not found: 'org_1'." })
    await app.post('/workos/events', eventAt(1, 'order.paid', { organization_id: 'org_1' }))
    assert.equal((await asked()).statusCode, 200)
  })

  it('takes every name of its catalogue, and those that are set', async () => {
    const path = `/events?events=user.created,vault.names.listed,order.paid&range_start=${ago(29)}`
    assert.equal((await app.get(path)).statusCode, 200)
  })

  it('hides what is older than the window', async () => {
    const [old, recent] = [eventAt(20), eventAt(21)]
    await app.post('/workos/events', [
      { ...old, created_at: new Date(Date.now() - 100 * dayMs).toISOString() },
      { ...recent, created_at: new Date(Date.now() - dayMs).toISOString() },
    ])
    const page = (await app.get('/events?events=order.paid')).json<WirePage>()
    assert.ok(idsOf(page).includes(recent.id))
    assert.ok(!idsOf(page).includes(old.id))
    for (const cursor of [`after=${eventAt(1).id}`, `before=${recent.id}`]) {
      const next = (await app.get(`/events?events=order.paid&${cursor}`)).json<WirePage>()
      assert.ok(!idsOf(next).includes(old.id), 'a cursor leads out of the window')
    }
  })

  it('takes the range of a first page with every cursor, though the window has moved on', async () => {
    const event = eventAt(30)
    await app.post('/workos/events', event)
    const asked = `/events?events=order.paid&range_start=${ago(95)}`
    assert.equal((await app.get(asked)).statusCode, 400)
    assert.equal((await app.get(`${asked}&after=${event.id}`)).statusCode, 200)
  })

  it('holds fresh events back, and a cursor never passes them', async () => {
    const key = { authorization: 'Bearer slow' }
    const nowMs = Date.now()
    mock.timers.enable({ apis: ['Date'], now: nowMs })
    try {
      await app.post('/workos/events', [eventAt(1), eventAt(2)], key)
      mock.timers.tick(4000)
      await app.post('/workos/events', [eventAt(3)], key)
      assert.deepEqual(idsOf(await pageOf(app, 'slow', '')), [])
      mock.timers.tick(1000)
      assert.deepEqual(idsOf(await pageOf(app, 'slow', '')), [eventAt(1).id, eventAt(2).id])
      const first = await pageOf(app, 'slow', 'limit=1')
      assert.equal(first.list_metadata.after, eventAt(1).id)
      const rest = await pageOf(app, 'slow', `limit=2&after=${eventAt(1).id}`)
      assert.deepEqual(idsOf(rest), [eventAt(2).id])
      assert.equal(rest.list_metadata.after, null)
      mock.timers.tick(4000)
      const next = await pageOf(app, 'slow', `after=${eventAt(2).id}`)
      assert.deepEqual(idsOf(next), [eventAt(3).id])
    } finally {
      mock.timers.reset()
    }
  })
})

/** The page by its definition. */
function naive(arrived: readonly WireEvent[], request: Asked, isHonoured: boolean): string[] {
  const isDescending = request.isDescending && isHonoured
  const [older, newer] = isDescending
    ? [request.before, request.after]
    : [request.after, request.before]
  const between = arrived
    .filter((_, n) => (older === undefined || n > older) && (newer === undefined || n < newer))
    .filter(({ event }) => request.type === undefined || event === request.type)
    .map(({ id }) => id)
  const ordered = isDescending ? between.toReversed() : between
  const isNextToBefore = request.before !== undefined && request.after === undefined
  return isNextToBefore ? ordered.slice(-request.limit) : ordered.slice(0, request.limit)
}
