import assert from 'node:assert/strict'
import { after, before, describe, it, mock } from 'node:test'
import type { Keys } from '../../core/access.ts'
import { temporaryFolder } from '../../../test/support/folder.ts'
import { MemoryApp } from '../../../test/support/memory-app.ts'
import { openSqliteStore } from '../../stores/sqlite/index.ts'
import {
  eventAt,
  idOf,
  pageOf,
  startMs,
  walk,
  type SeenPage,
  type WireEvent,
} from './test/events.ts'

// Section 0 of the contract is a digest of rules; here each has a test that fails when we break it.

const events = Array.from({ length: 8 }, (_, n) =>
  eventAt(n, n % 2 === 0 ? {} : { resource: 'memberships', data: { id: idOf('MEMBERSHIP', n) } }),
)
const callEvent = eventAt(20, {
  resource: 'call_records',
  data: {
    isCallAnswered: 'true',
    callDurationSeconds: '192',
    callStartTime: '2026-03-01T10:00:20.000Z',
    corelationId: 'c-1',
  },
})

describe('the rules of Webex’s contract', () => {
  let app: MemoryApp
  before(async () => {
    app = new MemoryApp()
    assert.equal((await app.post('/webex/v1/events', events)).statusCode, 200)
  })
  after(() => app.close())

  for (const path of [
    '/v1/events',
    '/v1/events/x',
    '/webex/v1/events/x',
    '/v1/adminAudit/events',
  ]) {
    for (const method of ['PUT', 'PATCH', 'DELETE'] as const) {
      it(`1: ${method} ${path} is not served: 405`, async () => {
        const answer = await app.ask(method, path)
        assert.equal(answer.statusCode, 405, answer.body)
        assert.match(String(answer.headers['allow']), /GET/)
        assert.match(answer.json().message, /not served here/)
      })
    }
  }

  it('1: nothing is created by the vendor’s own path', async () => {
    const answer = await app.post('/v1/events', eventAt(9))
    assert.equal(answer.statusCode, 405)
    assert.equal((await pageOf(app, '/v1/events')).items.length, events.length)
  })

  const onlyOurs: Keys = {
    authenticate: (key) =>
      key === 'ours' ? { workspace: 'default', scopes: ['read'], isDevelopment: false } : undefined,
  }
  for (const authorization of ['', 'ours', 'Basic b3Vycw==', 'Bearer', 'Bearer theirs']) {
    it(`2: the credential "${authorization}" is 401, in the vendor’s words`, async () => {
      const guarded = new MemoryApp({ keys: onlyOurs })
      for (const path of [
        '/v1/events',
        '/v1/events/x',
        '/v1/adminAudit/events',
        '/v1/adminAudit/eventCategories',
        '/v1/admin/securityAudit/events',
      ]) {
        const answer = await guarded.get(path, { authorization })
        assert.equal(answer.statusCode, 401)
        const { message, errors, trackingId } = answer.json()
        assert.equal(
          message,
          'The request requires a valid access token set in the Authorization request header.',
        )
        assert.deepEqual(errors, [{ description: message }])
        assert.equal(trackingId, answer.headers['trackingid'])
      }
      await guarded.close()
    })
  }

  it('3: a list is items, and one event is bare', async () => {
    const list = await app.get('/v1/events?max=1')
    assert.deepEqual(list.json(), { items: [events[0]] })
    const one = await app.get(`/v1/events/${events[0]!.id}`)
    assert.deepEqual(one.json(), events[0])
  })

  for (const max of [1, 3, 4, 7]) {
    it(`4: by ${max}, one link leads on as long as there is more, and no header ends it`, async () => {
      assert.deepEqual(await walk(app, `/v1/events?max=${max}`), events)
    })
  }

  it('4: a last page that is full has no link', async () => {
    assert.equal((await pageOf(app, '/v1/events?max=8')).next, undefined)
  })

  it('4: no link leads to an empty page, also where payloads are looked into part by part', async (context) => {
    const folder = temporaryFolder()
    const reading = { sliceBlocks: 1, summaryPartMs: 20, tailEvents: 0 }
    const own = new MemoryApp({ store: openSqliteStore({ dataFolder: folder.path, reading }) })
    context.after(async () => {
      await own.close()
      folder.remove()
    })
    const many = Array.from({ length: 3000 }, (_, n) => {
      const attachments = n < 5 ? [{ content: n }] : undefined
      return eventAt(n, { data: { id: String(n), text: 'x'.repeat(300), attachments } })
    })
    await own.post('/webex/v1/events', many)
    const seen: WireEvent[] = []
    for (
      let path: string | undefined = '/v1/events?hasAttachments=true&max=3';
      path !== undefined;
    ) {
      const { items, next }: SeenPage = await pageOf(own, path)
      assert.ok(items.length > 0)
      seen.push(...items)
      path = next && next.pathname + next.search
    }
    assert.deepEqual(
      seen.map(({ id }) => id),
      many.slice(0, 5).map(({ id }) => id),
    )
  })

  it('5: the next address repeats every filter, and freezes the window at the first page', async () => {
    const query = 'resource=messages&type=created&from=2026-03-01T00:00:00Z&max=1&unknown=kept'
    const { next } = await pageOf(app, `/v1/events?${query}&actorId=${idOf('PEOPLE', 1)}`)
    const { cursor, to, ...rest } = Object.fromEntries(next!.searchParams)
    assert.deepEqual(rest, {
      resource: 'messages',
      type: 'created',
      from: '2026-03-01T00:00:00Z',
      max: '1',
      unknown: 'kept',
      actorId: idOf('PEOPLE', 1),
    })
    assert.ok(cursor!.length > 0)
    assert.match(to!, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  })

  it('5: a cursor goes on later, after more has come, and beside filters sent again', async () => {
    const own = new MemoryApp()
    await own.post('/webex/v1/events', events)
    const { next } = await pageOf(own, '/v1/events?max=3')
    await own.post('/webex/v1/events', [eventAt(100), eventAt(101)])
    const { pathname, search } = next!
    const again = [`${search}&max=3`, `${search.replace('max=3', 'max=100')}`, `${search}&&`]
    for (const query of again) {
      const page = await pageOf(own, pathname + query)
      assert.deepEqual(page.items.slice(0, 3), events.slice(3, 6))
    }
    await own.close()
  })

  it('5: what happens after the first page is no part of its window', async () => {
    mock.timers.enable({ apis: ['Date'], now: startMs + 60_000 })
    try {
      const own = new MemoryApp()
      await own.post('/webex/v1/events', events)
      const { next } = await pageOf(own, '/v1/events?max=4')
      mock.timers.tick(60_000)
      await own.post('/webex/v1/events', eventAt(90))
      const rest = await walk(own, next!.pathname + next!.search)
      assert.deepEqual(rest, events.slice(4))
      await own.close()
    } finally {
      mock.timers.reset()
    }
  })

  for (const created of [
    '2026-03-01T10:00:00Z',
    '2026-03-01T12:00:00+02:00',
    '2026-03-01T10:00:00.0001234Z',
  ]) {
    it(`6: a created of ${created} is shown with three digits and Z`, async () => {
      const own = new MemoryApp()
      await own.post('/webex/v1/events', eventAt(1, { created }))
      const { items } = await pageOf(own, '/v1/events')
      assert.equal(items[0]!.created, '2026-03-01T10:00:00.000Z')
      await own.close()
    })
  }

  it('7: fields of calls come back as text', async () => {
    const own = new MemoryApp()
    const answer = await own.post('/webex/v1/events', callEvent)
    assert.deepEqual(answer.json(), { warnings: [] })
    assert.deepEqual((await pageOf(own, '/v1/events')).items, [callEvent])
    await own.close()
  })

  it('7: fields of calls that are no text are warned of, and never altered', async () => {
    const own = new MemoryApp()
    const data = { isCallAnswered: true, callDurationSeconds: 192, callTransferTime: '' }
    const answer = await own.post('/webex/v1/events', { ...callEvent, data })
    const { warnings } = answer.json<{ warnings: { field: string }[] }>()
    assert.deepEqual(
      warnings.map(({ field }) => field),
      ['data.isCallAnswered', 'data.callDurationSeconds', 'data.callTransferTime'],
    )
    assert.deepEqual((await pageOf(own, '/v1/events')).items, [{ ...callEvent, data }])
    await own.close()
  })

  it('7: calls that another door brought are shown as text, without times that have no value', async () => {
    const own = new MemoryApp()
    await own.post('/eventwell/events', {
      specversion: '1.0',
      id: '1',
      source: '/pbx',
      type: 'call_records.created',
      data: {
        isCallAnswered: true,
        callDurationSeconds: 192,
        callTransferTime: '',
        callType: 'SIP_URI',
        of_ours: { n: 1 },
      },
    })
    const { items } = await pageOf(own, '/v1/events')
    assert.deepEqual(items[0]!.data, {
      isCallAnswered: 'true',
      callDurationSeconds: '192',
      callType: 'SIP_URI',
      of_ours: { n: 1 },
    })
    await own.close()
  })

  it('7: what clients know as text is text in every event of another door, or a whole page fails', async () => {
    const own = new MemoryApp()
    const data = {
      id: 5,
      Text: 7,
      created: { at: 1 },
      personEmail: null,
      type: true,
      host: { a: 1 },
      n: 5,
    }
    const event = { specversion: '1.0', source: '/me', type: 'hello.said' }
    await own.post('/eventwell/events', [
      { ...event, id: '1', data },
      { ...event, id: '2', data: 7 },
      { ...event, id: '3' },
    ])
    const { items } = await pageOf(own, '/v1/events')
    assert.deepEqual(
      items.map((item) => item.data),
      [
        {
          id: '5',
          Text: '7',
          created: '{"at":1}',
          personEmail: null,
          type: 'true',
          host: { a: 1 },
          n: 5,
        },
        { value: 7 },
        {},
      ],
    )
    await own.close()
  })

  it('8: an id that was not given to an event finds none', async () => {
    for (const uri of ['EVENT/1', 'EVENT/01', 'EVENT/a/b', 'EVENT/webex/x']) {
      const id = Buffer.from(`ciscospark://eventwell/${uri}`).toString('base64url')
      assert.equal((await app.get(`/v1/events/${id}`)).statusCode, 404, uri)
    }
  })

  it('8: every id that is shown can stand in a path as it is, and finds its event', async () => {
    const own = new MemoryApp()
    await own.post('/eventwell/events', [
      { specversion: '1.0', id: 'a/b?c#d e%2F', source: 'https://ü.example/', type: 't' },
      { specversion: '1.0', id: 'x'.repeat(512), source: '/'.repeat(2048), type: 't' },
    ])
    await own.post('/webex/v1/events', eventAt(1))
    for (const { id } of (await pageOf(own, '/v1/events')).items) {
      assert.match(id, /^[A-Za-z0-9_=-]+$/)
      assert.equal((await own.get(`/v1/events/${id}`)).json<WireEvent>().id, id)
    }
    await own.close()
  })

  it('9: a page has a hundred events unless more are asked for, and at most a thousand', async () => {
    const own = new MemoryApp()
    const many = Array.from({ length: 1100 }, (_, n) => eventAt(n))
    await own.post('/webex/v1/events', many)
    for (const [query, count] of [
      ['', 100],
      ['?max=', 100],
      ['?max=250', 250],
      ['?max=1000', 1000],
      ['?max=5000', 1000],
    ] as const) {
      assert.equal((await pageOf(own, `/v1/events${query}`)).items.length, count)
    }
    for (const max of ['0', '-1', 'ten', '1.5', 'null']) {
      const answer = await own.get(`/v1/events?max=${max}`)
      assert.equal(answer.statusCode, 400, max)
    }
    await own.close()
  })

  it('10: an error names itself in message, errors and the tracking id, also of the client’s', async () => {
    const answer = await app.get('/v1/events?from=soon', { trackingid: 'webex-js-sdk_1_2' })
    assert.equal(answer.statusCode, 400)
    assert.equal(answer.headers['trackingid'], 'webex-js-sdk_1_2')
    const message = 'from must be an ISO 8601 date-time.'
    assert.deepEqual(answer.json(), {
      message,
      errors: [{ description: message }],
      trackingId: 'webex-js-sdk_1_2',
    })
    for (const unusable of [undefined, '', 'a b', 'x'.repeat(200)]) {
      const headers = unusable === undefined ? {} : { trackingid: unusable }
      const made = String((await app.get('/v1/events', headers)).headers['trackingid'])
      assert.match(made, /^ROUTER_[0-9A-F-]+$/)
    }
  })

  it('10: overload is 429 with whole seconds to wait, which is what the clients obey', async () => {
    const own = new MemoryApp({ limits: { pendingReadsMax: 0 } })
    const answer = await own.get('/v1/events')
    assert.equal(answer.statusCode, 429)
    assert.match(String(answer.headers['retry-after']), /^[1-9]\d*$/)
    assert.match(answer.json().message, /Too many/)
    await own.close()
  })

  it('11: a to ahead of our clock is now', async () => {
    const ahead = new Date(Date.now() + 5000).toISOString()
    assert.equal((await pageOf(app, `/v1/events?to=${ahead}`)).items.length, events.length)
  })

  it('12: a GET may carry a content type, empty pieces and unknown parameters', async () => {
    const headers = { 'content-type': 'application/json', 'content-length': '0' }
    const page = await pageOf(app, '/v1/events?&&max=2&&wat=1&=&', headers)
    assert.deepEqual(page.items, events.slice(0, 2))
  })

  it('of section 1.3: a from beyond the window is 403, in the live service’s words', async () => {
    const own = new MemoryApp({ settings: { default: { webex: { windowDays: 90 } } } })
    const dayMs = 86_400_000
    const at = (days: number) => new Date(Date.now() - days * dayMs).toISOString()
    const recent = [3, 2, 1].map((days) => eventAt(days, { created: at(days) }))
    await own.post('/webex/v1/events', [eventAt(50, { created: at(100) }), ...recent])
    const refused = await own.get(`/v1/events?from=${at(91)}`)
    assert.equal(refused.statusCode, 403)
    assert.equal(refused.json().message, 'User is only authorized to search within past 90 days.')
    assert.deepEqual(await walk(own, '/v1/events?max=1'), recent)
    const { next } = await pageOf(own, '/v1/events?max=1')
    assert.match(next!.searchParams.get('from')!, /^\d{4}-.*\.\d{3}Z$/)
    assert.deepEqual(await walk(own, `/v1/events?from=${at(89)}`), recent)
    // The window has moved on when a next page is asked for: that is no fault, and no way around it.
    const stale = `${next!.pathname}${next!.search}`.replace(/from=[^&]+/, `from=${at(101)}`)
    assert.deepEqual((await pageOf(own, stale)).items, recent.slice(1, 2))
    await own.close()
  })
})
