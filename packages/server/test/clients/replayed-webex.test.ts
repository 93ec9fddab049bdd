import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { putIn } from './doors.ts'
import { startLimited, type LimitedServer } from './limited-server.ts'
import {
  asObject,
  formText,
  objectOf,
  rfc3339,
  sendRaw,
  type Fields,
  type RawAnswer,
} from './raw-request.ts'
import { TestServer, type Workspace } from './test-server.ts'
import {
  nextOfGo,
  nextOfPage,
  nextOfRequests,
  nextOfSparky,
  nextOfTwoParts,
  rewritten,
  type Query,
} from './webex-links.ts'

// Webex's clients that npm does not have, and the scripts: the requests that they send, how each finds the
// next page in the `Link` header (contract 1.7), and what they decode strictly (contract 3.3, 4).

interface Client {
  readonly name: string
  readonly headers: Readonly<Record<string, string>>
  /** The address of the next page; undefined where this client sees none. */
  next(link: string, query: Query): string | undefined
}

const json = { 'Content-Type': 'application/json' }
const requests = { 'Accept-Encoding': 'gzip, deflate', Accept: '*/*' }
const python = { ...requests, 'Content-type': 'application/json;charset=utf-8' }
const js = { accept: 'application/json', 'cisco-no-http-redirect': 'true' }
const go = { ...json, 'User-Agent': 'Go-http-client/1.1', 'Accept-Encoding': 'gzip' }

const clients: readonly Client[] = [
  { name: 'Go SDK', headers: go, next: nextOfGo },
  {
    name: 'Python SDK',
    headers: { ...python, 'User-Agent': 'WebexPythonSDK/2.0.5 {"implementation": {"name": "x"}}' },
    next: (link, query) => rewritten(nextOfRequests(link), query),
  },
  { name: 'JS core', headers: { ...js, trackingid: 'webex-js-sdk_4a1c_7' }, next: nextOfPage },
  { name: 'node-sparky', headers: { ...json, 'Content-Length': '0' }, next: nextOfSparky },
  { name: 'wxc_sdk', headers: { ...requests, TrackingID: 'SIMPLE_4a1c' }, next: nextOfRequests },
  { name: 'Splunk add-on', headers: requests, next: (link) => /<([^>]+)>;/.exec(link)?.[1] },
  { name: 'Glean', headers: requests, next: (link) => /<([^>]+)>;\s*rel="?next"?/.exec(link)?.[1] },
  { name: 'a script that splits', headers: python, next: nextOfTwoParts },
  { name: 'a script that cuts', headers: {}, next: (link) => link.slice(1).split('>; rel=')[0] },
]

