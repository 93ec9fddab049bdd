import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { requiredFields, optionalFields } from './fields.ts'
import { aFullEvent, anEvent, Door, keyOf, type Sent } from './test/door.ts'

// What is taken, and how it comes back: posted and searched as a client does it.

const enumMembers = Object.entries({ ...requiredFields, ...optionalFields }).flatMap(
  ([name, kind]) => (typeof kind === 'string' ? [] : kind.map((member) => [name, member] as const)),
)

interface Fixture {
  readonly name: string
  readonly posted: readonly (readonly Sent[])[]
  readonly rows: readonly Sent[]
}

function comesBack(name: string, ...events: Sent[]): Fixture {
  return { name, posted: [events], rows: events }
}

const fixtures: Fixture[] = [
  comesBack('an event with the nine required fields', anEvent()),
  comesBack('an event with all 82 fields', aFullEvent()),
  comesBack(
    'empty strings in required and optional fields',
    anEvent({
      execution_id: '',
      workspace_id: '',
      speakeasy_version: '',
      error: '',
      generate_gen_lock_id: '',
    }),
  ),
  comesBack(
    'nanoseconds, trimmed zeros and offsets',
    anEvent({
      created_at: '2025-03-01T10:00:00.123456789+02:00',
      local_started_at: '2024-11-21T06:58:42.12Z',
      local_completed_at: '2025-03-01T10:00:00.1234567891234-11:45',
    }),
  ),
  comesBack('the zero time of Go', anEvent({ local_completed_at: '0001-01-01T00:00:00Z' })),
  comesBack(
    'the microseconds of Python',
    anEvent({ created_at: '2024-11-21T06:58:42.120000+00:00' }),
  ),
  {
    name: 'naive times as UTC',
    posted: [
      [
        anEvent({
          created_at: '2025-03-01T10:00:01',
          local_started_at: '2025-03-01T10:00:01.5',
          local_completed_at: '2025-03-01T10:00:02.000001',
        }),
      ],
    ],
    rows: [
      anEvent({
        created_at: '2025-03-01T10:00:01Z',
        local_started_at: '2025-03-01T10:00:01.5Z',
        local_completed_at: '2025-03-01T10:00:02.000001Z',
      }),
    ],
  },
  {
    name: 'nulls as absent fields',
    posted: [[anEvent({ error: null, duration_ms: null, generate_bump_type: null })]],
    rows: [anEvent()],
  },
  comesBack(
    'unknown fields, whatever they hold',
    anEvent({ a_b: { c: [1, null, 'x', { d: false }] }, aB: 1.5e300, '': [], ['__proto__']: 1 }),
  ),
  comesBack(
    'whole numbers up to 2^53',
    anEvent({
      duration_ms: Number.MAX_SAFE_INTEGER,
      lint_report_error_count: 0,
      lint_report_info_count: Number.MIN_SAFE_INTEGER,
    }),
  ),
  comesBack(
    'text of every kind',
    anEvent({ error: '"quoted" \\ \n\r\t\u0000\u2028 🍐 \ud800 %2F + &amp;', raw_command: ' ' }),
  ),
  comesBack('an id that is no word', anEvent({ id: '<ID> / 100% & 🍐' })),
  comesBack(
    "another workspace's id in the body, which does not decide",
    anEvent({ workspace_id: 'elsewhere' }),
  ),
  comesBack('half a megabyte of a report', anEvent({ test_report_raw: '<a/>'.repeat(131_072) })),
  {
    name: 'the later of two with one id in a batch',
    posted: [[anEvent({ error: 'first' }), anEvent({ success: true })]],
    rows: [anEvent({ success: true })],
  },
  {
    name: 'a replacement as a whole, not merged',
    posted: [[anEvent({ error: 'first', hostname: 'h' })], [anEvent({ success: true })]],
    rows: [anEvent({ success: true })],
  },
  {
    name: 'the same event again once',
    posted: [[aFullEvent()], [aFullEvent()], [aFullEvent(), aFullEvent()]],
    rows: [aFullEvent()],
  },
  {
    name: 'instants in their order, not in that of their spelling; later arrivals first',
    posted: [
      [
        anEvent({ id: 'b', created_at: '2025-03-01T10:00:00Z' }),
        anEvent({ id: 'a', created_at: '2025-03-01T11:00:00.000000001+02:00' }),
        anEvent({ id: 'c', created_at: '2025-03-01T04:00:00.0-06:00' }),
        anEvent({ id: 'd', created_at: '2025-03-01T10:00:00.000000001' }),
      ],
    ],
    rows: [
      anEvent({ id: 'd', created_at: '2025-03-01T10:00:00.000000001Z' }),
      anEvent({ id: 'c', created_at: '2025-03-01T04:00:00.0-06:00' }),
      anEvent({ id: 'b', created_at: '2025-03-01T10:00:00Z' }),
      anEvent({ id: 'a', created_at: '2025-03-01T11:00:00.000000001+02:00' }),
    ],
  },
  ...enumMembers.map(([name, member]) => {
    return comesBack(`${member} as ${name}`, anEvent({ [name]: member }))
  }),
]

