import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { putIn } from './doors.ts'
import { startLimited, type LimitedServer } from './limited-server.ts'
import {
  asObject,
  formText,
  objectOf,
  rfc3339,
  rfc3986Text,
  sendRaw,
  type Fields,
  type RawAnswer,
} from './raw-request.ts'
import { TestServer, type Workspace } from './test-server.ts'
import { connection, user, workosEvent } from './workos-payloads.ts'

// WorkOS's clients that npm does not have: the requests that they send, to the letter (contract 1.2), what
// they decode strictly, and when they stop asking (contract 4).

/** What a caller asks a client for. */
interface Ask {
  readonly events?: readonly string[]
  readonly limit?: number
  readonly after?: string
  readonly range_start?: string
  readonly range_end?: string
  readonly organization_id?: string
}

interface Page {
  readonly ids: readonly string[]
  readonly after: string | null
}

/** Where a loop goes on; undefined where it stops. */
type Rule = (page: Page, limit: number) => string | undefined

interface Client {
  readonly name: string
  readonly headers: Readonly<Record<string, string>>
  /** The pieces of its query, to be joined by `&`. */
  pieces(ask: Ask): string[]
  readonly rule: Rule
  /** What it changes for the second page; most send everything again. */
  turn?(ask: Ask): Ask
  /** How it, or its callers, write a time; otherwise with milliseconds and `Z`. */
  time?(minute: string): string
}

// Some test for null and nothing else: an empty text would be one page more, for ever.
const untilNull: Rule = (page) => page.after ?? undefined
const untilNullOrNothing: Rule = (page) => (page.ids.length > 0 ? untilNull(page, 0) : undefined)
const untilFalsy: Rule = (page) => page.after || undefined
const untilShort: Rule = ({ ids }, limit) => (ids.length === limit ? ids.at(-1) : undefined)
const untilNothing: Rule = ({ ids }) => ids.at(-1)

const names = ['after', 'limit', 'organization_id', 'range_end', 'range_start'] as const
const json = { 'Content-Type': 'application/json' }
const gzip = { 'Accept-Encoding': 'gzip' }
const python = { ...json, 'Accept-Encoding': 'gzip, deflate' }
const ruby = { Accept: '*/*', 'Accept-Encoding': 'gzip;q=1.0,deflate;q=0.6,identity;q=0.3' }
const desc = 'order=desc'

/** The parameters other than `events`. */
function others(ask: Ask, escape = formText): string[] {
  const given = names.filter((name) => ask[name] !== undefined)
  return given.map((name) => `${name}=${escape(`${ask[name]}`)}`)
}

/** A pair for each event's name, whose key may hold its place. */
function each({ events = [] }: Ask, key: (place: number) => string): string[] {
  return events.map((event, n) => `${key(n)}=${formText(event)}`)
}

const repeated = (ask: Ask) => each(ask, () => 'events')
const joined = ({ events = [] }: Ask) => `events=${formText(events.join(','))}`
const tenUnlessSaid = (ask: Ask): Ask => ({ limit: 10, ...ask })

