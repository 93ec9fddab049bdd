import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { MemoryApp } from '../../../test/support/memory-app.ts'
import { eventAt, idAt, startMs, type WirePage } from './test/events.ts'

// Section 0 of the contract is a list of traps; here each has a test that fails when we fall into it.

const dayMs = 86_400_000
const events = [0, 1, 2, 3, 4, 5].map((n) => eventAt(n, n % 2 === 0 ? 'a.one' : 'b.two'))
const ids = events.map(({ id }) => id)

describe('the traps of WorkOS’s contract', () => {
  let app: MemoryApp
  before(async () => {
    app = new MemoryApp({ settings: { strict: { workos: { strict: true } } } })
    assert.equal((await app.post('/workos/events', events)).statusCode, 200)
  })
  after(() => app.close())

  async function list(query: string): Promise<WirePage> {
    const answer = await app.get(`/events?${query}`)
    assert.equal(answer.statusCode, 200, answer.body)
    return answer.json<WirePage>()
  }
  const idsOf = ({ data }: WirePage) => data.map(({ id }) => id)

  for (const query of [
    'events=a.one,c.none',
    'events=a.one%2Cc.none',
    'events=a.one&events=c.none',
    'events[]=a.one&events[]=c.none',
    'events%5B%5D=a.one&events%5B%5D=c.none',
    'events%5B0%5D=a.one&events%5B1%5D=c.none',
    'events=c.none&events%5B%5D=a.one&',
  ]) {
    it(`1: an array may be ${query}`, async () => {
      assert.deepEqual(idsOf(await list(query)), [ids[0], ids[2], ids[4]])
    })
  }

  for (const order of ['desc', 'normal', 'asc', 'newest']) {
    it(`2: order=${order}, which SDKs send unasked, turns neither the list nor the cursor`, async () => {
      assert.deepEqual(idsOf(await list(`order=${order}`)), ids)
      assert.deepEqual(idsOf(await list(`order=${order}&after=${ids[3]}`)), [ids[4], ids[5]])
    })
  }

  it('3: strictly, a list needs names that exist, in the live service’s own words', async () => {
    const none = await app.get('/events?events=', { authorization: 'Bearer strict' })
    assert.equal(none.statusCode, 400)
    assert.deepEqual(none.json(), {
      message:
        'One or more event names (e.g. dsync.user.created) must be provided using the events parameter.',
      code: 'invalid_events_request',
    })
    const path = '/events?events=user.created,user.invented'
    const unknown = await app.get(path, { authorization: 'Bearer strict' })
    assert.equal(unknown.statusCode, 400)
    assert.deepEqual(unknown.json(), {
      message:
        "Invalid name parameter, received: 'user.invented'. You must pass in valid event names",
      code: 'invalid_events_request',
    })
  })

  it('3: by default neither is refused', async () => {
    assert.deepEqual(idsOf(await list('events=')), ids)
    assert.deepEqual(idsOf(await list('events=user.invented')), [])
  })

  for (const query of [
    'limit=100',
    'events=c.none',
    `after=${ids[5]}`,
    `after=${ids[4]}&limit=1`,
  ]) {
    it(`4: at the end, as of ${query}, after is null`, async () => {
      const { list_metadata: metadata } = await list(query)
      assert.deepEqual(metadata, { after: null })
    })
  }

  it('5: a range may be sent again together with after', async () => {
    const range = `range_start=${events[1]!.created_at}&range_end=${events[4]!.created_at}`
    assert.deepEqual(idsOf(await list(`${range}&after=${ids[1]}`)), [ids[2], ids[3]])
    assert.deepEqual(idsOf(await list(`${range}&after=${ids[0]}`)), [ids[1], ids[2], ids[3]])
  })

  it('6: an event that would break a page of strict clients is refused, and all it lacks named', async () => {
    const { created_at, id } = eventAt(9)
    const data = { object: 'user', id: 'user_1', email: 7, email_verified: true, metadata: {} }
    const answer = await app.post('/workos/events', [
      { id, created_at, event: 'user.created', data },
    ])
    assert.equal(answer.statusCode, 400)
    const { message, code } = answer.json<{ message: string; code: string }>()
    assert.equal(code, 'invalid_event')
    for (const part of [
      'data.first_name is missing',
      'data.last_name is missing',
      'data.profile_picture_url is missing',
      'data.email must be string',
      'data.external_id is missing',
      'data.last_sign_in_at is missing',
      'data.created_at is missing',
      'data.updated_at is missing',
      '?check=off',
    ]) {
      assert.ok(message.includes(part), `${part} in ${message}`)
    }
    assert.deepEqual(idsOf(await list('')), ids)
  })

  const flag = {
    object: 'feature_flag',
    id: 'flag_1',
    environment_id: 'environment_1',
    slug: 'pears',
    name: 'Pears',
    description: null,
    owner: null,
    tags: [],
    enabled: true,
    default_value: false,
    created_at: '2026-03-01T10:00:00.000Z',
    updated_at: '2026-03-01T10:00:00.000Z',
  }
  const actor = { id: 'user_1', source: 'dashboard', name: null }
  const targets = { organizations: [], users: [{ id: 'user_1', email: 'ada@orchard.example' }] }
  const rule = { access_type: 'some', configured_targets: targets, previous_attributes: {} }
  const contexts: [string, string, object | null | undefined, string | undefined][] = [
    ['none', 'flag.created', undefined, 'context is missing'],
    ['no actor', 'flag.updated', { client_id: 'c' }, 'context.actor is missing'],
    ['what there is', 'flag.deleted', { client_id: 'c', actor }, undefined],
    ['no rule', 'flag.rule_updated', { client_id: 'c', actor }, 'context.access_type is missing'],
    ['a rule', 'flag.rule_updated', { client_id: 'c', actor, ...rule }, undefined],
    ['none', 'group.member_added', undefined, undefined],
    ['null', 'group.member_added', null, undefined],
    [
      'half an actor',
      'group.member_added',
      { actor: { id: 'x' } },
      'context.actor.source is missing',
    ],
  ]
  for (const [what, event, context, fault] of contexts) {
    it(`6: of ${event} the context is looked at, too: ${what} is ${fault ?? 'taken'}`, async () => {
      const membership = { group_id: 'g', organization_membership_id: 'om' }
      const data = event.startsWith('flag.') ? flag : membership
      const own = new MemoryApp()
      const answer = await own.post('/workos/events', {
        ...eventAt(1, event, data),
        ...(context !== undefined && { context }),
      })
      assert.equal(answer.statusCode, fault === undefined ? 200 : 400, answer.body)
      if (fault !== undefined) assert.ok(answer.json().message.includes(fault), answer.body)
      await own.close()
    })
  }

  it('7: a created_at without a zone is refused, so that every one shown has one', async () => {
    const event = { ...eventAt(9), created_at: '2023-04-28 20:05:31.093' }
    const answer = await app.post('/workos/events', event)
    assert.equal(answer.statusCode, 400)
    assert.match(answer.json().message, /^\[0\]\.created_at must be a date-time/)
  })

  it('8: ids that are made here are ULIDs that increase in the order of the list', async () => {
    const cloudEvents = Array.from({ length: 300 }, (_, n) => {
      return { specversion: '1.0', id: String(n), source: '/me', type: 'made.here' }
    })
    for (const part of [cloudEvents.slice(0, 7), cloudEvents.slice(7, 9), cloudEvents.slice(9)]) {
      await app.post('/eventwell/events', part, { authorization: 'Bearer ids' })
    }
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const answer = await app.get(`/events?limit=100&after=${cursor}`, {
        authorization: 'Bearer ids',
      })
      const page: WirePage = answer.json()
      seen.push(...idsOf(page))
      cursor = page.list_metadata.after
    }
    assert.equal(seen.length, 300)
    assert.deepEqual(seen, [...new Set(seen)].toSorted())
    for (const id of seen) assert.match(id, /^event_[0-7][0-9A-HJKMNP-TV-Z]{25}$/)
  })

  it('9: an event whose id is older than the cursor stands behind it when it arrives later', async () => {
    const key = { authorization: 'Bearer late' }
    const [first, late, second] = [eventAt(1), eventAt(2), eventAt(3)]
    await app.post('/workos/events', [first, second], key)
    const page: WirePage = (await app.get('/events', key)).json()
    const cursor = page.data.at(-1)!.id
    assert.equal(cursor, second.id)
    await app.post('/workos/events', [late], key)
    const next: WirePage = (await app.get(`/events?after=${cursor}`, key)).json()
    assert.deepEqual(idsOf(next), [late.id])
  })

  for (const [path, status] of [
    ['/events', 200],
    ['/workos/events?limit=1', 200],
    ['/events?limit=0', 422],
    ['/events?after=x', 400],
    ['/workos/nowhere', 404],
    ['/workos/events/', 404],
  ] as const) {
    it(`10: an answer ${status} to ${path} says that it is JSON, and has a request id`, async () => {
      const answer = await app.get(path)
      assert.equal(answer.statusCode, status)
      assert.match(String(answer.headers['content-type']), /^application\/json; charset=utf-8$/)
      assert.match(String(answer.headers['x-request-id']), /^[0-9a-f-]{36}$/)
    })
  }

  it('10: overload is the live service’s 429, with whole seconds to wait', async () => {
    const own = new MemoryApp({ limits: { pendingReadsMax: 0 } })
    const answer = await own.get('/events')
    assert.equal(answer.statusCode, 429)
    assert.match(String(answer.headers['retry-after']), /^[1-9]\d*$/)
    assert.deepEqual(answer.json(), { message: 'Too many requests.', code: 'rate_limit_exceeded' })
    await own.close()
  })

  it('10: what is not there is the live service’s 404', async () => {
    assert.deepEqual((await app.get('/workos/nowhere')).json(), { message: 'Not Found' })
  })

  it('of section 1.4: an id that is not here has its place by its time, and never the start', async () => {
    const forgotten = idAt(startMs + 2.5 * 60_000, 99)
    assert.deepEqual(idsOf(await list(`after=${forgotten}`)), ids.slice(3))
    // An id may be made some seconds after the time that its event carries.
    const secondsLater = idAt(startMs + 2 * 60_000 + 9000, 99)
    assert.deepEqual(idsOf(await list(`after=${secondsLater}`)), ids.slice(2))
    assert.deepEqual(idsOf(await list(`before=${forgotten}`)), ids.slice(0, 3))
    const ofTheFuture = idAt(Date.now() + 86_400_000)
    // As long as WorkOS tries to deliver, what arrives late is shown, however long ago it happened.
    assert.deepEqual(idsOf(await list(`after=${idAt(Date.now() - 2.9 * dayMs)}`)), ids)
    assert.deepEqual(idsOf(await list(`after=${idAt(Date.now() - 3.1 * dayMs)}`)), [])
    const made = `event_${'0'.repeat(26)}`
    for (const id of ['event_', 'event_x', 'evt_1', ofTheFuture, made, idAt(startMs).slice(1)]) {
      const answer = await app.get(`/events?after=${id}`)
      assert.equal(answer.statusCode, 400, id)
      assert.equal(answer.json().code, 'invalid_events_request')
    }
  })
})