describe('speakeasy takes', () => {
  const door = new Door()
  for (const [index, { name, posted, rows }] of fixtures.entries()) {
    it(name, async () => {
      const workspace = `ws-${index}`
      for (const events of posted) await door.post(workspace, events)
      assert.deepEqual(await door.search(workspace), rows)
    })
  }

  it('numbers that no double holds, in fields that it does not know', async () => {
    const text = JSON.stringify([anEvent()]).replace('}]', ',"n":12345678901234567890}]')
    const url = '/v1/workspace/long/events'
    const headers = { 'x-api-key': keyOf('long') }
    assert.equal((await door.ask('POST', url, headers, text)).status, 200)
    assert.equal((await door.ask('GET', url, headers)).text, text)
  })

  it('has the three kinds of credential, of which the key goes first', async () => {
    const good = keyOf('ws')
    const url = '/v1/workspace/ws/events'
    for (const [headers, status] of [
      [{ 'x-api-key': good }, 200],
      [{ authorization: `bEaReR ${good}` }, 200],
      [{ 'x-workspace-identifier': good }, 200],
      [{ 'x-api-key': good, authorization: 'Bearer no', 'x-workspace-identifier': 'no' }, 200],
      [{ 'x-api-key': 'no', authorization: `Bearer ${good}` }, 401],
      [{ 'x-api-key': '', authorization: `Bearer ${good}` }, 200],
      [{ authorization: `Bearer ${good}`, 'x-workspace-identifier': 'no' }, 200],
      [{ authorization: 'Bearer no', 'x-workspace-identifier': good }, 401],
      [{ authorization: `Basic ${good}`, 'x-workspace-identifier': good }, 200],
    ] as const) {
      const answer = await door.ask('GET', url, { ...headers } as Record<string, string>)
      assert.equal(answer.status, status, JSON.stringify(headers))
    }
  })
})

describe('speakeasy lists the events of', () => {
  const door = new Door()
  const of = (id: string, minute: number, more: Sent) =>
    anEvent({ id, created_at: `2025-03-01T10:0${minute}:00Z`, ...more })
  const odd = 'lock / 100% ? # ü'
  const one = of('one', 1, { generate_gen_lock_id: 'lock', source_revision_digest: 'sha256:aa' })
  const two = of('two', 2, { generate_gen_lock_id: 'lock', source_revision_digest: 'sha256:bb' })
  const three = of('three', 3, { generate_gen_lock_id: odd, source_revision_digest: 'sha256:aa' })
  const events = '/v1/workspace/events/events'

  const cases: [path: string, rows: Sent[]][] = [
    ['/targets/lock/events', [two, one]],
    [`/targets/${encodeURIComponent(odd)}/events`, [three]],
    ['/targets/nobody/events', []],
    [`/targets/${'x'.repeat(3000)}/events`, []],
    ['/targets/lock/events?after_created_at=2025-03-01T10%3A01%3A00Z', [two]],
    [
      '/targets/lock/events?after_created_at=2025-03-01T12%3A00%3A59.999999999%2B02%3A00',
      [two, one],
    ],
    ['/targets/lock/events?after_created_at=2025-03-01T12:01:00+02:00', [two]],
    ['/targets/lock/events?after_created_at=2025-03-01T10:01:00', [two]],
    ['/targets/lock/events?after_created_at=2025-03-01T10:02:00Z&limit=no&unknown=1', []],
    ['/source_revision_digest/sha256%3Aaa', [three, one]],
    ['/source_revision_digest/sha256:bb', [two]],
    ['/source_revision_digest/none', []],
  ]
  for (const [path, rows] of cases) {
    it(`${path.slice(0, 90)}: ${rows.map(({ id }) => id).join(', ') || 'none'}`, async () => {
      // A workspace named `events` is no trap among paths that hold this word.
      await door.post('events', [one, two, three])
      assert.deepEqual(await door.list('events', events + path), rows)
      assert.deepEqual(await door.list('events', `/speakeasy${events}${path}`), rows)
    })
  }

  it('a target up to the bound of a page, newest first', async () => {
    const all = Array.from({ length: 1200 }, (_, index) =>
      anEvent({ id: `e-${index}`, generate_gen_lock_id: 'busy' }),
    )
    await door.post('busy', all)
    const rows = await door.list('busy', '/v1/workspace/busy/events/targets/busy/events')
    assert.deepEqual(rows, all.toReversed().slice(0, 1000))
  })
})

describe('speakeasy validates', () => {
  it('any good key, and tells whose workspace it is', async () => {
    const door = new Door()
    const before = Date.now()
    const ask = async (scopes: string) => {
      const headers = { 'x-api-key': keyOf('ws_pear', scopes) }
      const answer = await door.ask('GET', '/v1/auth/validate', headers)
      assert.equal(answer.status, 200)
      return JSON.parse(answer.text) as Sent
    }
    for (const scopes of ['read', 'write', 'read+write']) {
      const { workspace_created_at: at, ...rest } = await ask(scopes)
      assert.ok(Date.parse(at as string) >= before)
      assert.deepEqual(rest, {
        workspace_id: 'ws_pear',
        workspace_slug: 'ws_pear',
        org_slug: 'ws_pear',
        account_type_v2: 'enterprise',
        enabled_features: [],
        billing_add_ons: [],
        generation_access_unlimited: true,
        telemetry_disabled: false,
      })
    }
    await door.post('ws_pear', [anEvent()])
    const [event] = (
      await door.log.read('ws_pear', { order: 'time', direction: 'forward', limit: 1 })
    ).events
    const receivedAt = new Date(event!.receivedAtMs).toISOString()
    assert.equal((await ask('read')).workspace_created_at, receivedAt)
  })
})
