import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { inspect } from 'node:util'
import { gzipSync } from 'node:zlib'
import { systemClock, type Clock } from '../../src/http/clock.ts'
import {
  isAnswerError,
  isUnauthorizedError,
  isConflictError,
  isForbiddenError,
  isGoneError,
  isHttpError,
  isLockedError,
  isNotFoundError,
  isPreconditionRequiredError,
  isRateLimitedError,
  isServerError,
  isWebexError,
  Webex,
  type WebexError,
  type WebexOptions,
} from '../../src/webex/index.ts'
import { ManualClock } from '../support/manual-clock.ts'
import type { Recorded } from '../support/replay.ts'
import { ReplayServer } from '../support/replay-server.ts'

// The client against answers as Webex gives them (contract 1.7, 2), over a socket.

const json = 'application/json;charset=UTF-8'
const token = 'the-secret-token'

interface Replayed {
  readonly webex: Webex
  readonly replay: ReplayServer
  readonly clock: ManualClock
}

/** A client of a server that gives these answers; `HOME` in a Link header stands for the server's address. */
async function replayed(
  test: TestContext,
  answers: readonly Recorded[],
  more: Partial<WebexOptions> = {},
): Promise<Replayed> {
  const filled: Recorded[] = [...answers]
  const replay = await ReplayServer.start(filled)
  test.after(() => replay.close())
  for (const [n, { headers = {}, ...answer }] of answers.entries()) {
    const { link } = headers
    const home = link !== undefined && { link: link.replaceAll('HOME', replay.url) }
    filled[n] = { ...answer, headers: { 'content-type': json, ...headers, ...home } }
  }
  const clock = new ManualClock()
  const baseUrl = `${replay.url}/v1`
  return { webex: new Webex({ accessToken: token, baseUrl, clock, ...more }), replay, clock }
}

function page(ids: readonly string[], link?: string): Recorded {
  const items = ids.map((id) => ({ id, resource: 'rooms', type: 'updated', data: {} }))
  return { status: 200, body: { items }, ...(link !== undefined && { headers: { link } }) }
}

function refusal(status: number, message: string, headers: Record<string, string> = {}): Recorded {
  const trackingId = 'ROUTER_5E708612-0001-01BB-0001-0000000000AB'
  return {
    status,
    body: { message, errors: [{ description: message }], trackingId },
    headers: { trackingid: trackingId, ...headers },
  }
}

async function idsOf(webex: Webex, query = {}): Promise<string[]> {
  const ids: string[] = []
  for await (const { id } of webex.events.iterate(query)) ids.push(id)
  return ids
}

const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => assert.fail('it did not fail'),
    (error: unknown) => error,
  )

