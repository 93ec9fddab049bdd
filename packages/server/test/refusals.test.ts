import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { FastifyInstance, InjectOptions } from 'fastify'
import type { Keys } from '../src/core/access.ts'
import { EventwellError } from '../src/core/errors.ts'
import { EventLog } from '../src/core/log.ts'
import { defaultLimits } from '../src/core/limits.ts'
import { dialects } from '../src/dialects.ts'
import { createApp } from '../src/http/app.ts'
import { withDevelopmentKey } from '../src/keys/development-key.ts'
import { openMemoryStore } from '../src/stores/memory/index.ts'

// Every refusal, in the envelope that its vendor's clients read: status and body. Nothing of a refused
// request may be stored.

const keys: Keys = {
  authenticate(key) {
    const access = { workspace: 'default', isDevelopment: false }
    if (key === 'writer') return { ...access, scopes: ['write'] }
    if (key === 'reader') return { ...access, scopes: ['read'] }
    return key === 'both' ? { ...access, scopes: ['read', 'write'] } : undefined
  },
}
const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
const large = `[{"x":"${'x'.repeat(7000)}"}]`

const cliEvent = {
  id: 'ok',
  execution_id: 'x',
  workspace_id: 'default',
  speakeasy_api_key_name: '',
  interaction_type: 'RUN',
  local_started_at: '2026-03-01T10:00:00Z',
  created_at: '2026-03-01T10:00:00Z',
  speakeasy_version: '1',
  success: true,
}
const agentEvent = { id: 'ok', system: 'h', 'agent-id': 'a', timestamp: '2026-03-01T10:00:00Z' }
const workosEvent = {
  id: 'event_1',
  event: 'order.paid',
  created_at: '2026-03-01T10:00:00Z',
  data: {},
}
const webexEvent = {
  id: 'ok',
  resource: 'messages',
  type: 'created',
  actorId: 'p',
  created: '2026-03-01T10:00:00Z',
  data: {},
}
const cloudEvent = { specversion: '1.0', id: 'ok', source: '/s', type: 't' }

type Case = readonly [name: string, request: InjectOptions, status: number, body: unknown]

const speakeasyPost = (payload: string | object, headers: object = { 'x-api-key': 'both' }) => ({
  method: 'POST' as const,
  url: '/v1/workspace/default/events',
  headers: { ...headers },
  payload,
})
const speakeasy = (status: number, message: RegExp) => ({ message, status_code: status })

const agentPut = (payload: string | object, token?: string) => ({
  method: 'PUT' as const,
  url: '/events',
  headers: token === undefined ? {} : { 'logspace.space-token': token },
  payload,
})

const get = (url: string, headers: object = bearer('both')) => ({
  method: 'GET' as const,
  url,
  headers: { ...headers },
})
const post = (url: string, payload: string | object, headers: object = bearer('both')) => ({
  method: 'POST' as const,
  url,
  headers: { ...headers },
  payload,
})

const webex = (message: RegExp | string) => ({
  message,
  errors: [{ description: message }],
  trackingId: /^ROUTER_[0-9A-F-]{36}$/,
})
const problem = (status: number, code: string, detail: RegExp, rest: object = {}) => ({
  type: `/eventwell/docs#error-${code}`,
  title: code.replaceAll('_', ' '),
  status,
  detail,
  instance: /^urn:uuid:/,
  code,
  ...rest,
})

