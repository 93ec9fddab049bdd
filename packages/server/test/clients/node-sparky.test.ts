import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { offer, putIn } from './doors.ts'
import { connectSpark, validator, type Spark, type SparkEvent } from './node-sparky.ts'
import { TestServer, type Workspace } from './test-server.ts'

const start = Date.UTC(2026, 2, 1, 10)
const ada = idOf('PEOPLE', 'ada')
const ben = idOf('PEOPLE', 'ben')

let server: TestServer
before(async () => {
  server = await TestServer.start()
})
after(() => server.close())

/** Ids as the vendor spells them. */
function idOf(kind: string, name: string): string {
  return Buffer.from(`ciscospark://us/${kind}/${name}`).toString('base64url')
}

/** The nth event of a test, a second after the one before. */
function webexEvent(n: number, more: Partial<SparkEvent> = {}): SparkEvent {
  return {
    id: idOf('EVENT', `event-${n}`),
    resource: 'messages',
    type: 'created',
    actorId: ada,
    created: new Date(start + n * 1000).toISOString(),
    data: { id: idOf('MESSAGE', `message-${n}`), roomType: 'group', text: `Pear ${n}` },
    ...more,
  }
}

function connect({ url, key }: Workspace, maxPageItems?: number, base = '/v1/'): Spark {
  return connectSpark({
    token: key,
    apiUrl: url + base,
    ...(maxPageItems !== undefined && { maxPageItems }),
  })
}

describe('A list', () => {
  const events = [
    webexEvent(1),
    webexEvent(2, { resource: 'memberships', actorId: ben }),
    webexEvent(3, { type: 'deleted' }),
    webexEvent(4, { resource: 'meetings', type: 'ended', actorId: ben }),
  ]
  const [first, second, third, fourth] = events as [SparkEvent, SparkEvent, SparkEvent, SparkEvent]
  let workspace: Workspace
  before(async () => {
    workspace = server.newWorkspace()
    await putIn('webex', workspace, events)
  })

  const cases: { name: string; search: object; found: SparkEvent[] }[] = [
    { name: 'without filters', search: {}, found: events },
    { name: 'of a resource', search: { resource: 'messages' }, found: [first, third] },
    { name: 'of a type', search: { type: 'created' }, found: [first, second] },
    { name: 'of both', search: { resource: 'messages', type: 'deleted' }, found: [third] },
    { name: 'of a person', search: { actorId: ben }, found: [second, fourth] },
    {
      name: 'from a time, which it includes',
      search: { from: third.created },
      found: [third, fourth],
    },
    {
      name: 'to a time, which it does not include',
      search: { to: second.created },
      found: [first],
    },
    {
      name: 'between times with an offset and no fraction',
      search: { from: '2026-03-01T12:00:02+02:00', to: '2026-03-01T12:00:04+02:00' },
      found: [second, third],
    },
    {
      name: 'to a time in the future',
      search: { to: '2999-01-01T00:00:00.000Z' },
      found: events,
    },
    { name: 'that is empty', search: { resource: 'rooms' }, found: [] },
  ]
  for (const { name, search, found } of cases) {
    test(name, async () => {
      assert.deepEqual(await connect(workspace).eventsGet({ ...search }), found)
    })
  }

  test('below the prefix of the dialect', async () => {
    assert.deepEqual(await connect(workspace, 2, '/webex/v1/').eventsGet(), events)
  })

  test('is accepted by the checks of the client', async () => {
    const got = await connect(workspace).eventsGet()
    assert.equal(got.length, 4)
    assert.ok(validator.isEvents(got))
  })
})

describe('Paging', () => {
  const events = Array.from({ length: 35 }, (_, n) =>
    webexEvent(n, { type: n % 5 === 0 ? 'deleted' : 'created' }),
  )
  let workspace: Workspace
  before(async () => {
    workspace = server.newWorkspace()
    // Sent last first: the list is in the order of the events' own times.
    await putIn('webex', workspace, events.toReversed())
  })

  for (const size of [10, 7, 1, 100]) {
    test(`by ${size} gives each of 35 events once, oldest first`, async () => {
      assert.deepEqual(await connect(workspace, size).eventsGet(), events)
    })
  }

  test('with filters, which the client sends again with each page', async () => {
    const search = { type: 'created', from: events[3]!.created, to: events[31]!.created }
    const found = events.slice(3, 31).filter(({ type }) => type === 'created')
    assert.deepEqual(await connect(workspace, 5).eventsGet(search), found)
  })

  test('ends at the number of events that is wanted', async () => {
    assert.deepEqual(await connect(workspace, 10).eventsGet({}, 25), events.slice(0, 25))
  })

  test('gives each of several events of one time', async () => {
    const workspace = server.newWorkspace()
    const events = Array.from({ length: 7 }, (_, n) =>
      webexEvent(n, { created: '2026-03-01T10:00:00.000Z' }),
    )
    await putIn('webex', workspace, events)
    assert.deepEqual(await connect(workspace, 2).eventsGet(), events)
  })
})