function queryText(query: Query): string {
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${formText(value)}`)
  return pairs.toSorted().join('&')
}

function get({ key }: Workspace, address: string, headers: Client['headers'] = {}) {
  return sendRaw(address, { Authorization: `Bearer ${key}`, ...headers })
}

/** The tracking id that an answer has: the one that was sent, or else one of ours. */
function trackingOf({ trackingid, TrackingID }: Client['headers']): RegExp {
  return new RegExp(`^${trackingid ?? TrackingID ?? 'ROUTER_[0-9A-F-]{36}'}$`)
}

/** The items of a page that every client can decode, and the header that leads on. */
function pageOf(answer: RawAnswer): { items: Fields[]; link: string | undefined } {
  assert.equal(answer.status, 200, answer.body)
  const { items, ...more } = objectOf(answer)
  const { link, trackingid } = answer.headers as { link?: string; trackingid?: string }
  assert.deepEqual([Array.isArray(items), more, typeof trackingid], [true, {}, 'string'])
  // One link, absolute, and nothing in its address that any of them takes for the end (contract 0.4).
  const spelling = /^<http:\/\/[\w.:]+\/[\w/]+\?[\w%&=.~-]+>; rel="next"$/
  if (link !== undefined) assert.match(link, spelling)
  return { items: (items as unknown[]).map(asObject), link }
}

/** All items that a client gathers; it stops where it sees no link. */
async function walk(client: Client, place: Workspace, path: string, query: Query) {
  const all: Fields[] = []
  let address: string | undefined = `${place.url}${path}?${queryText(query)}`
  for (;;) {
    const { items, link } = pageOf(await get(place, address, client.headers))
    assert.ok(items.length > 0, 'some stop at an empty page, whatever its header says')
    all.push(...items)
    assert.ok(all.length <= 2000, 'the pages do not end')
    if (link === undefined) return all
    address = client.next(link, query)
    assert.ok(address, `${client.name} does not understand ${link}`)
  }
}

let server: TestServer
before(async () => {
  server = await TestServer.start()
})
after(() => server.close())

const timeOf = (second: number) => new Date(Date.UTC(2026, 2, 1, 10, 0, second)).toISOString()

function webexEvent(n: number, more: Fields = {}): Fields {
  const ids = { id: `EVENT-${String(n).padStart(5, '0')}`, actorId: 'ada' }
  const data = { id: `m-${n}`, roomType: 'group', text: `Pear ${n}` }
  return { ...ids, resource: 'messages', type: 'created', created: timeOf(n), data, ...more }
}

const idsOf = (items: readonly Fields[]) => items.map(({ id }) => id)

// Go's SDK holds these in strings: one value of another type fails the whole page (contract 3.3).
const texts = (
  'id orgId roomId roomType text personId personEmail created meetingId creatorId ' +
  'transcriptionEnabled recordingEnabled hasPostMeetingsChat corelationId callType userId ' +
  'userType callDirection isCallAnswered callDurationSeconds callStartTime callAnswerTime ' +
  'callTransferTime callingNumber callingLineId calledNumber calledLineId dialedDigits ' +
  'callRedirectingNumber callRedirectedReason'
).split(' ')

/** Fails unless Go, Python, wxc_sdk and the others can decode an item. */
function decode(item: Fields): void {
  for (const name of ['id', 'resource', 'type', 'actorId', 'created']) {
    assert.ok(typeof item[name] === 'string' && item[name] !== '', name)
  }
  // Python's `%Y-%m-%dT%H:%M:%S.%fZ`, and Go's RFC 3339.
  assert.match(String(item['created']), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6}Z$/)
  assert.match(String(item['created']), rfc3339)
  assert.match(
    `${typeof item['appId']} ${typeof item['orgId']}`,
    /^(string|undefined) (string|undefined)$/,
  )
  const data = asObject(item['data'])
  for (const name of texts) {
    const value = data[name] ?? ''
    assert.equal(typeof value, 'string', `data.${name} is ${JSON.stringify(value)}`)
    // wxc_sdk fails on a time that is empty.
    if (name.endsWith('Time')) assert.notEqual(data[name], '', name)
  }
  for (const error of Object.values(asObject(item['errors'] ?? {}))) {
    const { code, reason } = asObject(error)
    assert.deepEqual([typeof code, typeof reason], ['string', 'string'])
  }
}

describe('Of 1100 events among others', () => {
  const awkward = `a<b>; rel="prev", c d&e=f+g%20h?#i'(j)*!k\\l|m/n~ü界[]{}^\``
  const own = { resource: `my ${awkward}`, type: awkward, actorId: awkward }
  // Three of one millisecond each, so that pages are split between events of the same time.
  const events = Array.from({ length: 1340 }, (_, n) => {
    // Each of the others differs in one of the three filters.
    const other = n % 6 === 5 && { [Object.keys(own)[Math.floor(n / 6) % 3]!]: 'other' }
    return webexEvent(n, { created: timeOf(Math.floor(n / 3)), ...own, ...other })
  })
  const wanted = idsOf(events.slice(9, 1329).filter((_, n) => (n + 9) % 6 !== 5))
  const range = { from: timeOf(3), to: timeOf(443) }
  let workspace: Workspace
  before(async () => {
    workspace = server.newWorkspace()
    await putIn('webex', workspace, events.slice(699))
    await putIn('webex', workspace, events.slice(0, 699))
  })

  for (const client of clients) {
    test(`${client.name} finds each once, whatever is in its filters`, async () => {
      const query = { ...own, ...range, max: '40', note: awkward }
      const items = await walk(client, workspace, '/v1/events', query)
      assert.deepEqual(idsOf(items), wanted)
      items.forEach(decode)
    })

    test(`${client.name} finds all, with nothing set`, async () => {
      const items = await walk(client, workspace, '/v1/events', {})
      assert.deepEqual(idsOf(items), idsOf(events))
    })
  }

  const from = `from=${formText(range.from)}`
  const spellings: [string, string, Client['headers']][] = [
    ['of a base that ends in a slash', `/v1//events?${from}&max=2`, go],
    ['with empty pieces', `/v1/events?&&${from}&&max=2&type&resource=&`, python],
    ['with + escaped', '/v1/events?from=2026-03-01T11%3A00%3A03%2B01%3A00&max=2', go],
    ['with + not escaped', '/v1/events?from=2026-03-01T11:00:03+01:00&max=2', {}],
    ['with six digits', '/v1/events?from=2026-03-01T10:00:03.000000Z&max=2', python],
    ['to a future time', `/v1/events?${from}&max=2&to=2999-01-01T00:00:00.000Z`, python],
    ['with values for all', `/v1/events?${from}&max=2&resource=all&type=all&unknown=1`, requests],
  ]
  for (const [how, path, headers] of spellings) {
    test(`a list ${how} is understood`, async () => {
      const { items } = pageOf(await get(workspace, workspace.url + path, headers))
      assert.deepEqual(idsOf(items), idsOf(events.slice(9, 11)))
    })
  }
})