const cases: Readonly<Record<string, readonly Case[]>> = {
  speakeasy: [
    ['no key', speakeasyPost([cliEvent], {}), 401, speakeasy(401, /no key/)],
    [
      'an unknown key',
      speakeasyPost([cliEvent], { 'x-api-key': 'no' }),
      401,
      speakeasy(401, /not known/),
    ],
    [
      'a key that may not write',
      speakeasyPost([cliEvent], bearer('reader')),
      403,
      speakeasy(403, /"write"/),
    ],
    [
      'another workspace',
      { ...speakeasyPost([cliEvent]), url: '/speakeasy/v1/workspace/other/events' },
      403,
      speakeasy(403, /not valid for the workspace other/),
    ],
    [
      'a workspace that the client forgot to fill in',
      { ...speakeasyPost([cliEvent]), url: '/v1/workspace/%7Bworkspace_id%7D/events' },
      404,
      speakeasy(404, /set its workspace id/),
    ],
    [
      'a content type that is none',
      speakeasyPost('[', { 'x-api-key': 'both', 'content-type': 'a b; c' }),
      400,
      speakeasy(400, /not valid JSON/),
    ],
    ['broken JSON', speakeasyPost('[{"id":'), 400, speakeasy(400, /not valid JSON/)],
    ['an empty body', speakeasyPost(''), 400, speakeasy(400, /empty/)],
    ['null', speakeasyPost('null'), 400, speakeasy(400, /array/)],
    [
      'one bad event among good ones',
      speakeasyPost([cliEvent, { ...cliEvent, id: 'b', interaction_type: 'NOPE' }]),
      400,
      speakeasy(400, /^\[1\]\.interaction_type must be one of .*"NOPE"/),
    ],
    ['a body over the limit', speakeasyPost(large), 413, speakeasy(413, /too large/)],
    [
      'a compressed body',
      speakeasyPost([cliEvent], { 'x-api-key': 'both', 'content-encoding': 'gzip' }),
      415,
      speakeasy(415, /Content-Encoding/),
    ],
    ['a bad limit', get('/v1/workspace/default/events?limit=0'), 400, speakeasy(400, /limit/)],
    [
      'a key that may not read',
      get('/v1/workspace/default/events', bearer('writer')),
      403,
      speakeasy(403, /"read"/),
    ],
  ],
  logspace: [
    [
      'no token',
      agentPut([agentEvent]),
      403,
      { type: 'MISSING_SPACE_TOKEN', message: "Missing header 'logspace.space-token'." },
    ],
    [
      'a blank token',
      agentPut([agentEvent], ' '),
      403,
      { type: 'MISSING_SPACE_TOKEN', message: "Missing header 'logspace.space-token'." },
    ],
    [
      'an unknown token, even with a bad body',
      agentPut('junk', 'nope'),
      403,
      {
        type: 'INVALID_SPACE_TOKEN',
        message: "Unrecognized space-token 'nope'.",
        parameters: { 'space-token': 'nope' },
      },
    ],
    [
      'a token that may not write',
      agentPut([agentEvent], 'reader'),
      403,
      { type: 'FORBIDDEN', message: /"write"/, parameters: {} },
    ],
    [
      'broken JSON',
      agentPut('[{]', 'both'),
      400,
      { type: 'INVALID_JSON', message: /Line 1, column 3/, parameters: {} },
    ],
    [
      'one bad event among good ones',
      agentPut([agentEvent, { ...agentEvent, id: 'b', timestamp: 'soon' }], 'both'),
      400,
      {
        type: 'INVALID_EVENT',
        message: /^\[1\]\.timestamp must/,
        parameters: { index: 1, field: 'timestamp' },
      },
    ],
    [
      'a body over the limit',
      agentPut(large, 'both'),
      413,
      { type: 'TOO_LARGE', message: /too large/, parameters: {} },
    ],
  ],
  workos: [
    ['no key', get('/events', {}), 401, { message: 'Unauthorized' }],
    ['an unknown key', get('/workos/events', bearer('no')), 401, { message: 'Unauthorized' }],
    [
      'a key that may not read',
      get('/events', bearer('writer')),
      403,
      { message: /"read"/, code: 'forbidden' },
    ],
    [
      'a limit out of range',
      get('/events?limit=101'),
      422,
      { message: 'Validation failed.', errors: [{ code: /1 to 100/, field: 'limit' }] },
    ],
    [
      'a range that is none',
      get('/events?range_start=soon'),
      400,
      { message: /^range_start must/, code: 'invalid_events_request' },
    ],
    [
      'a cursor from nowhere',
      get('/events?after=event_00000000000000000000000007'),
      400,
      { message: /event_00000000000000000000000007/, code: 'invalid_events_request' },
    ],
    [
      'a cursor that is no id',
      get('/events?after=1'),
      400,
      { message: /'1'/, code: 'invalid_events_request' },
    ],
    [
      'an id with a blank',
      post('/workos/events', { ...workosEvent, id: 'event_1 ' }),
      400,
      { message: /^\[0\]\.id must begin .* no blanks/, code: 'invalid_event' },
    ],
    [
      'an id under which an event may come to be seen',
      post('/workos/events', { ...workosEvent, id: 'event_7ZZZZZZZZZ0000000000000009' }),
      400,
      { message: /^\[0\]\.id is one under which another event/, code: 'invalid_event' },
    ],
    [
      'a context that is text',
      post('/workos/events', { ...workosEvent, context: 'c' }),
      400,
      { message: /^\[0\]\.context must be an object/, code: 'invalid_event' },
    ],
    [
      'a check that is none',
      post('/workos/events?check=maybe', workosEvent),
      400,
      { message: /^check must be on or off/, code: 'invalid_events_request' },
    ],
    [
      'one bad event among good ones',
      post('/workos/events', [workosEvent, { ...workosEvent, id: 'event_2', data: 7 }]),
      400,
      { message: /^\[1\]\.data must/, code: 'invalid_event' },
    ],
    [
      'broken JSON',
      post('/workos/events', '{'),
      400,
      { message: /not valid JSON/, code: 'invalid_json' },
    ],
    [
      'a body over the limit',
      post('/workos/events', large),
      413,
      { message: /too large/, code: 'too_large' },
    ],
  ],
  webex: [
    ['no token', get('/v1/events', {}), 401, webex(/^The request requires a valid access token/)],
    ['an unknown token', get('/v1/events/x', bearer('no')), 401, webex(/valid access token/)],
    ['a token that may not read', get('/webex/v1/events', bearer('writer')), 403, webex(/"read"/)],
    ['a bad max', get('/v1/events?max=0'), 400, webex(/^max must/)],
    ['a bad time', get('/v1/events?from=soon'), 400, webex(/^from must/)],
    [
      'a cursor from nowhere',
      get('/v1/events?cursor=1&from=2026-01-01T00:00:00Z'),
      400,
      webex(/not a cursor/),
    ],
    ['an unknown id', get('/v1/events/invalid-event-id'), 404, webex(/no such event/)],
    [
      'one bad event among good ones',
      post('/webex/v1/events', [webexEvent, { ...webexEvent, id: 'b', data: null }]),
      400,
      webex(/^\[1\]\.data must/),
    ],
    ...[
      ['a list', []],
      ['text for an error', { roomId: 'no' }],
      ['a number for a code', { roomId: { code: 5, reason: 'x' } }],
    ].map(([what, errors]): Case => {
      const event = { ...webexEvent, errors }
      return [`errors with ${String(what)}`, post('/webex/v1/events', event), 400, webex(/errors/)]
    }),
    [
      'an appId in another spelling',
      post('/webex/v1/events', { ...webexEvent, AppId: 'x' }),
      400,
      webex(/^\[0\]\.AppId must be spelled appId/),
    ],
    [
      'an appId that is a number',
      post('/webex/v1/events', { ...webexEvent, appId: 5 }),
      400,
      webex(/^\[0\]\.appId must be a string/),
    ],
    ['a hasAttachments that is none', get('/v1/events?hasAttachments=7'), 400, webex(/^has/)],
    ['another service', get('/v1/events?serviceType=meetings'), 400, webex(/^serviceType/)],
    ['broken JSON', post('/webex/v1/events', '['), 400, webex(/not valid JSON/)],
    ['a body over the limit', post('/webex/v1/events', large), 413, webex(/too large/)],
  ],
  native: [
    ['no key', get('/eventwell/events', {}), 401, problem(401, 'unauthorized', /no key/)],
    [
      'an unknown key',
      get('/eventwell/events', bearer('no')),
      401,
      problem(401, 'unauthorized', /not known/),
    ],
    [
      'a key that may not write',
      post('/eventwell/events', [], bearer('reader')),
      403,
      problem(403, 'forbidden', /write/),
    ],
    [
      'one bad event among good ones',
      post('/eventwell/events', [cloudEvent, { ...cloudEvent, id: 'b', time: 'soon' }]),
      400,
      problem(400, 'invalid_event', /time must be/, {
        errors: [{ index: 1, pointer: '/1/time', detail: /time must be/ }],
      }),
    ],
    [
      'broken JSON',
      post('/eventwell/events', '{"a"'),
      400,
      problem(400, 'invalid_json', /not valid JSON/),
    ],
    [
      'bytes that are no text',
      post('/eventwell/events', Buffer.from([0xff])),
      400,
      problem(400, 'invalid_json', /UTF-8/),
    ],
    [
      'a body over the limit',
      post('/eventwell/events', large),
      413,
      problem(413, 'too_large', /too large/),
    ],
    [
      'an unknown parameter',
      get('/eventwell/events?color=red'),
      400,
      problem(400, 'invalid_query', /no parameter color/, { parameter: 'color' }),
    ],
    [
      'a cursor from nowhere',
      get('/eventwell/events?after=abc'),
      400,
      problem(400, 'invalid_cursor', /not a cursor/),
    ],
  ],
}

