import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, beforeEach, describe, it } from 'node:test'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import type { Keys, Scope } from '../src/core/access.ts'
import { EventLog } from '../src/core/log.ts'
import { ServerMetrics } from '../src/core/metrics/server-metrics.ts'
import { dialects } from '../src/dialects.ts'
import { createApp, type AppOptions } from '../src/http/app.ts'
import { withDevelopmentKey } from '../src/keys/development-key.ts'
import { KeyRing } from '../src/keys/key-ring.ts'
import { withRates } from '../src/keys/rates.ts'
import { startServer } from '../src/server.ts'
import { measured } from '../src/stores/measured.ts'
import { openMemoryStore } from '../src/stores/memory/index.ts'
import { doorRequests, keyHeaders } from './support/door-requests.ts'
import { temporaryFolder } from './support/folder.ts'
import { readMetrics, valueOf } from './support/metrics-text.ts'

// What every dialect does alike: rates and their headers, ids of requests, CORS, and what is counted.

const all: readonly Scope[] = ['read', 'write', 'erase', 'metrics']

/** A key is its workspace, and after a dot the one scope that it has: `w.read`. */
const everyKey: Keys = {
  authenticate(key) {
    const [workspace = '', scope] = key.split('.')
    const scopes = scope === undefined ? all : [scope as Scope]
    return workspace === 'unknown' ? undefined : { workspace, scopes, isDevelopment: false }
  },
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

let app: FastifyInstance
let metrics: ServerMetrics

function start(options: Partial<AppOptions> = {}): FastifyInstance {
  metrics = new ServerMetrics()
  const log = new EventLog(
    measured(
      openMemoryStore(),
      metrics,
      dialects.map(({ name }) => name),
    ),
  )
  app = createApp({ log, keys: everyKey, dialects, metrics, ...options })
  app.addHook('onClose', () => log.close())
  return app
}

const inject = (request: InjectOptions): Promise<LightMyRequestResponse> => app.inject(request)

/** Routes of every kind, with what a request to them is answered. */
const answers: readonly (readonly [name: string, request: InjectOptions, status: number])[] = [
  ['health', { url: '/healthz' }, 200],
  ['the page', { url: '/' }, 200],
  ['the metrics', { url: '/metrics', headers: bearer('w') }, 200],
  ['nothing', { url: '/nowhere' }, 404],
  ['an address that cannot be read', { url: '/v1/events/%zz' }, 400],
  ['a native list', { url: '/eventwell/events', headers: bearer('w') }, 200],
  ['a native route without a key', { url: '/eventwell/events' }, 401],
  ['nothing below the native API', { url: '/eventwell/nowhere' }, 404],
  ['a native refusal', { url: '/eventwell/events?colour=red', headers: bearer('w') }, 400],
  ['a list of WorkOS', { url: '/events', headers: bearer('w') }, 200],
  ['a refusal of WorkOS', { url: '/workos/events?limit=0', headers: bearer('w') }, 422],
  ['a list of Webex', { url: '/v1/events', headers: bearer('w') }, 200],
  ['another method of Webex', { method: 'PUT', url: '/v1/events', headers: bearer('w') }, 405],
  ['a search of Speakeasy', { url: '/v1/workspace/w/events', headers: bearer('w') }, 200],
  ['a refusal of Logspace', { method: 'PUT', url: '/events' }, 403],
]

describe('the id of a request', () => {
  before(() => start())
  after(() => app.close())

  for (const [name, request, status] of answers) {
    it(`is on the answer to ${name} (PROTOCOL 1.6)`, async () => {
      const [first, second] = await Promise.all([inject(request), inject(request)])
      assert.equal(first.statusCode, status)
      const id = String(first.headers['x-request-id'])
      assert.match(id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
      assert.notEqual(second.headers['x-request-id'], id)
    })
  }
})

describe('the rate of requests and events', () => {
  let nowMs = 0
  const perMinute = { requests: 20, events: 100 }
  beforeEach(() => {
    const rate = (kind: keyof typeof perMinute) => (workspace: string) =>
      workspace.includes(kind) || workspace === 'both' ? perMinute[kind] : undefined
    const rates = { requestsPerMinute: rate('requests'), eventsPerMinute: rate('events') }
    start({ keys: withRates(everyKey, rates, () => nowMs) })
  })
  // One app for each test: what is left of a key must not depend on another.
  const closing = async () => app.close()

  for (const { name, putIn } of doorRequests) {
    it(`counts events by the door ${name} (PROTOCOL 11.1)`, async (test) => {
      test.after(closing)
      const own = (count: number) => {
        const request = putIn('events', count)
        return {
          ...request,
          url: String(request.url).replace('/workspace/w/', '/workspace/events/'),
        }
      }
      const first = await inject(own(60))
      assert.ok(first.statusCode < 300, first.body)
      assert.equal(first.headers['ratelimit-policy'], '"events";q=100;w=60')
      assert.equal(first.headers['ratelimit'], '"events";r=40;t=36')
      assert.equal(first.headers['x-ratelimit-limit'], undefined)
      const refused = await inject(own(41))
      assert.equal(refused.statusCode, 429)
      assert.equal(refused.headers['retry-after'], '1')
      assert.equal(refused.headers['ratelimit'], '"events";r=40;t=36')
      nowMs += 1000
      const second = await inject(own(41))
      assert.ok(second.statusCode < 300, second.body)
      assert.equal(second.headers['ratelimit'], '"events";r=0;t=60')
      const read = await inject({ url: '/eventwell/events?limit=1000', headers: bearer('events') })
      assert.equal(read.json().events.length, 101, 'nothing of the refused one was kept')
    })
  }

  const reads = [
    ['native', '/eventwell/events'],
    ['workos', '/workos/events'],
    ['webex', '/v1/events'],
    ['speakeasy', '/v1/workspace/requests/events'],
    ['logspace', '/logspace/events'],
  ] as const
  for (const [dialect, url] of reads) {
    it(`counts requests to ${dialect}, and tells it on each answer (PROTOCOL 11.1)`, async (test) => {
      test.after(closing)
      const headers = keyHeaders(dialect, 'requests')
      for (let left = 19; left >= 0; left--) {
        const answer = await inject({ url, headers })
        assert.equal(answer.statusCode, 200, answer.body)
        const resetSeconds = String((20 - left) * 3)
        assert.equal(answer.headers['ratelimit-policy'], '"requests";q=20;w=60')
        assert.equal(answer.headers['ratelimit'], `"requests";r=${left};t=${resetSeconds}`)
        assert.equal(answer.headers['x-ratelimit-limit'], '20')
        assert.equal(answer.headers['x-ratelimit-remaining'], String(left))
        assert.equal(answer.headers['x-ratelimit-reset'], resetSeconds)
      }
      const refused = await inject({ url, headers })
      assert.equal(refused.statusCode, 429)
      assert.equal(refused.headers['retry-after'], '3')
      assert.equal(refused.headers['ratelimit'], '"requests";r=0;t=60')
      assert.equal(refused.headers['x-ratelimit-remaining'], '0')
    })
  }

  it('tells both, also on a refusal for another reason (PROTOCOL 11.1)', async (test) => {
    test.after(closing)
    const answer = await inject({ url: '/eventwell/events?colour=red', headers: bearer('both') })
    assert.equal(answer.statusCode, 400)
    assert.equal(answer.headers['ratelimit-policy'], '"requests";q=20;w=60, "events";q=100;w=60')
    assert.equal(answer.headers['ratelimit'], '"requests";r=19;t=3, "events";r=100;t=0')
  })

  it('is not told where there is none', async (test) => {
    test.after(closing)
    const { headers } = await inject({ url: '/eventwell/events', headers: bearer('free') })
    assert.deepEqual(
      Object.keys(headers).filter((name) => name.includes('ratelimit')),
      [],
    )
  })

  it('lets a batch pass that is larger than a minute’s worth, and then waits for it (PROTOCOL 11.1)', async (test) => {
    test.after(closing)
    const [{ putIn } = assert.fail('no door')] = doorRequests
    assert.equal((await inject(putIn('events', 300))).statusCode, 200)
    const refused = await inject(putIn('events', 1))
    assert.deepEqual([refused.statusCode, refused.headers['retry-after']], [429, '121'])
    nowMs += 121_000
    assert.equal((await inject(putIn('events', 1))).statusCode, 200)
  })
})

describe('the development key', () => {
  before(() => start({ keys: withDevelopmentKey(everyKey), cors: ['*'] }))
  after(() => app.close())

  for (const [origin, status] of [
    ['http://localhost:5173', 200],
    ['http://127.0.0.1:4567', 200],
    ['http://[::1]:4567', 200],
    ['https://example.com', 403],
    ['https://localhost.example.com', 403],
    ['null', 403],
  ] as const) {
    it(`answers ${status} to a page of ${origin}`, async () => {
      const headers = { ...bearer('development'), host: 'localhost:4567', origin }
      const answer = await inject({ url: '/eventwell/events', headers })
      assert.equal(answer.statusCode, status, answer.body)
    })
  }
})

describe('CORS', () => {
  const page = 'https://app.example.com'
  const preflight = (url: string, method: string, origin = page): InjectOptions => ({
    method: 'OPTIONS',
    url,
    headers: {
      origin,
      'access-control-request-method': method,
      'access-control-request-headers': 'authorization,content-type',
    },
  })
  const preflights = [
    ['POST', '/eventwell/events'],
    ['GET', '/eventwell/tail'],
    ['PUT', '/eventwell/consumers/a'],
    ['DELETE', '/eventwell/consumers/a'],
    ['GET', '/eventwell/nowhere'],
    ['GET', '/events'],
    ['PUT', '/events'],
    ['POST', '/workos/events'],
    ['GET', '/v1/events'],
    ['GET', '/webex/v1/events/x'],
    ['GET', '/v1/workspace/w/events'],
    ['PUT', '/logspace/events'],
    ['GET', '/metrics'],
    ['GET', '/healthz'],
  ] as const

  describe('for some origins', () => {
    before(() => start({ cors: ['http://localhost:5173', page] }))
    after(() => app.close())

    for (const [method, url] of preflights) {
      it(`lets a page ask ${method} ${url} (PROTOCOL 1.7)`, async () => {
        const { statusCode, headers, body } = await inject(preflight(url, method))
        assert.deepEqual([statusCode, body], [204, ''])
        assert.equal(headers['access-control-allow-origin'], page)
        const list = (name: string) => String(headers[name]).toLowerCase().split(', ')
        assert.ok(list('access-control-allow-methods').includes(method.toLowerCase()))
        for (const name of [
          'authorization',
          'content-type',
          'content-encoding',
          'idempotency-key',
          'last-event-id',
          'eventwell-lease',
          'traceparent',
          'ce-id',
        ]) {
          assert.ok(list('access-control-allow-headers').includes(name), name)
        }
        assert.equal(headers['access-control-allow-credentials'], undefined)
        assert.match(String(headers['vary']), /origin/i)
        assert.ok(headers['x-request-id'])
      })
    }

    it('does not let other pages ask (PROTOCOL 1.7)', async () => {
      for (const origin of ['https://example.com', `${page}.example.com`, 'null']) {
        const { headers } = await inject(preflight('/eventwell/events', 'POST', origin))
        assert.equal(headers['access-control-allow-origin'], undefined, origin)
        const answer = await inject({
          url: '/eventwell/events',
          headers: { ...bearer('w'), origin },
        })
        assert.equal(answer.headers['access-control-allow-origin'], undefined, origin)
        assert.match(String(answer.headers['vary']), /origin/i)
      }
    })

    for (const [name, request, status] of answers.filter(
      ([, { url }]) => url !== '/v1/events/%zz',
    )) {
      it(`lets a page read the answer to ${name}`, async () => {
        const headers = { ...request.headers, origin: page }
        const answer = await inject({ ...request, headers })
        assert.equal(answer.statusCode, status)
        assert.equal(answer.headers['access-control-allow-origin'], page)
        const exposed = String(answer.headers['access-control-expose-headers']).split(', ')
        for (const header of [
          'x-request-id',
          'ratelimit',
          'ratelimit-policy',
          'retry-after',
          'link',
          'idempotency-replayed',
          'eventwell-gap',
        ]) {
          assert.ok(exposed.includes(header), header)
        }
      })
    }
  })

  it('is for any origin when that was said', async (test) => {
    start({ cors: ['*'] })
    test.after(() => app.close())
    const { headers } = await inject(preflight('/eventwell/events', 'POST', 'null'))
    assert.equal(headers['access-control-allow-origin'], '*')
  })

  it('is off unless it was said (PROTOCOL 1.7)', async (test) => {
    start()
    test.after(() => app.close())
    for (const [method, url] of preflights) {
      const { statusCode, headers } = await inject(preflight(url, method))
      assert.ok(statusCode >= 400, url)
      assert.equal(headers['access-control-allow-origin'], undefined, url)
    }
  })
})

describe('the metrics', () => {
  before(() => start())
  after(() => app.close())
  const ask = async () => {
    const answer = await inject({ url: '/metrics', headers: bearer('prometheus.metrics') })
    assert.equal(answer.statusCode, 200)
    assert.equal(answer.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8')
    return readMetrics(answer.body)
  }

  it('are for keys with the scope metrics alone (PROTOCOL 1.2, 13.2)', async () => {
    for (const [key, status] of [
      ['unknown', 401],
      ['w.read', 403],
      ['w.write', 403],
      ['w.erase', 403],
      ['w.metrics', 200],
    ] as const) {
      const answer = await inject({ url: '/metrics', headers: bearer(key) })
      assert.equal(answer.statusCode, status, key)
    }
    assert.equal((await inject({ url: '/metrics' })).statusCode, 401)
    const other = await inject({ url: '/eventwell/events', headers: bearer('w.metrics') })
    assert.equal(other.statusCode, 403)
  })

  for (const { name, dialect, putIn } of doorRequests) {
    it(`count events by the door ${name}`, async () => {
      const labels = { dialect, outcome: 'created' }
      const countOf = async () => valueOf(await ask(), 'eventwell_events_total', labels)
      const earlier = await countOf()
      const answer = await inject(putIn('w', 3))
      assert.ok(answer.statusCode < 300, answer.body)
      assert.equal((await countOf()) - earlier, 3)
    })
  }

  it('count requests by method, route and status, and refusals by dialect and code', async () => {
    const earlier = await ask()
    for (const [, request] of answers) await inject(request)
    // A tail ends when its reader goes; what it lasted says nothing.
    const abort = new AbortController()
    const tail = app.inject({ url: '/eventwell/tail', headers: bearer('w'), signal: abort.signal })
    abort.abort()
    await tail.catch(() => {})
    await inject({ url: '/eventwell/tail?after=x', headers: bearer('w') })
    const unread = await inject({ url: '/metrics' })
    assert.deepEqual([unread.statusCode, unread.headers['www-authenticate']], [401, 'Bearer'])
    for (const id of ['a', 'b', 'c']) {
      await inject({ url: `/webex/v1/events/${id}`, headers: bearer('w') })
    }
    await inject({ method: 'PROPFIND' as 'GET', url: '/nowhere' })
    const later = await ask()
    const count = 'http_server_request_duration_seconds_count'
    const requests = (method: string, route: string, status: string) => {
      const labels = {
        http_request_method: method,
        http_route: route,
        http_response_status_code: status,
      }
      const of = (from: typeof later) =>
        valueOf(from, 'http_server_request_duration_seconds', labels, count)
      return of(later) - of(earlier)
    }
    assert.equal(requests('GET', '/webex/v1/events/:eventId', '404'), 3)
    assert.equal(requests('GET', '/eventwell/events', '200'), 1)
    assert.equal(requests('GET', '/eventwell/events', '401'), 1)
    assert.equal(requests('PUT', '/v1/events', '405'), 1)
    assert.equal(requests('GET', '/eventwell/tail', '400'), 1)
    assert.equal(requests('GET', '/eventwell/tail', '200'), 0)
    assert.equal(requests('GET', 'none', '404'), 1)
    assert.equal(requests('_OTHER', 'none', '404'), 1)
    const refusals = (dialect: string, code: string) => {
      const of = (from: typeof later) =>
        valueOf(from, 'eventwell_refused_requests_total', { dialect, code })
      return of(later) - of(earlier)
    }
    assert.equal(refusals('eventwell', 'unauthorized'), 1)
    assert.equal(refusals('eventwell', 'invalid_query'), 1)
    assert.equal(refusals('eventwell', 'not_found'), 1)
    assert.equal(refusals('webex', 'not_found'), 3)
    assert.equal(refusals('webex', 'method_not_allowed'), 1)
    assert.equal(refusals('logspace', 'unauthorized'), 1)
  })

  it('tell of the process, and nothing of workspaces and keys', async () => {
    await inject(doorRequests[0]!.putIn('secret-workspace', 1))
    const read = await ask()
    const now = Date.now() / 1000
    const started = valueOf(read, 'process_start_time_seconds')
    assert.ok(started <= now && started > now - 3600)
    assert.ok(valueOf(read, 'process_resident_memory_bytes') > 10e6)
    assert.ok(valueOf(read, 'process_cpu_seconds_total') > 0)
    for (const lag of ['', '_p99', '_max']) {
      assert.ok(valueOf(read, `nodejs_eventloop_lag${lag}_seconds`) >= 0)
    }
    assert.equal(valueOf(read, 'eventwell_build_info'), 1)
    assert.doesNotMatch(metrics.all.text(), /secret-workspace|prometheus/)
  })

  it('are those that the page on operating lists', async () => {
    const page = readFileSync(new URL('../../../docs/operating.md', import.meta.url), 'utf8')
    const [, section = ''] = /\n## Metrics\n([^]*?)(?=\n## )/.exec(page) ?? []
    const listed = [...section.matchAll(/^\| `(\w+)` +\| (\w+) +\| ([^|]*?) *\|/gm)].map(
      ([, name = '', type = '', labels = '']) => [name, type, labels.replaceAll('`', '')] as const,
    )
    const exported = [...(await ask())].map(([name, { type, samples }]) => {
      const labels = new Set(samples.flatMap((sample) => Object.keys(sample.labels)))
      labels.delete('le')
      return [name, type, [...labels].join(', ')] as const
    })
    assert.deepEqual(
      listed.map(([name, type]) => [name, type]).toSorted(),
      exported.map(([name, type]) => [name, type]).toSorted(),
    )
    for (const [name, , labels] of exported) {
      const shown = listed.find(([other]) => other === name)?.[2]
      if (labels !== '') assert.equal(shown, labels, name)
    }
  })
})

describe('a server as it is started', () => {
  it('has rates from its settings, CORS from its configuration, and counts what its store does', async (test) => {
    const folder = temporaryFolder()
    test.after(() => folder.remove())
    const settingsFile = join(folder.path, 'settings.json')
    const workspaces = { hurried: { requestsPerMinute: 5, eventsPerMinute: 7 } }
    writeFileSync(settingsFile, JSON.stringify({ workspaces }))
    const place = { host: '127.0.0.1', port: 0, dataFolder: join(folder.path, 'data') }
    const server = await startServer({ ...place, settingsFile, cors: ['https://example.com'] })
    test.after(() => server.close())
    const ring = new KeyRing(place.dataFolder)
    const key = ring.create('hurried', 'hurried', ['write'])
    ring.close()
    const event = { specversion: '1.0', id: '1', source: '/s', type: 't' }
    const answer = await fetch(`${server.url}/eventwell/events`, {
      method: 'POST',
      headers: { ...bearer(key), origin: 'https://example.com' },
      body: JSON.stringify([event]),
    })
    assert.equal(answer.status, 200, await answer.text())
    assert.equal(answer.headers.get('ratelimit'), '"requests";r=4;t=12, "events";r=6;t=9')
    assert.equal(answer.headers.get('access-control-allow-origin'), 'https://example.com')
    const told = await fetch(`${server.url}/metrics`, { headers: bearer('development') })
    const read = readMetrics(await told.text())
    assert.equal(valueOf(read, 'eventwell_events_total', { outcome: 'created' }), 1)
    assert.equal(valueOf(read, 'eventwell_append_seconds', {}, 'eventwell_append_seconds_count'), 1)
  })
})
