import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  eventNames,
  isBadRequestError,
  isEvent,
  isForbiddenError,
  isKnownEvent,
  isNotFoundError,
  isRateLimitedError,
  isUnauthorizedError,
  isWorkOSError,
  WorkOS,
  type EventsQuery,
} from '@eventwell/client/workos'
import { putIn } from '../../../server/test/clients/doors.ts'
import { startLimited } from '../../../server/test/clients/limited-server.ts'
import { TestServer, type Workspace } from '../../../server/test/clients/test-server.ts'
import {
  connection,
  organization,
  user,
  workosEvent,
} from '../../../server/test/clients/workos-payloads.ts'

// Against our own server, over a socket.

let server: TestServer
before(async () => {
  server = await TestServer.start()
})
after(() => server.close())

const connect = ({ url, key }: Workspace) => new WorkOS({ apiKey: key, baseUrl: url })

/** A client of a new workspace that holds these events. */
async function holding(...events: readonly object[]): Promise<WorkOS> {
  const workspace = server.newWorkspace()
  if (events.length > 0) await putIn('workos', workspace, events)
  return connect(workspace)
}

async function idsOf(events: AsyncIterable<{ id: string }>): Promise<string[]> {
  const ids: string[] = []
  for await (const { id } of events) ids.push(id)
  return ids
}

describe('a list of an Eventwell server', () => {
  const ours = workosEvent(1, 'connection.activated', connection)
  const itself = workosEvent(2, 'organization.created', organization)
  const created = workosEvent(3, 'user.created', user)
  const deleted = workosEvent(4, 'user.deleted', user)
  const ripe = workosEvent(5, 'pear.ripened', { weight: 178 })
  const all = [ours, itself, created, deleted, ripe]
  let workos: WorkOS
  before(async () => {
    workos = await holding(...all)
  })

  const cases: readonly (readonly [what: string, query: EventsQuery, found: readonly object[]])[] =
    [
      ['of all', {}, all],
      ['of no names, which is of all', { events: [] }, all],
      ['of one name', { events: [eventNames.UserDeleted] }, [deleted]],
      ['of two', { events: [eventNames.UserCreated, 'pear.ripened'] }, [created, ripe]],
      ['after an event', { after: created.id }, [deleted, ripe]],
      ['from a time on, which it includes', { rangeStart: deleted.created_at }, [deleted, ripe]],
      ['up to a time, which it leaves out', { rangeEnd: new Date(itself.created_at) }, [ours]],
      [
        'between times with an offset',
        { rangeStart: '2026-03-01T12:00:02+02:00', rangeEnd: '2026-03-01T12:00:04+02:00' },
        [itself, created],
      ],
      ['of an organization', { organizationId: 'org_01PEAR' }, [ours, itself]],
      ['of an organization that is not', { organizationId: 'org_NONE' }, []],
      [
        'where the cursor is later than the range',
        { after: created.id, rangeStart: ours.created_at },
        [deleted, ripe],
      ],
    ]
  for (const [what, query, found] of cases) {
    it(what, async () => {
      const list = await workos.events.listEvents(query)
      assert.deepEqual(list, { data: found, listMetadata: { after: null } })
    })
  }

  it('has ten where nothing is said, and says where to go on', async () => {
    const users = Array.from({ length: 11 }, (_, n) => workosEvent(n, 'user.created', user))
    const workos = await holding(...users)
    const { data, listMetadata } = await workos.events.listEvents({ events: ['user.created'] })
    assert.deepEqual(data, users.slice(0, 10))
    assert.deepEqual(listMetadata, { after: users[9]!.id })
    const rest = await workos.events.listEvents({ after: users[9]!.id })
    assert.deepEqual(rest, { data: users.slice(10), listMetadata: { after: null } })
  })

  it('has typed payloads', async () => {
    const names: string[] = []
    for await (const event of workos.events.iterate({ limit: 2 })) {
      if (isEvent(event, 'pear.ripened')) names.push(String(event.data['weight']))
      else if (isKnownEvent(event) && event.event === 'organization.created') {
        names.push(...event.data.domains.map(({ domain }) => domain))
      } else if (isEvent(event, 'user.created')) names.push(event.data.email)
    }
    assert.deepEqual(names, ['orchard.example', 'ada@orchard.example', '178'])
  })
})

