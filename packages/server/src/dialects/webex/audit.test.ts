import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { MemoryApp } from '../../../test/support/memory-app.ts'
import { eventAt, pageOf, startMs, walk, type WireEvent } from './test/events.ts'

const uuid = '11111111-2222-4333-8444-555555555555'
const base64 = (text: string) => Buffer.from(text).toString('base64')
const organization = base64(uuid)

/** The nth event of an audit feed, each a second after the one before. */
function auditAt(n: number, data: object = {}) {
  return {
    created: new Date(startMs + n * 1000).toISOString(),
    actorOrgId: organization,
    id: `audit-${n}`,
    actorId: base64(`00000000-0000-4000-8000-${String(n % 2).padStart(12, '0')}`),
    data: {
      eventCategory: n % 3 === 0 ? 'USERS' : 'LOGINS',
      actorName: 'Ada',
      adminRoles: ['User', 'Full_Admin'],
      actionText: `did ${n}`,
      ...data,
    },
  }
}

type AuditEvent = ReturnType<typeof auditAt>

const window = 'from=2026-01-01T00:00:00.000Z&to=2026-12-31T00:00:00.000Z'
const securityWindow = window.replace('from', 'startTime').replace('to', 'endTime')
const feeds = [
  ['/v1/adminAudit/events', window, 200],
  ['/v1/admin/securityAudit/events', securityWindow, 1000],
] as const