describe('Pages', () => {
  const next = '<HOME/v1/events?from=2026-02-01T00%3A00%3A00.000Z&max=2&cursor=Zg>; rel="next"'

  it('are followed with every parameter of their links, an empty one in the middle, too', async (test) => {
    const third = '<HOME/v1/events?resource=rooms&max=2&cursor=a%2Bb%20c~&x=%C3%BC>; rel="next"'
    const answers = [page(['1', '2'], next), page([], third), page(['3'])]
    const { webex, replay } = await replayed(test, answers)
    assert.deepEqual(await idsOf(webex), ['1', '2', '3'])
    assert.deepEqual(
      replay.requests.map(({ path }) => path),
      [
        '/v1/events',
        '/v1/events?from=2026-02-01T00%3A00%3A00.000Z&max=2&cursor=Zg',
        '/v1/events?resource=rooms&max=2&cursor=a%2Bb%20c~&x=%C3%BC',
      ],
    )
  })

  it('whose links have lost filters get them again', async (test) => {
    const { webex, replay } = await replayed(test, [page(['1'], next), page(['2'])])
    await idsOf(webex, { resource: 'rooms', from: '2026-01-01T00:00:00Z', max: 7 })
    assert.equal(
      replay.requests[1]?.path,
      '/v1/events?from=2026-02-01T00%3A00%3A00.000Z&max=2&cursor=Zg&resource=rooms',
    )
  })

  it('of an audit lead on without what was passed over', async (test) => {
    const { webex, replay } = await replayed(test, [page(['1'], '<?cursor=2>; rel=next'), page([])])
    const query = {
      orgId: 'o',
      from: '2026-01-01T00:00:00Z',
      to: new Date('2026-02-01T00:00:00Z'),
      eventCategories: ['LOGINS', 'USERS'],
      offset: 7,
    }
    for await (const { id } of webex.adminAudit.iterate(query)) assert.equal(id, '1')
    const filters =
      'eventCategories=LOGINS%2CUSERS&from=2026-01-01T00%3A00%3A00Z&offset=7&orgId=o' +
      '&to=2026-02-01T00%3A00%3A00.000Z'
    assert.deepEqual(
      replay.requests.map(({ path }) => path),
      [
        `/v1/adminAudit/events?${filters}`,
        `/v1/adminAudit/events?cursor=2&${filters.replace('&offset=7', '')}`,
      ],
    )
  })

  it('follow a relative link', async (test) => {
    const { webex } = await replayed(test, [
      page(['1'], '<?cursor=2>; rel=next'),
      page(['2'], '</v1/events?cursor=3>; rel="next"'),
      page(['3']),
    ])
    assert.deepEqual(await idsOf(webex), ['1', '2', '3'])
  })

  const foreign = [
    'https://events.example.com/v1/events?cursor=2',
    '//events.example.com/v1/events?cursor=2',
    'http://127.0.0.1:9/v1/events?cursor=2',
    'HOME@events.example.com/v1/events',
    'data:application/json,{}',
    'blob:HOME/v1/events?cursor=2',
  ]
  for (const target of foreign) {
    it(`do not go to ${target}, and keep what came before`, async (test) => {
      const { webex, replay } = await replayed(test, [page(['1'], `<${target}>; rel="next"`)])
      const first = await webex.events.list()
      assert.deepEqual([first.items.length, first.hasNext], [1, true])
      const error = await caught(first.next())
      assert.ok(isAnswerError(error))
      assert.match(error.message, /leads to .*, where the token for http:\/\/127.* is not sent$/)
      assert.throws(() => first.nextUrl, isAnswerError)
      assert.equal(replay.requests.length, 1)
    })
  }

  it('with a name and a password in the link are not followed', async (test) => {
    const link = '<NAMED/v1/events?cursor=2>; rel="next"'
    const { webex, replay } = await replayed(test, [page(['1'], link)], { fetch: renamed })
    const error = await caught((await webex.events.list()).next())
    assert.ok(isAnswerError(error) && !error.message.includes('pear'))
    assert.equal(replay.requests.length, 1)

    async function renamed(address: string, init: RequestInit): Promise<Response> {
      const answer = await fetch(address, init)
      const headers = { link: link.replace('NAMED', address.replace('//', '//ada:pear@')) }
      return new Response(await answer.text(), { headers })
    }
  })

  const malformed = [
    'HOME/v1/events?cursor=2',
    '<HOME/v1/events?cursor=2; rel="next"',
    '<http://[>; rel=next',
  ]
  for (const link of malformed) {
    it(`do not end in silence at ${link}`, async (test) => {
      const { webex } = await replayed(test, [page(['1'], link)])
      const error = await caught(idsOf(webex))
      assert.ok(isAnswerError(error))
      assert.match(
        error.message,
        /^The Link header of GET http.* (cannot be understood|no address)/,
      )
    })
  }

  for (const [name, links] of [
    ['itself', ['<>; rel=next']],
    ['the first', ['<?cursor=2>; rel=next', '<?cursor=3>; rel=next', '<events>; rel=next']],
    ['the second', ['<?cursor=2>; rel=next', '<?cursor=3>; rel=next', '<?cursor=2#x>; rel=next']],
  ] as const) {
    it(`that lead back to ${name} end in an error`, async (test) => {
      const answers = [...links, '<?cursor=9>; rel=next'].map((link) => page(['1'], link))
      const { webex, replay } = await replayed(test, answers)
      const error = await caught(idsOf(webex))
      assert.ok(isAnswerError(error))
      assert.match(error.message, /leads back to a page/)
      assert.equal(replay.requests.length, links.length)
    })
  }

  it('are at most as many as pagesMax', async (test) => {
    const answers = [2, 3, 4, 5].map((n) => page(['1'], `<?cursor=${n}>; rel=next`))
    const { webex, replay } = await replayed(test, answers, { pagesMax: 3 })
    const error = await caught(idsOf(webex))
    assert.ok(isAnswerError(error))
    assert.match(error.message, /leads on after 3 pages/)
    assert.equal(replay.requests.length, 3)
  })

  it('end with links that lead elsewhere but to the next', async (test) => {
    const link = '<HOME/v1/events?cursor=1>; rel="prev", <HOME/v1/events>; rel="first"'
    const { webex } = await replayed(test, [page(['1'], link)])
    const { hasNext, nextUrl } = await webex.events.list()
    assert.deepEqual([hasNext, nextUrl], [false, undefined])
  })

  it('of another origin are refused before the token is sent', async (test) => {
    const { webex, replay } = await replayed(test, [])
    for (const url of [
      'https://events.example.com/v1/events',
      '/v1/events',
      'x',
      `${replay.url}0`,
      `blob:${replay.url}/v1/events`,
    ]) {
      await assert.rejects(webex.events.listAt(url), TypeError)
    }
    assert.equal(replay.requests.length, 0)
  })
})