describe('A collector that keeps the next address between its runs', () => {
  const feeds = [
    { path: '/v1/events', into: '/webex/v1/events', from: 'from', to: 'to', max: '500' },
    { path: '/v1/adminAudit/events', from: 'from', to: 'to', max: '200' },
    { path: '/v1/admin/securityAudit/events', from: 'startTime', to: 'endTime', max: '500' },
  ]
  for (const { path, into = `/webex${path}`, from, to, max } of feeds) {
    test(`finds each event of ${path} once, those that came in between, too`, async () => {
      const workspace = server.newWorkspace()
      // The audits cover a year at most, and these times are compared with the clock.
      const yesterdayMs = Date.now() - 86_400_000
      const events = Array.from({ length: 1203 }, (_, n) => {
        const created = new Date(yesterdayMs + n * 1000).toISOString()
        return webexEvent(n, { created, actorOrgId: 'org-1', data: { eventCategory: 'LOGINS' } })
      })
      await put(workspace, into, events.slice(0, 1200))
      let since = new Date(yesterdayMs - 1).toISOString()
      let next: string | undefined
      const found: unknown[] = []

      /** Follows links until it has enough; one that is left waits for the next run. */
      async function run(): Promise<void> {
        const query = { orgId: 'org-1', [from]: since, [to]: new Date().toISOString(), max }
        let address: string | undefined = next ?? `${workspace.url}${path}?${queryText(query)}`
        const items: Fields[] = []
        do {
          const page = pageOf(await get(workspace, address, requests))
          items.push(...page.items)
          address = page.link && nextOfRequests(page.link)
        } while (address !== undefined && items.length < 500)
        next = address
        const times = items.map(({ created }) => Date.parse(String(created)) + 1)
        since = new Date(Math.max(Date.parse(since), ...times)).toISOString()
        found.push(...idsOf(items))
      }

      await run()
      assert.ok(next !== undefined && found.length >= 500)
      await put(workspace, into, events.slice(1200))
      for (let runs = 0; runs < 3; runs += 1) await run()
      assert.equal(next, undefined)
      assert.deepEqual(found.toSorted(), idsOf(events))
    })
  }
})

describe('The admin audit, as the Python SDK asks for it', () => {
  const python = clients.find(({ name }) => name === 'Python SDK')!
  let workspace: Workspace
  const events = Array.from({ length: 1001 }, (_, n) =>
    webexEvent(n, { actorOrgId: 'org-1', data: { eventCategory: n % 2 ? 'LOGINS' : 'USERS' } }),
  )
  before(async () => {
    workspace = server.newWorkspace()
    await put(workspace, '/webex/v1/adminAudit/events', events)
  })

  const range = { from: timeOf(0), to: timeOf(1e6) }
  const users = events.filter((_, n) => n % 2 === 0)
  const cases: [Query, Fields[]][] = [
    [{ offset: '0' }, events],
    [{ offset: '250' }, events.slice(0, -250)],
    [{ offset: '0', eventCategories: 'logins,USERS' }, events],
    [{ offset: '3', eventCategories: 'USERS' }, users.slice(0, -3)],
  ]
  for (const [asked, found] of cases) {
    test(`is found from the newest on with ${queryText(asked)}`, async () => {
      const query = { orgId: 'org-1', ...range, max: '100', ...asked }
      const items = await walk(python, workspace, '/v1/adminAudit/events', query)
      assert.deepEqual(idsOf(items), idsOf(found.toReversed()))
    })
  }
})