const clients: readonly Client[] = [
  {
    name: 'Go, up to 6',
    headers: { ...json, ...gzip, 'User-Agent': 'workos-go/v6.5.0' },
    pieces: (ask) => [...repeated(ask), ...others(tenUnlessSaid(ask))].toSorted(),
    rule: untilShort,
  },
  {
    name: 'Go, 7 and later',
    headers: { ...json, ...gzip, 'User-Agent': 'workos-go/v10.1.1' },
    time: (minute) => `2026-03-01T10:${minute}:00+00:00`,
    pieces: (ask) => [...repeated(ask), ...others(tenUnlessSaid(ask)), desc].toSorted(),
    rule: untilNullOrNothing,
  },
  {
    name: 'Python, up to 4',
    headers: { ...python, 'User-Agent': 'WorkOS Python/3.11.2 Python SDK/4.16.0', Accept: '*/*' },
    pieces: (ask) => [...repeated(ask), ...others(ask)],
    rule: untilFalsy,
  },
  {
    name: 'Python 5',
    headers: { ...python, 'User-Agent': 'WorkOS Python/3.11.2 Python SDK/5.46.0' },
    pieces: (ask) => [...repeated(ask), ...others(tenUnlessSaid(ask))],
    turn: (ask) => ({ ...ask, limit: 10 }),
    rule: untilNull,
  },
  {
    name: 'Python, 6 and later',
    headers: { ...python, 'User-Agent': 'WorkOS Python/3.11.2 Python SDK/10.2.0', Accept: '*/*' },
    pieces: (ask) => [...others(ask), desc, joined(ask)],
    rule: untilNullOrNothing,
  },
  {
    name: 'Ruby, up to 6',
    headers: { ...ruby, ...json, 'User-Agent': 'WorkOS; ruby/3.1.2; x86_64-linux-gnu; v5.31.1' },
    // What is nil is a key without a value.
    pieces: (ask) => [...repeated(ask), ...others(ask), ...names.filter((name) => !ask[name])],
    rule: untilNothing,
  },
  {
    name: 'Ruby, 7 and later',
    headers: { ...ruby, 'User-Agent': 'WorkOS; ruby/3.3.0; x86_64-linux-gnu; v10.2.1' },
    // An empty list leaves its `&` behind.
    pieces: (ask) => [...others(tenUnlessSaid(ask)), desc, repeated(ask).join('&')],
    rule: untilNullOrNothing,
  },
  {
    name: 'PHP, 5 and later',
    headers: { ...json, 'User-Agent': 'WorkOS PHP/9.0.0' },
    pieces: (ask) => [...others(ask, rfc3986Text), desc, ...each(ask, (n) => `events%5B${n}%5D`)],
    rule: untilNullOrNothing,
  },
  {
    name: '.NET, 3 and later',
    headers: gzip,
    // Brackets and colons go out as they are; so does the `+` of a zone, which forms read as a blank.
    time: (minute) => `2026-03-01T12:${minute}:00+02:00`,
    pieces: (ask) => [...others(ask, (text) => text), ...each(ask, () => 'events[]')],
    rule: untilFalsy,
  },
  {
    name: 'Kotlin',
    headers: gzip,
    // Seconds that are zero are left out.
    time: (minute) => `2026-03-01T10:${minute}Z`,
    pieces: (ask) => [joined(ask), ...others(ask, rfc3986Text)],
    rule: untilNull,
  },
  {
    name: 'Elixir',
    headers: {},
    pieces: (ask) => [...each(ask, () => 'events%5B%5D'), ...others(ask)],
    rule: untilShort,
  },
]

function send({ headers, pieces }: Client, { url, key }: Workspace, ask: Ask): Promise<RawAnswer> {
  const query = pieces(ask).join('&')
  return sendRaw(`${url}/events?${query}`, { Authorization: `Bearer ${key}`, ...headers })
}

/** A list as all of them can decode it. */
function decode(answer: RawAnswer): Page {
  assert.equal(answer.status, 200, answer.body)
  const { object, data, list_metadata: metadata, ...more } = objectOf(answer)
  assert.deepEqual([object, more], ['list', {}])
  assert.match(String(answer.headers['x-request-id']), /^[0-9a-f-]{36}$/)
  assert.ok(Array.isArray(data))
  const events = data.map(asObject)
  for (const event of events) {
    assert.equal(event['object'], 'event')
    assert.match(String(event['id']), /^event_[0-9A-HJKMNP-TV-Z]{26}$/)
    assert.ok(typeof event['event'] === 'string' && event['event'] !== '')
    assert.match(String(event['created_at']), rfc3339)
    asObject(event['data'])
    asObject(event['context'] ?? {})
  }
  const ids = events.map(({ id }) => String(id))
  const { after } = asObject(metadata)
  // A text must be one to go on with: some take the empty one for "there is more" (contract, trap 4).
  assert.ok(after === null || /^event_./.test(String(after)), `after is ${String(after)}`)
  return { ids, after: after as string | null }
}