describe('refusals', () => {
  let app: FastifyInstance
  const log = new EventLog(openMemoryStore(), {
    ...defaultLimits,
    bodyBytesMax: 6000,
    largeBodyBytesMax: 6500,
  })

  before(async () => {
    app = createApp({ log, keys, dialects })
    await app.ready()
  })
  after(() => app.close())

  for (const [dialect, table] of Object.entries(cases)) {
    describe(dialect, () => {
      for (const [name, request, status, body] of table) {
        it(`${name}: ${status}`, async () => {
          const answer = await app.inject(request)
          assert.equal(answer.statusCode, status, answer.body)
          assertLike(answer.json(), body)
          assert.match(String(answer.headers['content-type']), /^application\/(problem\+)?json/)
          assert.equal((await log.state('default')).head, 0, 'nothing may be stored')
        })
      }
    })
  }

  it('a route that is not there: 404 with the keys that each vendor’s clients read', async () => {
    const answer = await app.inject(get('/nowhere?secret=1'))
    assert.equal(answer.statusCode, 404)
    assert.equal(answer.headers['trackingid'], answer.json().trackingId)
    assert.match(String(answer.headers['x-request-id']), /^[0-9a-f-]{36}$/)
    const message = 'There is nothing at GET /nowhere.'
    assertLike(answer.json(), {
      type: 'NOT_FOUND',
      title: 'not found',
      status: 404,
      detail: message,
      code: 'not_found',
      message,
      status_code: 404,
      errors: [{ description: message }],
      trackingId: /^ROUTER_/,
    })
  })

  it('the development key is refused to a page whose host name was made to point here', async () => {
    const development = withDevelopmentKey(keys)
    const other = createApp({ log, keys: development, dialects })
    const headers = bearer('development')
    for (const [host, status] of [
      ['127.0.0.1:4567', 200],
      ['localhost', 200],
      ['[::1]:4567', 200],
      ['evil.example', 403],
      ['127.0.0.1.evil.example:4567', 403],
    ] as const) {
      const answer = await other.inject(get('/eventwell/events', { ...headers, host }))
      assert.equal(answer.statusCode, status, host)
    }
    for (const name of ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip']) {
      const sent = { ...headers, host: 'localhost', [name]: 'for=192.0.2.1' }
      const answer = await other.inject(get('/eventwell/events', sent))
      assert.equal(answer.statusCode, 403, 'a proxy may let anyone in')
    }
    await other.close()
  })

  it('health is 503 with the reason while nothing can be written', async () => {
    const memory = openMemoryStore()
    for (const [thrown, reason] of [
      [new EventwellError('storage_full', 'Less than 256 MiB are free.'), /256 MiB/],
      [new Error('SQLITE_CORRUPT at line 7'), /The last write failed; see the log/],
    ] as const) {
      const ready = () => Promise.reject(thrown)
      const other = createApp({ log: new EventLog({ ...memory, ready }), keys, dialects })
      const answer = await other.inject('/healthz')
      assert.equal(answer.statusCode, 503)
      assert.match(answer.json().reason, reason)
      await other.close()
    }
    assert.deepEqual((await app.inject('/healthz')).json(), { status: 'ok' })
  })

  it('Speakeasy’s search refuses a limit that does not fit, and shows the newest without one', async () => {
    const own = new EventLog(openMemoryStore(), { ...defaultLimits, pageCharsMax: 500 })
    const other = createApp({ log: own, keys, dialects })
    for (const id of ['e1', 'e2', 'e3']) {
      await other.inject(speakeasyPost([{ ...cliEvent, id, error: 'x'.repeat(200) }]))
    }
    const search = '/v1/workspace/default/events'
    const refused = await other.inject(get(`${search}?limit=3`))
    assert.equal(refused.statusCode, 413)
    const fits = /limit=(\d)/.exec(refused.json().message)![1]!
    assert.equal((await other.inject(get(`${search}?limit=${fits}`))).statusCode, 200)
    const newest = await other.inject(get(search))
    assert.deepEqual(
      newest.json().map(({ id }: { id: string }) => id),
      ['e3', 'e2', 'e1'].slice(0, Number(fits)),
    )
    await other.close()
  })

  it('an id under which another event is seen is refused by WorkOS and Webex', async () => {
    const own = new EventLog(openMemoryStore())
    const other = createApp({ log: own, keys, dialects })
    await other.inject(post('/eventwell/events', [cloudEvent]))
    const seenByWorkos = (await other.inject(get('/events'))).json().data[0].id
    const seenByWebex = (await other.inject(get('/v1/events'))).json().items[0].id
    for (const [url, event] of [
      ['/workos/events', { ...workosEvent, id: seenByWorkos }],
      ['/webex/v1/events', { ...webexEvent, id: seenByWebex }],
    ] as const) {
      const answer = await other.inject(post(url, event))
      assert.equal(answer.statusCode, 400, answer.body)
      assert.match(answer.json().message, /^\[0\]\.id is/)
    }
    assert.equal((await own.state('default')).head, 1)
    await other.close()
  })

  it('a conflict names each event, and nothing of the request is stored', async () => {
    const own = new EventLog(openMemoryStore())
    const other = createApp({ log: own, keys, dialects })
    await other.inject(post('/eventwell/events', [cloudEvent]))
    const changed = { ...cloudEvent, data: 1 }
    const batch = [{ ...cloudEvent, id: 'new' }, changed]
    const answer = await other.inject(post('/eventwell/events', batch))
    assert.equal(answer.statusCode, 409)
    assertLike(
      answer.json(),
      problem(409, 'conflict', /other content/, {
        errors: [{ index: 1, pointer: '/1/id', detail: /other content/ }],
      }),
    )
    assert.equal((await own.state('default')).head, 1)
    await other.close()
  })
})

/** Equal, where a regular expression stands for any text that it matches. */
function assertLike(actual: unknown, expected: unknown): void {
  if (expected instanceof RegExp) return assert.match(String(actual), expected)
  if (typeof expected !== 'object' || expected === null) return assert.equal(actual, expected)
  assert.deepEqual(Object.keys(actual as object).toSorted(), Object.keys(expected).toSorted())
  for (const [name, value] of Object.entries(expected)) {
    assertLike((actual as Record<string, unknown>)[name], value)
  }
}