describe('What an item holds', () => {
  const calls = { isCallAnswered: true, callDurationSeconds: 192, callTransferTime: '' }
  const payloads: [string, string, Fields][] = [
    ['memberships', 'created', { id: 'm', isModerator: false, created: timeOf(1) }],
    ['rooms', 'updated', { id: 'r', title: 'Pears', isLocked: true, lastActivity: timeOf(1) }],
    ['meetings', 'ended', { host: { id: 'a' }, attendees: [7, {}], recordingEnabled: 'no' }],
    ['files', 'read', { fileId: 'f', pageNumber: 7 }],
    ['call_records', 'created', { isCallAnswered: 'true', callDurationSeconds: '192' }],
    ['call_records', 'created', { corelationId: 'c', callAnswerTime: timeOf(1) }],
    ['attachmentActions', 'created', { inputs: { size: 7 }, messageId: 'm' }],
  ]
  let workspace: Workspace
  let items: readonly Fields[]
  before(async () => {
    workspace = server.newWorkspace()
    const errors = { title: { code: 'kms_failure', reason: 'No key.' } }
    const own = payloads.map(([resource, type, data], n) =>
      webexEvent(n, { resource, type, data, errors, orgId: 'org-1', appId: 'app-1' }),
    )
    await putIn('webex', workspace, own)
    const times = ['2026-03-01T12:00:00.123456789+02:00', '1969-12-31T23:59:59Z', undefined]
    const call = { specversion: '1.0', source: '/pbx', type: 'call_records.created', data: calls }
    const others = times.map((time, n) => Object.assign({ id: `${n}/ü`, time }, call))
    await putIn('native', workspace, others)
    items = pageOf(await get(workspace, `${workspace.url}/v1/events`, go)).items
  })

  test('can be decoded by all, whatever it tells of and wherever it came in', () => {
    assert.equal(items.length, payloads.length + 3)
    items.forEach(decode)
    const { data } = items.find(({ actorId }) => actorId === '/pbx')!
    assert.deepEqual(data, { isCallAnswered: 'true', callDurationSeconds: '192' })
  })

  test('is what its id alone gives, which goes into a path as it is', async () => {
    for (const item of items) {
      assert.match(String(item['id']), /^[\w=-]+$/)
      const answer = await get(workspace, `${workspace.url}/v1/events/${String(item['id'])}`, go)
      assert.deepEqual(objectOf(answer), item)
    }
  })
})

describe('A refusal', () => {
  let limited: LimitedServer
  before(async () => {
    limited = await startLimited({ webex: { windowDays: 90 } })
  })
  after(() => limited.close())

  const long = new Date(Date.now() - 91 * 86_400_000).toISOString()
  const cases: [of: string, path: string, status: number, says: RegExp][] = [
    ['an unknown key', '', 401, /^The request requires a valid access token set in the /],
    ['a from too long ago', `?from=${long}`, 403, /^User .* search within past 90 days\.$/],
    ['an id that is none', '/invalid-event-id', 404, /no such event/],
    ['a max of 0', '?max=0', 400, /max/],
    ['a max of null', '?max=null', 400, /max/],
    ['a time that is none', '?to=monday', 400, /to must be/],
    ['a cursor that was made up', `?cursor=1&from=${timeOf(0)}`, 400, /cursor/],
    ['a cursor that is empty', '?cursor=&max=7', 400, /cursor/],
    ['one request too many', '', 429, /^Too many requests\./],
    ['POST', '', 405, /^POST is not served here/],
    ['PUT', '', 405, /not served/],
    ['PATCH', '/EVENT-1', 405, /not served/],
    ['DELETE', '/EVENT-1', 405, /not served/],
  ]
  for (const [of, path, status, says] of cases) {
    test(`of ${of} is a ${status} that each of them reads`, async () => {
      const { url, key } = status === 429 ? limited.hurried : limited.settled
      const authorization = `Bearer ${status === 401 ? 'wrong' : key}`
      for (const { headers, name } of clients) {
        const sent = { authorization, ...headers }
        const method = status === 405 ? of : 'GET'
        const answer = await sendRaw(`${url}/v1/events${path}`, sent, method)
        assert.equal(answer.status, status, name)
        const { message, errors, trackingId, ...more } = objectOf(answer)
        assert.match(String(message), says)
        assert.deepEqual([errors, more], [[{ description: message }], {}])
        assert.match(String(trackingId), trackingOf(headers))
        assert.equal(answer.headers['trackingid'], trackingId)
        // Python takes it for an integer, and Go does nothing with one that is not above 0.
        const retryAfter = answer.headers['retry-after'] ?? 'none'
        assert.match(retryAfter, status === 429 ? /^[1-9]\d*$/ : /^none$/)
        if (status === 405) assert.equal(answer.headers['allow'], 'GET')
      }
    })
  }
})

async function put({ url, key }: Workspace, path: string, events: object[]): Promise<void> {
  const headers = { ...json, authorization: `Bearer ${key}` }
  const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(events) })
  assert.equal(answer.status, 200, await answer.text())
}