for (const [path, range, ceiling] of feeds) {
  describe(`the audit feed at ${path}`, () => {
    const events = Array.from({ length: 11 }, (_, n) => auditAt(n))
    const newestFirst = events.toReversed()
    const url = `${path}?orgId=${organization}&${range}`
    let app: MemoryApp
    before(async () => {
      app = new MemoryApp()
      const answer = await app.post(`/webex${path}`, events)
      assert.deepEqual([answer.statusCode, answer.json()], [200, { warnings: [] }])
    })
    after(() => app.close())

    it('gives events back as they were put in, newest first', async () => {
      assert.deepEqual((await pageOf<AuditEvent>(app, url)).items, newestFirst)
    })

    for (const max of [1, 4, 11]) {
      it(`is walked by ${max}`, async () => {
        assert.deepEqual(await walk<AuditEvent>(app, `${url}&max=${max}`), newestFirst)
      })
    }

    for (const [offset, max] of [
      [0, 3],
      [4, 3],
      [10, 5],
      [11, 5],
      [5000, 5],
    ] as const) {
      it(`passes over ${offset} with an offset, and a link goes on from there`, async () => {
        const asked = `${url}&offset=${offset}&max=${max}`
        const { items, next } = await pageOf<AuditEvent>(app, asked)
        assert.deepEqual(items, newestFirst.slice(offset, offset + max))
        assert.equal(next === undefined, offset + max >= newestFirst.length)
        assert.deepEqual(await walk<AuditEvent>(app, asked), newestFirst.slice(offset))
        if (next === undefined) return
        // Clients that rewrite the address put their own offset back in.
        const rewritten = `${next.pathname}${next.search}&offset=${offset}`
        const { items: second } = await pageOf<AuditEvent>(app, rewritten)
        assert.deepEqual(second, newestFirst.slice(offset + max, offset + 2 * max))
      })
    }

    const spellings = [
      uuid,
      organization,
      organization.replaceAll('=', ''),
      base64(`ciscospark://us/ORGANIZATION/${uuid}`),
      Buffer.from(`ciscospark://us/ORGANIZATION/${uuid}`).toString('base64url'),
    ]
    for (const spelling of spellings) {
      it(`finds the organization as ${spelling}`, async () => {
        const asked = url.replace(organization, encodeURIComponent(spelling))
        assert.equal((await pageOf(app, asked)).items.length, events.length)
      })
    }

    it('finds nothing of another organization', async () => {
      assert.equal((await pageOf(app, url.replace(organization, 'org-2'))).items.length, 0)
    })

    it('finds what a person did, in either spelling', async () => {
      const person = '00000000-0000-4000-8000-000000000001'
      for (const actorId of [base64(person), base64(`ciscospark://us/PEOPLE/${person}`)]) {
        const { items } = await pageOf<AuditEvent>(app, `${url}&actorId=${actorId}`)
        assert.deepEqual(
          items,
          newestFirst.filter((_, n) => n % 2 === 1),
        )
      }
    })

    for (const [categories, wanted] of [
      ['USERS', ['USERS']],
      ['users', ['USERS']],
      ['EventCategory.USERS', ['USERS']],
      ['USERS,LOGINS', ['USERS', 'LOGINS']],
      ['USERS&eventCategories=LOGINS', ['USERS', 'LOGINS']],
      ['LOGOUT', []],
    ] as const) {
      it(`finds the categories ${categories}`, async () => {
        const { items } = await pageOf<AuditEvent>(app, `${url}&eventCategories=${categories}`)
        const isWanted = ({ data }: AuditEvent) =>
          (wanted as readonly string[]).includes(data.eventCategory)
        assert.deepEqual(items, newestFirst.filter(isWanted))
      })
    }

    it('repeats every category in its link, however they are sent', async () => {
      for (const categories of ['LOGINS,USERS', 'LOGINS&eventCategories=USERS']) {
        const asked = `${url}&max=2&eventCategories=${categories}`
        assert.deepEqual(await walk<AuditEvent>(app, asked), newestFirst)
      }
    })

    it(`has at most ${ceiling} events in a page`, async () => {
      const own = new MemoryApp()
      await own.post(
        `/webex${path}`,
        Array.from({ length: ceiling + 1 }, (_, n) => auditAt(n)),
      )
      assert.equal((await pageOf(own, `${url}&max=5000`)).items.length, ceiling)
      assert.equal((await pageOf(own, url)).items.length, 100)
      await own.close()
    })

    const [fromName, toName] = path.includes('admin/') ? ['startTime', 'endTime'] : ['from', 'to']
    const refused = [
      ['no organization', range, /^orgId is required/],
      ['no beginning', `orgId=o&${toName}=2026-01-01T00:00:00Z`, /is required/],
      ['no end', `orgId=o&${fromName}=2026-01-01T00:00:00Z`, /is required/],
      [
        'an end before the beginning',
        `orgId=o&${fromName}=2026-02-01&${toName}=2026-01-01`,
        /must not be before/,
      ],
      ['more than a year', `orgId=o&${fromName}=2024-12-31&${toName}=2026-01-02`, /one year/],
      ['a time that is none', `orgId=o&${fromName}=soon&${toName}=2026-01-02`, /ISO 8601/],
      ['a bad max', `orgId=o&${range}&max=0`, /^max/],
      ['a bad offset', `orgId=o&${range}&offset=-1`, /^offset/],
      ['an offset too far', `orgId=o&${range}&offset=10001`, /^offset/],
      ['a cursor of ours that is none', `orgId=o&${range}&cursor=1`, /cursor/],
    ] as const
    for (const [name, query, message] of refused) {
      it(`refuses ${name}`, async () => {
        const answer = await app.get(`${path}?${query}`)
        assert.equal(answer.statusCode, 400, answer.body)
        assert.match(answer.json().message, message)
      })
    }

    it('keeps further fields, and never shows them for those of /v1/events', async () => {
      const own = new MemoryApp()
      const event = { ...auditAt(1), resource: 'x', type: 'y', orgId: 'z', note: 'kept' }
      await own.post(`/webex${path}`, event)
      assert.deepEqual((await pageOf(own, url)).items, [event])
      const text = (await own.get('/v1/events')).body
      assert.equal(text.match(/"(?:resource|type|orgId)":/g)!.length, 3)
      const [item] = (await pageOf<WireEvent & { note: string }>(own, '/v1/events')).items
      assert.deepEqual([item!.type, item!.note], ['LOGINS', 'kept'])
      await own.close()
    })

    for (const [name, event, message] of [
      ['errors that break readers of /v1/events', { ...auditAt(1), errors: ['a'] }, /errors must/],
      ['no id', { ...auditAt(1), id: undefined }, /^\[0\]\.id is missing/],
      ['no actor', { ...auditAt(1), actorId: undefined }, /actorId is missing/],
      ['no data', { ...auditAt(1), data: [] }, /data must be an object/],
      ['no time', { ...auditAt(1), created: 'now' }, /created must be/],
    ] as const) {
      it(`does not take an event with ${name}`, async () => {
        const answer = await app.post(`/webex${path}`, event)
        assert.equal(answer.statusCode, 400, answer.body)
        assert.match(answer.json().message, message)
      })
    }
  })
}