describe('pages of an Eventwell server', () => {
  const events = Array.from({ length: 235 }, (_, n) => {
    return workosEvent(n, n % 3 === 0 ? 'user.updated' : 'user.created', user)
  })
  const ids = events.map(({ id }) => id)

  it('give each event once, in order', async () => {
    const workos = await holding(...events)
    const sizes: number[] = []
    const seen: string[] = []
    for await (const { data } of workos.events.pages({ limit: 50 })) {
      sizes.push(data.length)
      seen.push(...data.map(({ id }) => id))
    }
    assert.deepEqual(sizes, [50, 50, 50, 50, 35])
    assert.deepEqual(seen, ids)
    assert.deepEqual(await idsOf(workos.events.iterate({ limit: 47 })), ids)
  })

  it('keep to their names and range, which are sent again', async () => {
    const workos = await holding(...events)
    const query = {
      events: ['user.updated'],
      rangeStart: events[30]!.created_at,
      rangeEnd: events[210]!.created_at,
      limit: 7,
    }
    const wanted = events.slice(30, 210).filter(({ event }) => event === 'user.updated')
    const wantedIds = wanted.map(({ id }) => id)
    assert.deepEqual(await idsOf(workos.events.iterate(query)), wantedIds)
  })

  it('go on another time from the last event that was dealt with', async () => {
    const workos = await holding(...events)
    const seen: string[] = []
    for await (const { id } of workos.events.iterate({ limit: 20 })) if (seen.push(id) === 33) break
    const rest = await idsOf(workos.events.iterate({ limit: 20, after: seen.at(-1) }))
    assert.deepEqual([...seen, ...rest], ids)
  })

  it('are followed while more comes, and each event is there once', async () => {
    const workspace = server.newWorkspace()
    await putIn('workos', workspace, events.slice(0, 15))
    const follow = { pollMs: 10 }
    const seen: string[] = []
    for await (const { id } of connect(workspace).events.iterate({ limit: 10 }, { follow })) {
      seen.push(id)
      // At the end of what is there, more is put in: the follower finds it.
      if (seen.length === 15) await putIn('workos', workspace, events.slice(15, 16))
      if (seen.length === 16) await putIn('workos', workspace, events.slice(16, 40))
      if (seen.length === 40) break
    }
    assert.deepEqual(seen, ids.slice(0, 40))
  })
})

describe('what an Eventwell server refuses', () => {
  it('is told apart', async () => {
    const workspace = server.newWorkspace()
    const workos = connect(workspace)
    await assert.rejects(
      connect({ ...workspace, key: 'sk_wrong' }).events.listEvents(),
      isUnauthorizedError,
    )
    await assert.rejects(
      connect(server.newWorkspace(['write'])).events.listEvents(),
      isForbiddenError,
    )
    await assert.rejects(workos.events.listEvents({ after: 'nonsense' }), isBadRequestError)
    await assert.rejects(workos.events.listEvents({ rangeStart: 'monday' }), (thrown) => {
      assert.ok(isBadRequestError(thrown) && isWorkOSError(thrown))
      assert.equal(thrown.code, 'invalid_events_request')
      assert.match(thrown.message, /range_start/)
      assert.match(thrown.requestID!, /^[0-9a-f-]{36}$/)
      return true
    })
    const lost = connect({ ...workspace, url: `${workspace.url}/workos/none` })
    await assert.rejects(lost.events.listEvents(), isNotFoundError)
  })

  it('is what the live service refuses, where it is strict', async () => {
    const limited = await startLimited({ workos: { strict: true } })
    try {
      const workos = connect(limited.settled)
      await assert.rejects(workos.events.listEvents(), /One or more event names/)
      await assert.rejects(
        workos.events.listEvents({ events: ['pear.ripened'] }),
        /'pear\.ripened'/,
      )
      const query = { events: [eventNames.UserCreated], organizationId: 'org_NONE' }
      await assert.rejects(workos.events.listEvents(query), /Organization not found: 'org_NONE'/)
      await assert.rejects(
        workos.events.listEvents({ events: [eventNames.OrganizationMembershipAdded] }),
        isBadRequestError,
      )
      const retired = /^organization_membership\.(added|removed)$/
      const every = Object.values(eventNames).filter((name) => !retired.test(name))
      assert.deepEqual((await workos.events.listEvents({ events: every })).data, [])
      const { url, key } = limited.hurried
      const hurried = new WorkOS({ apiKey: key, baseUrl: url, retry: false })
      await assert.rejects(hurried.events.listEvents(), (thrown) => {
        assert.ok(isRateLimitedError(thrown) && isWorkOSError(thrown))
        assert.equal(thrown.code, 'rate_limit_exceeded')
        return thrown.retryAfterMs! > 0 && thrown.retryAfterMs! <= 60_000
      })
    } finally {
      await limited.close()
    }
  })
})