/** All ids that a loop gathers, which must increase as texts: that is how pollers tell newer from older. */
async function walk(client: Client, workspace: Workspace, ask: Ask, rule: Rule): Promise<string[]> {
  const ids: string[] = []
  let next: Ask | undefined = ask
  while (next !== undefined) {
    const page = decode(await send(client, workspace, next))
    assert.ok(page.ids.length <= (next.limit ?? 10))
    ids.push(...page.ids)
    assert.deepEqual(ids.toSorted(), ids)
    assert.equal(new Set(ids).size, ids.length, 'an event came twice')
    const after = rule(page, next.limit ?? 10)
    next = after === undefined ? undefined : { ...(client.turn?.(next) ?? next), after }
  }
  return ids
}

let server: TestServer
before(async () => {
  server = await TestServer.start()
})
after(() => server.close())

describe('Of 1080 events among others', () => {
  const types = ['connection.activated', 'connection.deactivated'] as const
  const foreign = { ...connection, organization_id: 'org_OTHER' }
  const events = Array.from({ length: 1560 }, (_, n) => {
    if (n % 8 === 3) return workosEvent(n, 'user.created', user)
    return workosEvent(n, types[n % 2]!, n % 8 === 6 ? foreign : connection)
  })
  // From 10:01 to 10:25: the nth is n seconds after 10:00.
  const wanted = events.slice(60, 1500).filter((_, n) => ![3, 6].includes((n + 60) % 8))
  const ids = wanted.map(({ id }) => id)
  const firstTen = events.slice(0, 10).map(({ id }) => id)
  let workspace: Workspace
  before(async () => {
    workspace = server.newWorkspace()
    await putIn('workos', workspace, events.slice(0, 900))
    await putIn('workos', workspace, events.slice(900))
  })

  function askOf({ time = (minute) => `2026-03-01T10:${minute}:00.000Z` }: Client): Ask {
    const organization = { organization_id: 'org_01PEAR' }
    return { events: types, range_start: time('01'), range_end: time('25'), ...organization }
  }

  for (const client of clients) {
    describe(client.name, () => {
      test('finds each once, and stops by its own rule', async () => {
        const ask = { ...askOf(client), limit: 40 }
        assert.deepEqual(await walk(client, workspace, ask, client.rule), ids)
      })

      // All pages are full, so the second rule needs one more, which is empty.
      for (const [how, rule] of [
        ['there is no after', untilFalsy],
        ['a page is short', untilShort],
      ] as const) {
        test(`finds each once in a loop until ${how}`, async () => {
          const ask = { ...askOf(client), limit: 90 }
          const all = { ...client, turn: (ask: Ask) => ask }
          assert.deepEqual(await walk(all, workspace, ask, rule), ids)
        })
      }

      test('gets ten where it says no limit, and none where there are none', async () => {
        const first = decode(await send(client, workspace, askOf(client)))
        assert.deepEqual(first, { ids: ids.slice(0, 10), after: ids[9] })
        const none = { ...askOf(client), events: ['dsync.deleted'] }
        assert.deepEqual(decode(await send(client, workspace, none)), { ids: [], after: null })
      })

      test('gets all that there are where it names none', async () => {
        const { ids } = decode(await send(client, workspace, { events: [] }))
        assert.deepEqual(ids, firstTen)
      })
    })
  }

  const [first] = wanted
  const spellings = [
    '2026-03-01',
    '2026-03-01T10:01',
    '2026-03-01T10:01:00.000000000Z',
    '2026-03-01T12:01:00%2B02:00',
    '2026-03-01T12:01:00+02:00',
    '2026-03-01%2010:01:00Z',
    '2026-03-01+10:01:00.000',
  ]
  for (const time of spellings) {
    test(`range_start=${time} is a time`, async () => {
      const query = `events=${types.join()}&&limit=1&range_start=${time}&after&before=&`
      const authorization = `Bearer ${workspace.key}`
      const answer = await sendRaw(`${workspace.url}/events?${query}`, { authorization })
      assert.deepEqual(decode(answer).ids, [time.length === 10 ? events[0]!.id : first!.id])
    })
  }
})