describe('An answer', () => {
  it('may be compressed', async (test) => {
    const server = createServer((_, reply) => {
      const headers = { 'content-type': json, 'content-encoding': 'gzip' }
      reply.writeHead(200, headers).end(gzipSync('{"items":[{"id":"1"}]}'))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    test.after(() => server.close())
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
    const { items } = await new Webex({ accessToken: token, baseUrl }).events.list()
    assert.deepEqual(items, [{ id: '1', data: {} }])
  })

  const lenient: [string, object, object[]][] = [
    ['without items', {}, []],
    ['with null for items', { items: null }, []],
    ['with null for data', { items: [{ id: '1', data: null }] }, [{ id: '1', data: {} }]],
    [
      'with more than is known',
      { items: [{ data: { a: 1 }, b: 2 }], c: 3 },
      [{ data: { a: 1 }, b: 2 }],
    ],
  ]
  for (const [name, body, items] of lenient) {
    it(`${name} is understood`, async (test) => {
      const { webex } = await replayed(test, [{ status: 200, body }])
      assert.deepEqual((await webex.events.list()).items, items)
    })
  }

  const odd: [string, Recorded][] = [
    [
      'HTML',
      { status: 200, body: '<html>Sign in</html>', headers: { 'content-type': 'text/html' } },
    ],
    ['nothing', { status: 200, body: '' }],
    ['no object', { status: 200, body: '"items"' }],
    ['an array', { status: 200, body: [] }],
    ['a list of something else', { status: 200, body: { object: 'list', data: [{ id: '1' }] } }],
    ['items that are none', { status: 200, body: { items: {} } }],
    ['an item that is none', { status: 200, body: { items: [{}, null] } }],
  ]
  for (const [name, answer] of odd) {
    it(`with ${name} is an AnswerError`, async (test) => {
      const { webex } = await replayed(test, [answer])
      assert.ok(isAnswerError(await caught(webex.events.list())))
    })
  }

  for (const body of ['[]', 'null', '7', '']) {
    it(`with ${body || 'nothing'} is no event`, async (test) => {
      const { webex } = await replayed(test, [{ status: 200, body }])
      assert.ok(isAnswerError(await caught(webex.events.get('1'))))
    })
  }
})

describe('A refusal', () => {
  const guards = {
    isUnauthorizedError,
    isForbiddenError,
    isNotFoundError,
    isConflictError,
    isGoneError,
    isLockedError,
    isPreconditionRequiredError,
    isRateLimitedError,
    isServerError,
  }
  const cases: [status: number, guard: keyof typeof guards | undefined, tries: number][] = [
    [400, undefined, 1],
    [401, 'isUnauthorizedError', 1],
    [403, 'isForbiddenError', 1],
    [404, 'isNotFoundError', 1],
    [409, 'isConflictError', 1],
    [410, 'isGoneError', 1],
    [423, 'isLockedError', 6],
    [428, 'isPreconditionRequiredError', 1],
    [429, 'isRateLimitedError', 6],
    [500, 'isServerError', 1],
    [502, 'isServerError', 6],
    [503, 'isServerError', 6],
    [504, 'isServerError', 6],
  ]
  for (const [status, guard, tries] of cases) {
    it(`of ${status} is ${guard ?? 'none of the named'}, after ${tries}`, async (test) => {
      const answers = Array.from({ length: 6 }, () => refusal(status, 'Not this time.'))
      const { webex, replay, clock } = await replayed(test, answers)
      const error = await caught(webex.events.list())
      assert.ok(isWebexError(error) && isHttpError(error))
      for (const [name, isSo] of Object.entries(guards)) {
        assert.equal(isSo(error), name === guard, name)
        assert.equal(isSo(new Error('x')) || isSo(undefined), false)
      }
      const { name, description, errors, trackingId } = error
      assert.deepEqual([error.status, name, description], [status, 'WebexError', 'Not this time.'])
      assert.deepEqual(errors, [{ description: 'Not this time.' }])
      assert.equal(trackingId, 'ROUTER_5E708612-0001-01BB-0001-0000000000AB')
      assert.equal(replay.requests.length, tries)
      const delays = [1000, 2000, 4000, 8000, 16_000].slice(0, tries - 1)
      assert.deepEqual(clock.sleptMs, delays)
    })
  }

  const bodies: [string, Recorded, Partial<WebexError>][] = [
    [
      'that is no JSON',
      { status: 404, body: '<html>', headers: { trackingid: 'T' } },
      { description: '', errors: [], trackingId: 'T', data: '<html>' },
    ],
    ['that is empty', { status: 404 }, { description: '', errors: [], trackingId: undefined }],
    [
      'of other members',
      { status: 404, body: { message: 7, errors: [null, { description: 'So', errorCode: 7 }] } },
      { description: 'So', errors: [{ description: 'So', errorCode: 7 }] },
    ],
    ['of null', { status: 404, body: 'null' }, { description: '', errors: [] }],
  ]
  for (const [name, answer, wanted] of bodies) {
    it(`with a body ${name} is read as far as it goes`, async (test) => {
      const { webex } = await replayed(test, [answer])
      const error = await caught(webex.events.list())
      assert.ok(isNotFoundError(error) && isWebexError(error))
      for (const [member, value] of Object.entries(wanted)) {
        assert.deepEqual(error[member as keyof WebexError], value, member)
      }
    })
  }

  it('does not show the token', async (test) => {
    const { webex } = await replayed(test, [refusal(401, 'No.')])
    const error = await caught(webex.events.list())
    assert.ok(isUnauthorizedError(error))
    const shown =
      inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error) + error.stack
    assert.ok(!shown.includes(token))
    assert.ok(!inspect(webex, { depth: 9, showHidden: true }).includes(token))
  })
})

describe('Too many requests', () => {
  const recorded = refusal(429, 'Too many requests.', { 'retry-after': '194' })

  it('are sent again after the time that the answer asks for', async (test) => {
    const { webex, replay, clock } = await replayed(test, [recorded, recorded, page(['1'])])
    assert.deepEqual(await idsOf(webex), ['1'])
    assert.deepEqual(clock.sleptMs, [194_000, 194_000])
    assert.deepEqual(new Set(replay.requests.map(({ path }) => path)), new Set(['/v1/events']))
  })

  it('are sent again in the middle of pages, too', async (test) => {
    const answers = [page(['1'], '<?cursor=2>; rel="next"'), recorded, page(['2'])]
    const { webex, clock } = await replayed(test, answers)
    assert.deepEqual(await idsOf(webex), ['1', '2'])
    assert.deepEqual(clock.sleptMs, [194_000])
  })

  it('fail at once where the wait goes beyond the total time', async (test) => {
    const { webex, clock } = await replayed(test, [recorded], { totalTimeoutMs: 194_000 })
    const error = await caught(webex.events.list())
    assert.ok(isRateLimitedError(error))
    assert.deepEqual([error.retryAfterMs, clock.sleptMs], [194_000, []])
  })

  it('wait three times 194 seconds within the total time, and then tell', async (test) => {
    const { webex, clock } = await replayed(test, [recorded, recorded, recorded, recorded])
    assert.ok(isRateLimitedError(await caught(webex.events.list())))
    assert.equal(clock.sleptMs.length, 3)
  })

  it('with a Retry-After that says nothing wait as without one', async (test) => {
    const odd = refusal(429, 'Too many.', { 'retry-after': 'rand(30),add(30)' })
    const { webex, clock } = await replayed(test, [odd, page([])])
    await webex.events.list()
    assert.deepEqual(clock.sleptMs, [1000])
  })

  it('end their wait when the caller aborts', async (test) => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const clock: Clock = {
      ...systemClock,
      sleep: (delayMs, signal) => {
        queueMicrotask(() => controller.abort(reason))
        return systemClock.sleep(delayMs, signal)
      },
    }
    const { webex, replay } = await replayed(test, [recorded, page([])], { clock })
    assert.equal(await caught(webex.events.list({}, { signal: controller.signal })), reason)
    assert.equal(replay.requests.length, 1)
  })

  it('and bad gateways, then an answer', async (test) => {
    const { webex, clock } = await replayed(test, [
      refusal(502, 'Bad.'),
      { status: 0, isBroken: true },
      page(['1']),
    ])
    assert.deepEqual(await idsOf(webex), ['1'])
    assert.deepEqual(clock.sleptMs, [1000, 2000])
  })
})
