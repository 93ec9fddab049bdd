import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { putIn } from '../../../server/test/clients/doors.ts'
import { TestServer, type Workspace } from '../../../server/test/clients/test-server.ts'
import {
  isAnswerError,
  isEvent,
  isForbiddenError,
  isNotFoundError,
  isUnauthorizedError,
  Webex,
  WebexError,
  type EventQuery,
  type WebexEvent,
} from '../../src/webex/index.ts'

// The client against our own server, over a socket.

let server: TestServer
before(async () => {
  server = await TestServer.start()
})
after(() => server.close())

const timeOf = (second: number) => new Date(Date.UTC(2026, 2, 1, 10, 0, second))
const idOf = (kind: string, name: string) =>
  Buffer.from(`ciscospark://us/${kind}/${name}`).toString('base64url')
const ada = idOf('PEOPLE', 'ada')
const ben = idOf('PEOPLE', 'ben')

function event(n: number, more: object = {}) {
  return {
    id: idOf('EVENT', `event-${n}`),
    resource: 'messages',
    type: 'created',
    actorId: ada,
    created: timeOf(n).toISOString(),
    data: { id: `message-${n}`, roomType: 'group', text: `Pear ${n}` },
    ...more,
  }
}

function connect({ url, key }: Workspace, base = '/v1'): Webex {
  return new Webex({ accessToken: key, baseUrl: url + base })
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

describe('A list of our own server', () => {
  const events = [
    event(1),
    event(2, { resource: 'memberships', actorId: ben, data: { isModerator: true } }),
    event(3, { type: 'deleted', data: { id: 'message-1' } }),
    event(4, { resource: 'call_records', data: { isCallAnswered: 'true', corelationId: 'c-1' } }),
    event(5, { data: { text: 'A card', attachments: [{ content: {} }] } }),
    event(6, { resource: 'convergedRecordings', data: {} }),
    event(7, { resource: 'teams', type: 'archived', data: { title: 'Pears' } }),
  ]
  let workspace: Workspace
  before(async () => {
    workspace = server.newWorkspace()
    await putIn('webex', workspace, events)
  })

  const cases: [name: string, query: EventQuery, found: number[]][] = [
    ['without filters', {}, [1, 2, 3, 4, 5, 6, 7]],
    ['of a resource', { resource: 'messages' }, [1, 3, 5]],
    ['of a type', { type: 'deleted' }, [3]],
    ['of an actor', { actorId: ben }, [2]],
    ['from a Date and to a text', { from: timeOf(3), to: '2026-03-01T11:00:05+01:00' }, [3, 4]],
    ['with cards', { resource: 'messages', hasAttachments: true }, [5]],
    ['of a service', { resource: 'convergedRecordings', serviceType: 'calling' }, [6]],
    ['of a resource that has no type here', { resource: 'teams' }, [7]],
    ['of what nobody did', { resource: 'rooms' }, []],
    ['with all filters', { resource: 'messages', type: 'created', actorId: ada, max: 1 }, [1, 5]],
  ]
  for (const [name, query, found] of cases) {
    it(name, async () => {
      const wanted = events.filter((_, n) => found.includes(n + 1))
      assert.deepEqual(await all(connect(workspace).events.iterate(query)), wanted)
    })
  }

  it('is the same below the prefix of the dialect, with a slash at its end', async () => {
    assert.deepEqual((await connect(workspace, '/webex/v1/').events.list()).items, events)
  })

  it('tells events apart', async () => {
    const { items } = await connect(workspace).events.list()
    const said = items.map((one: WebexEvent) => {
      if (one.resource === 'messages') return one.type === 'deleted' ? 'gone' : one.data.text
      if (one.resource === 'call_records') return one.data.corelationId
      return isEvent(one, 'teams') ? one.data['title'] : one.resource
    })
    const wanted = ['Pear 1', 'memberships', 'gone', 'c-1', 'A card']
    assert.deepEqual(said, [...wanted, 'convergedRecordings', 'Pears'])
  })
})

describe('The pages of our own server', () => {
  const events = Array.from({ length: 23 }, (_, n) => event(n))
  let webex: Webex
  before(async () => {
    const workspace = server.newWorkspace()
    await putIn('webex', workspace, events)
    webex = connect(workspace)
  })

  for (const max of [1, 5, 23, 100]) {
    it(`by ${max} give each event once, oldest first`, async () => {
      assert.deepEqual(await all(webex.events.iterate({ max, resource: 'messages' })), events)
    })
  }

  it('lead on, one after the other, and again', async () => {
    const sizes: number[] = []
    const first = await webex.events.list({ max: 10 })
    for (let page = await webex.events.list({ max: 10 }); ;) {
      sizes.push(page.items.length)
      assert.equal(page.hasNext, sizes.length < 3)
      assert.equal(page.nextUrl === undefined, !page.hasNext)
      const next = await page.next()
      if (next === undefined) break
      page = next
    }
    assert.deepEqual(sizes, [10, 10, 3])
    const second = await first.next()
    assert.deepEqual((await first.next())?.items, second?.items)
    assert.deepEqual(second?.items, events.slice(10, 20))
  })

  it('can be kept for a later run, with their filters', async () => {
    const query = { max: 10, actorId: ada, to: timeOf(15) }
    const { nextUrl } = await webex.events.list(query)
    assert.ok(nextUrl !== undefined && !nextUrl.includes('Bearer'))
    const page = await webex.events.listAt(nextUrl)
    assert.deepEqual([page.items, page.hasNext], [events.slice(10, 15), false])
  })
})

describe('One event of our own server', () => {
  it('comes by its id; another id is not found', async () => {
    const workspace = server.newWorkspace()
    const errors = { text: { code: 'kms_failure', reason: 'There is no key.' } }
    const one = event(1, { errors, orgId: 'org-1' })
    await putIn('webex', workspace, [one])
    const { events } = connect(workspace)
    assert.deepEqual(await events.get(one.id), one)
    for (const id of ['invalid-event-id', 'a/b', '../events', 'ü?#']) {
      const error: unknown = await events.get(id).catch((thrown: unknown) => thrown)
      assert.ok(isNotFoundError(error) && error instanceof WebexError, id)
      assert.match(error.message, /^GET http.* was answered 404: There is no such event\.$/)
      assert.match(error.trackingId ?? '', /^ROUTER_/)
      assert.deepEqual(error.errors, [{ description: error.description }])
    }
  })

  it('that is a list of WorkOS, by an address without /v1, is no empty page', async () => {
    await assert.rejects(connect(server.newWorkspace(), '').events.list(), (error) => {
      return isAnswerError(error) && error.message.endsWith('does the base address end with /v1?')
    })
  })

  it('is refused to a wrong key, and to one that must not read', async () => {
    const workspace = server.newWorkspace(['write'])
    await assert.rejects(connect(workspace).events.list(), isForbiddenError)
    await assert.rejects(
      connect({ ...workspace, key: 'wrong' }).events.get('e'),
      isUnauthorizedError,
    )
  })
})

describe('The audits of our own server', () => {
  const yesterdayMs = Date.now() - 86_400_000
  const feeds = [
    {
      feed: 'adminAudit' as const,
      path: '/webex/v1/adminAudit/events',
      range: { from: new Date(yesterdayMs), to: new Date() },
    },
    {
      feed: 'securityAudit' as const,
      path: '/webex/v1/admin/securityAudit/events',
      range: { startTime: new Date(yesterdayMs), endTime: new Date() },
    },
  ]
  for (const { feed, path, range } of feeds) {
    it(`${feed} is there page by page, newest first`, async () => {
      const { url, key, ...place } = server.newWorkspace()
      const sent = Array.from({ length: 7 }, (_, n) => ({
        created: new Date(yesterdayMs + n * 1000).toISOString(),
        actorOrgId: 'org-1',
        id: `audit-${n}`,
        actorId: 'ada',
        data: { eventCategory: n === 3 ? 'LOGOUT' : 'LOGINS', actorName: 'Ada' },
      }))
      const response = await fetch(url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}` },
        body: JSON.stringify(sent),
      })
      assert.equal(response.status, 200)
      const audit = connect({ url, key, ...place })[feed]
      const query = { orgId: 'org-1', max: 3, ...range } as never
      assert.deepEqual(await all(audit.iterate(query)), sent.toReversed())
      const some = { ...(query as object), eventCategories: ['LOGOUT', 'USERS'] } as never
      assert.deepEqual((await audit.list(some)).items, [sent[3]])
      const { nextUrl = '' } = await audit.list(query)
      assert.deepEqual((await audit.listAt(nextUrl)).items, sent.toReversed().slice(3, 6))
    })
  }

  it('the admin audit can pass over some, and tells its categories', async () => {
    const workspace = server.newWorkspace()
    const { adminAudit } = connect(workspace)
    const query = { orgId: 'org-1', from: new Date(yesterdayMs), to: new Date(), offset: 2 }
    assert.deepEqual((await adminAudit.list(query)).items, [])
    assert.ok((await adminAudit.eventCategories()).includes('LOGINS'))
  })
})