test('Events that came in by another door can be decoded and walked through, too', async () => {
  const workspace = server.newWorkspace()
  const payloads = [undefined, null, 7, 'text', [1, [2]], { id: 7 }, {}, true]
  const times = [undefined, '2026-03-01T10:00:00.123456789+05:30', '1969-12-31T23:59:59Z']
  const events = Array.from({ length: 1000 }, (_, n) => ({
    specversion: '1.0',
    source: '/shop',
    id: `order ${n}/ü`,
    type: `order.paid, ${n % 3}`,
    time: times[n % times.length],
    data: payloads[n % payloads.length],
  }))
  await putIn('native', workspace, events)
  for (const client of clients.filter(({ rule }) => rule === untilNullOrNothing)) {
    assert.equal((await walk(client, workspace, { limit: 100 }, client.rule)).length, 1000)
  }
})

describe('A refusal', () => {
  let limited: LimitedServer
  before(async () => {
    limited = await startLimited({ workos: { strict: true } })
  })
  after(() => limited.close())

  const events = ['user.created']
  const stranger = { events, organization_id: 'org_X' }
  const invalid = { status: 400, code: 'invalid_events_request' }
  const tooMany = { status: 429, code: 'rate_limit_exceeded', says: /^Too many requests\.$/ }
  const cases: { of: string; ask: Ask; status: number; code?: string; says: RegExp }[] = [
    { of: 'no names', ask: {}, ...invalid, says: /^One or more event names \(/ },
    { of: 'an unknown name', ask: { events: ['x'] }, ...invalid, says: /^Invalid name .* 'x'\. / },
    { of: 'an unknown organization', ask: stranger, status: 400, says: /^Organ.*'org_X'\.$/ },
    { of: 'a cursor that is none', ask: { events, after: 'x' }, ...invalid, says: /'x'/ },
    { of: 'a time that is none', ask: { events, range_end: 'x' }, ...invalid, says: /range_end/ },
    { of: 'a limit of 101', ask: { events, limit: 101 }, status: 422, says: /^Validation f/ },
    { of: 'an unknown key', ask: { events }, status: 401, says: /^Unauthorized$/ },
    { of: 'one request too many', ask: { events }, ...tooMany },
  ]
  for (const { of, ask, status, code, says } of cases) {
    test(`of ${of} is a ${status} that each of them reads`, async () => {
      const { settled, hurried } = limited
      const workspace = status === 401 ? { ...settled, key: 'sk_wrong' } : settled
      for (const client of clients) {
        const answer = await send(client, status === 429 ? hurried : workspace, ask)
        assert.equal(answer.status, status, client.name)
        checkError(answer, code, says)
      }
    })
  }

  // Other fields would change what it is to some: `error` a failure of OAuth, other codes one of signing in;
  // `errors` are fields and codes to old Go and Ruby at 422, and something else otherwise (contract 2).
  function checkError(answer: RawAnswer, code: string | undefined, says: RegExp): void {
    const { message, errors, ...more } = objectOf(answer)
    assert.match(String(message), says)
    assert.deepEqual(more, code === undefined ? {} : { code })
    assert.match(String(answer.headers['x-request-id']), /^[0-9a-f-]{36}$/)
    const retryAfter = answer.headers['retry-after'] ?? 'none'
    assert.match(retryAfter, answer.status === 429 ? /^[1-9]\d*$/ : /^none$/)
    if (answer.status !== 422) return assert.equal(errors, undefined)
    assert.ok(Array.isArray(errors))
    const [{ code: why, field, ...rest }, ...others] = errors.map(asObject) as [Fields]
    assert.deepEqual([typeof why, field, rest, others], ['string', 'limit', {}, []])
  }

  test('of a path that is nothing is a 404', async () => {
    const { url } = limited.settled
    const answer = await sendRaw(`${url}/workos/none`, { Authorization: 'Bearer development' })
    assert.deepEqual([answer.status, objectOf(answer)], [404, { message: 'Not Found' }])
  })
})
