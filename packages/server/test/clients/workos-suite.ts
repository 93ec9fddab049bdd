import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { putIn } from './doors.ts'
import { TestServer, type Workspace } from './test-server.ts'
import {
  identities,
  walk,
  type EventsClient,
  type ListOptions,
  type Version,
} from './workos-client.ts'
import { connection, organization, session, user, workosEvent } from './workos-payloads.ts'

/** Runs all cases with one version of the vendor's client against a server of its own. */
export function judge(version: Version): void {
  let server: TestServer
  before(async () => {
    server = await TestServer.start()
  })
  after(() => server.close())

  function connect({ url, key }: Workspace): EventsClient {
    const { hostname, port } = new URL(url)
    return version.connect(key, { apiHostname: hostname, port: Number(port), https: false })
  }

  /** A client of a new workspace that holds these events. */
  async function holding(...events: readonly object[]): Promise<EventsClient> {
    const workspace = server.newWorkspace()
    if (events.length > 0) await putIn('workos', workspace, events)
    return connect(workspace)
  }

  describe(`${version.name}: a list`, () => {
    const created = workosEvent(1, 'user.created', { ...user, id: 'user_1' })
    const updated = workosEvent(2, 'user.updated', { ...user, id: 'user_1' })
    const deleted = workosEvent(3, 'user.deleted', { ...user, id: 'user_1' })
    let client: EventsClient
    before(async () => {
      client = await holding(created, updated, deleted)
    })

    const cases: { name: string; options: ListOptions; found: object[] }[] = [
      { name: 'of one name', options: { events: ['user.updated'] }, found: [updated] },
      {
        name: 'of two names',
        options: { events: ['user.deleted', 'user.created'] },
        found: [created, deleted],
      },
      {
        name: 'of no names is of all',
        options: { events: [] },
        found: [created, updated, deleted],
      },
      {
        name: 'is oldest first, whatever order is asked for',
        options: { events: [], order: 'desc' },
        found: [created, updated, deleted],
      },
      {
        name: 'from a time, which it includes',
        options: { events: [], rangeStart: updated.created_at },
        found: [updated, deleted],
      },
      {
        name: 'to a time, which it does not include',
        options: { events: [], rangeEnd: updated.created_at },
        found: [created],
      },
      {
        name: 'between times with an offset',
        options: {
          events: [],
          rangeStart: '2026-03-01T12:00:02+02:00',
          rangeEnd: '2026-03-01T12:00:03+02:00',
        },
        found: [updated],
      },
      {
        name: 'between dates',
        options: { events: [], rangeStart: '2026-03-01', rangeEnd: '2026-03-02' },
        found: [created, updated, deleted],
      },
      {
        name: 'that is empty',
        options: { events: ['connection.deleted'], limit: 100 },
        found: [],
      },
    ]
    for (const { name, options, found } of cases) {
      test(name, async () => {
        const { data, listMetadata } = await client.listEvents(options)
        assert.deepEqual(identities(data), identities(found))
        assert.ok(!listMetadata.after)
      })
    }

    test('with a limit says where to go on', async () => {
      const first = await client.listEvents({ events: ['user.created', 'user.deleted'], limit: 1 })
      assert.deepEqual(identities(first.data), identities([created]))
      assert.equal(first.listMetadata.after, created.id)
    })

    if (!version.filtersByOrganization) return
    test('of one organization', async () => {
      const ours = workosEvent(1, 'connection.activated', connection)
      const theirs = workosEvent(2, 'connection.activated', {
        ...connection,
        organization_id: 'org_OTHER',
      })
      const itself = workosEvent(3, 'organization.created', organization)
      const nobodys = workosEvent(4, 'user.created', user)
      const client = await holding(ours, theirs, itself, nobodys)
      const { data } = await client.listEvents({ events: [], organizationId: 'org_01PEAR' })
      assert.deepEqual(identities(data), identities([ours, itself]))
    })
  })

  describe(`${version.name}: paging by hand`, () => {
    const users = Array.from({ length: 250 }, (_, n) => workosEvent(n, 'user.created', user))

    for (const { limit, pages } of [
      { limit: 100, pages: [100, 100, 50] },
      { limit: 50, pages: [50, 50, 50, 50, 50] },
    ]) {
      test(`by ${limit} gives each of 250 events once, in order, and ends`, async () => {
        const client = await holding(...users)
        const got = await walk(client, { events: ['user.created'], limit })
        assert.deepEqual(
          got.map(({ length }) => length),
          pages,
        )
        assert.deepEqual(identities(got.flat()), identities(users))
      })
    }

    test('to the end of thousands gives each once, also where pages are small', async () => {
      const thousands = Array.from({ length: 3210 }, (_, n) => {
        return workosEvent(n, n % 3 === 0 ? 'user.updated' : 'user.created', user)
      })
      const client = await holding(...thousands)
      const updated = thousands.filter(({ event }) => event === 'user.updated')
      for (const { events, limit, found } of [
        { events: ['user.created', 'user.updated'], limit: 100, found: thousands },
        { events: ['user.updated'], limit: 37, found: updated },
      ]) {
        const got = await walk(client, { events, limit, order: 'desc' })
        assert.deepEqual(identities(got.flat()), identities(found))
      }
    })

    test('with a filter, a range sent again with each page, and the default limit', async () => {
      const others = users.map(({ id, data }, n) =>
        workosEvent(n, n % 7 === 0 ? 'user.updated' : 'user.created', { ...data, seen: id }),
      )
      const client = await holding(...others)
      const wanted = others.slice(14, 210).filter(({ event }) => event === 'user.updated')
      const got = await walk(client, {
        events: ['user.updated', 'user.deleted'],
        rangeStart: others[14]!.created_at,
        rangeEnd: others[210]!.created_at,
      })
      assert.deepEqual(identities(got.flat()), identities(wanted))
      assert.ok(got.slice(0, -1).every(({ length }) => length === 10))
    })

    test('goes on later from the last id, with what has come since', async () => {
      const workspace = server.newWorkspace()
      const client = connect(workspace)
      await putIn('workos', workspace, users.slice(0, 2))
      const options = { events: ['user.created'], after: users[1]!.id }
      assert.deepEqual((await client.listEvents(options)).data, [])
      // Late by its own time and id, but it arrives after the cursor and so lies behind it.
      await putIn('workos', workspace, [users[3]!])
      await putIn('workos', workspace, [users[2]!])
      const { data } = await client.listEvents(options)
      assert.deepEqual(identities(data), identities([users[3]!, users[2]!]))
    })
  })

  describe(`${version.name}: what it refuses`, () => {
    test('a wrong key is its UnauthorizedException', async () => {
      const client = connect({ ...server.newWorkspace(), key: 'sk_wrong' })
      await assert.rejects(client.listEvents({ events: ['user.created'] }), {
        name: 'UnauthorizedException',
        status: 401,
      })
    })

    // The last has the form of an id made of a position, but positions begin at 1.
    const unknown = ['nonsense', 'event_01NEVER', `event_${'0'.repeat(26)}`]
    for (const cursor of unknown) {
      test(`the cursor ${cursor} is its GenericServerException 400`, async () => {
        const client = await holding(workosEvent(1, 'user.created', user))
        await assert.rejects(client.listEvents({ events: ['user.created'], after: cursor }), {
          name: 'GenericServerException',
          status: 400,
          message: new RegExp(cursor),
        })
      })
    }

    test('a limit above 100 is its UnprocessableEntityException', async () => {
      const client = await holding()
      await assert.rejects(client.listEvents({ events: ['user.created'], limit: 101 }), {
        name: 'UnprocessableEntityException',
        status: 422,
        message: /limit must be/,
      })
    })

    test('a range that is no time is its GenericServerException 400', async () => {
      const client = await holding()
      await assert.rejects(client.listEvents({ events: ['user.created'], rangeStart: 'monday' }), {
        name: 'GenericServerException',
        status: 400,
        message: /range_start/,
      })
    })
  })

  describe(`${version.name}: what it decodes`, () => {
    const payloads = [
      ['user', 'user.created', user],
      ['connection', 'connection.activated', connection],
      ['organization', 'organization.created', organization],
      ['session', 'session.created', session],
    ] as const
    payloads.forEach(([known, type, payload], n) => {
      const shown = version.shown[known]
      const what = shown === undefined ? 'nothing, as it does not know it' : 'every field it knows'
      test(`of ${type} shows ${what}`, async () => {
        const sent = workosEvent(n, type, payload)
        const client = await holding({ ...sent, context: { client_id: 'client_7' } })
        const { data } = await client.listEvents({ events: [type] })
        assert.equal(data.length, 1)
        if (shown === undefined) {
          assert.equal(data[0], undefined)
          return
        }
        const { id, event, created_at: createdAt } = sent
        assert.partialDeepStrictEqual(data[0], { id, event, createdAt, data: shown })
      })
    })
  })

  describe(`${version.name}: events that came in by other doors`, () => {
    const own = workosEvent(1, 'user.created', user)
    const command = {
      id: 'run-7',
      execution_id: 'execution-7',
      workspace_id: 'ws_orchard',
      speakeasy_api_key_name: '',
      interaction_type: 'CLI_EXEC',
      local_started_at: '2026-03-01T10:00:00Z',
      created_at: '2026-03-01T12:00:00.123456789+02:00',
      speakeasy_version: '1',
      success: false,
    }
    const load = {
      id: 'load-7',
      type: 'os/cpu',
      system: 'pear',
      'agent-id': 'os/cpu',
      timestamp: '2026-03-01T10:00:01Z',
    }
    const order = {
      specversion: '1.0',
      id: 'order 7/ü',
      source: 'https://shop.example/',
      type: 'order,paid',
      time: '2026-03-01T10:00:02Z',
      data: [1, 2],
    }

    async function mixed(): Promise<{ workspace: Workspace; client: EventsClient }> {
      const workspace = server.newWorkspace()
      await putIn('speakeasy', workspace, [command])
      await putIn('workos', workspace, [own])
      await putIn('logspace', workspace, [load])
      await putIn('native', workspace, [order])
      return { workspace, client: connect(workspace) }
    }

    test('do not break a list', async () => {
      const { client } = await mixed()
      const { data } = await client.listEvents({ events: [] })
      assert.equal(data.length, 4)
      assert.partialDeepStrictEqual(data[1], { id: own.id, event: own.event })
      const foreign = [data[0], data[2], data[3]]
      if (!version.passesUnknownTypes) {
        assert.deepEqual(foreign, [undefined, undefined, undefined])
        return
      }
      assert.deepEqual(
        foreign.map((event) => [event?.event, event?.createdAt, event?.data]),
        [
          ['CLI_EXEC', '2026-03-01T10:00:00.123Z', command],
          ['os/cpu', '2026-03-01T10:00:01.000Z', load],
          ['order,paid', '2026-03-01T10:00:02.000Z', { value: [1, 2] }],
        ],
      )
      const ids = foreign.map((event) => event?.id ?? '')
      assert.ok(ids.every((id) => /^event_[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(id)))
      assert.deepEqual(ids.toSorted(), ids)
    })

    test('can be asked for by their names', async () => {
      const { client } = await mixed()
      assert.equal((await client.listEvents({ events: ['os/cpu'] })).data.length, 1)
      assert.equal((await client.listEvents({ events: ['os/cpu', 'CLI_EXEC'] })).data.length, 2)
    })

    test('can be paged through one by one', async () => {
      const { client } = await mixed()
      const got = await walk(client, { events: [], limit: 1 })
      assert.deepEqual(
        got.map(({ length }) => length),
        [1, 1, 1, 1],
      )
    })

    test('leave a cursor good when the event it names was replaced since', async () => {
      const { workspace, client } = await mixed()
      const first = await client.listEvents({ events: [], limit: 1 })
      await putIn('speakeasy', workspace, [{ ...command, success: true }])
      const rest = await client.listEvents({ events: [], after: first.listMetadata.after! })
      assert.equal(rest.data.length, 4)
      assert.equal(rest.data[0]?.id, own.id)
      if (version.passesUnknownTypes) {
        assert.partialDeepStrictEqual(rest.data[3], { event: 'CLI_EXEC', data: { success: true } })
      }
    })
  })
}