describe('One event', () => {
  test('comes by its id as it was put in, with fields that the vendor may add', async () => {
    const workspace = server.newWorkspace()
    const event = { ...webexEvent(1), orgId: idOf('ORGANIZATION', 'orchard'), appId: 'app-7' }
    await putIn('webex', workspace, [event])
    assert.deepEqual(await connect(workspace).eventGet(event.id), event)
  })

  test('that is not there is an error 404', async () => {
    const spark = connect(server.newWorkspace())
    await assert.rejects(spark.eventGet(webexEvent(1).id), { code: 404, type: 'ERR_STATUS' })
  })
})

describe('A key that is not known', () => {
  const refusal = { code: 401, type: 'ERR_UNAUTHORIZED' }

  test('makes a list an error 401', async () => {
    const spark = connect({ ...server.newWorkspace(), key: 'wrong' })
    await assert.rejects(spark.eventsGet(), refusal)
  })

  test('makes getting one an error 401', async () => {
    const spark = connect({ ...server.newWorkspace(), key: 'wrong' })
    await assert.rejects(spark.eventGet(webexEvent(1).id), refusal)
  })
})

test('A search that cannot be is an error 400', async () => {
  const spark = connect(server.newWorkspace())
  await assert.rejects(spark.eventsGet({ from: 'monday' }), { code: 400, type: 'ERR_REQUEST' })
})

describe('Events that came in by other doors', () => {
  const plain = { specversion: '1.0', source: 'https://shop.example/', type: 'order.paid' }
  const long = 'ü/ %+?#'.repeat(60)
  const foreign: [string, object][] = [
    ['an id that cannot stand in a path', { ...plain, id: '../order 7/ü+%2F?#' }],
    ['a long id and source', { ...plain, id: long, source: long.replaceAll(' ', '-') }],
    ['no dot in its type', { ...plain, id: '1', type: 'paid' }],
    ['no payload', { ...plain, id: '1' }],
    ['a payload of null', { ...plain, id: '1', data: null }],
    ['a payload that is a list', { ...plain, id: '1', data: [1, 2] }],
    ['a time', { ...plain, id: '1', time: '2026-03-01T10:00:00.123456789+02:00' }],
    ['a binary payload', { ...plain, id: '1', data_base64: 'cGVhcg==' }],
  ]
  for (const [what, event] of foreign) {
    test(`with ${what} are listed, accepted and found by the id that the list gave`, async () => {
      const workspace = server.newWorkspace()
      await putIn('native', workspace, [event])
      assert.equal((await listBesideOwn(workspace)).length, 2)
    })
  }

  // A door may say no to these; but what it takes must not spoil the list for those who read it.
  const awkward: [string, object][] = [
    ['the longest id and source', { ...plain, id: '界'.repeat(512), source: '界'.repeat(2048) }],
    ['half a character in the id', { ...plain, id: 'half \ud83d' }],
    ['half a character in the source', { ...plain, id: '1', source: 'half \ud83d' }],
    ['a type that ends in a dot', { ...plain, id: '1', type: 'order.' }],
    ['a type that begins with a dot', { ...plain, id: '1', type: '.paid' }],
    ['an empty actor', { ...plain, id: '1', authid: '' }],
    ['a time before the year 0', { ...plain, id: '1', time: '0000-01-01T00:00:00+02:00' }],
  ]
  for (const [what, event] of awkward) {
    test(`with ${what} are refused, or else listed and accepted`, async () => {
      const workspace = server.newWorkspace()
      const status = await offer('native', workspace, [event])
      assert.ok(status === 200 || status === 400, `status ${status}`)
      assert.equal((await listBesideOwn(workspace)).length, status === 200 ? 2 : 1)
    })
  }

  /** The list, one event a page, of what is there and an event of the vendor's own. */
  async function listBesideOwn(workspace: Workspace): Promise<SparkEvent[]> {
    await putIn('webex', workspace, [webexEvent(7)])
    const spark = connect(workspace, 1)
    const got = await spark.eventsGet()
    for (const event of got) {
      assert.ok(validator.isEvent(event), JSON.stringify(event))
      assert.match(event.created, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
      assert.deepEqual(await spark.eventGet(event.id), event)
    }
    return got
  }
})