describe('the three feeds of Webex', () => {
  it('are views of one log: /v1/events has all, with the feed as the resource', async () => {
    const app = new MemoryApp()
    await app.post('/webex/v1/events', eventAt(0))
    await app.post('/webex/v1/adminAudit/events', auditAt(1, { targetOrgId: 'org-9' }))
    await app.post('/webex/v1/admin/securityAudit/events', {
      ...auditAt(2),
      data: { eventCategory: 'LOGOUT' },
    })
    const { items } = await pageOf(app, '/v1/events')
    assert.deepEqual(
      items.map(({ resource, type }) => `${resource} ${type}`),
      ['messages created', 'adminAudit LOGINS', 'securityAudit LOGOUT'],
    )
    const { items: audit } = await pageOf(app, '/v1/events?resource=adminAudit&type=LOGINS')
    assert.equal(audit.length, 1)
    assert.deepEqual((await app.get(`/v1/events/audit-1`)).json<WireEvent>(), audit[0])
    const admin = await pageOf(app, `/v1/adminAudit/events?orgId=org-9&${window}`)
    assert.deepEqual(admin.items, [auditAt(1, { targetOrgId: 'org-9' })])
    await app.close()
  })

  it('show audit events to readers of /v1/events as those can read them', async () => {
    const app = new MemoryApp()
    const event = auditAt(1, { id: 5, created: 7 })
    await app.post('/webex/v1/adminAudit/events', { ...event, resource: 5 })
    const [item] = (await pageOf(app, '/v1/events')).items
    assert.deepEqual([item!.data['id'], item!.data['created']], ['5', '7'])
    assert.equal(item!.resource, 'adminAudit')
    const audit = await pageOf(app, `/v1/adminAudit/events?orgId=${organization}&${window}`)
    assert.deepEqual(audit.items, [{ ...event, resource: 5 }])
    await app.close()
  })

  it('show every time in the one spelling', async () => {
    const app = new MemoryApp()
    await app.post('/webex/v1/adminAudit/events', {
      ...auditAt(1),
      created: '2026-03-01T12:00:01+02:00',
    })
    const { items } = await pageOf<AuditEvent>(
      app,
      `/v1/adminAudit/events?orgId=${organization}&${window}`,
    )
    assert.equal(items[0]!.created, auditAt(1).created)
    await app.close()
  })

  it('find a category as it is, also where another door brought it in small letters', async () => {
    const app = new MemoryApp()
    await app.post('/webex/v1/events', {
      ...eventAt(1),
      resource: 'adminAudit',
      type: 'logins',
      orgId: 'o',
    })
    const asked = `/v1/adminAudit/events?orgId=o&${window}&eventCategories=logins`
    assert.equal((await pageOf(app, asked)).items.length, 1)
    await app.close()
  })

  it('list the categories that the vendor has, and those that are here', async () => {
    const app = new MemoryApp()
    await app.post('/webex/v1/adminAudit/events', [
      auditAt(1, { eventCategory: 'EventCategory.PEARS' }),
      auditAt(2, { eventCategory: undefined }),
      auditAt(3, { eventCategory: '' }),
      auditAt(4, { eventCategory: 7 }),
    ])
    const { eventCategories } = (await app.get('/v1/adminAudit/eventCategories')).json()
    assert.ok(eventCategories.includes('PEARS'))
    assert.ok(eventCategories.includes('LOGINS'))
    assert.ok(!eventCategories.includes('CREATED'))
    assert.deepEqual(eventCategories, [...new Set(eventCategories)].toSorted())
    await app.close()
  })
})
