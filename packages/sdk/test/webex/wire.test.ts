import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { connectSpark } from '../../../server/test/clients/node-sparky.ts'
import { nextOfGo } from '../../../server/test/clients/webex-links.ts'
import { Webex, type EventQuery } from '../../src/webex/index.ts'
import type { SeenRequest } from '../support/replay.ts'
import { ReplayServer } from '../support/replay-server.ts'

// What is sent, beside what the originals send: node-sparky itself, and the Go SDK as the contract records it
// (contract 4.1, 4.4).

const token = 'token-1'
const actorId = 'Y2lzY29zcGFyazovL3VzL1BFT1BMRS9hZGE'
const from = '2026-03-01T00:00:00.000Z'
const to = '2026-03-01T02:00:00+02:00'

/** A page in the way that Webex leads on, and the last one. */
function pages(replay: ReplayServer) {
  const next = `${replay.url}/v1/events?from=2026-02-01T00%3A00%3A00.000Z&max=2&cursor=b2s%3D`
  const item = { id: 'e', resource: 'rooms', type: 'updated', actorId, created: from, data: {} }
  return [
    { status: 200, body: { items: [item, item] }, headers: { link: `<${next}>; rel="next"` } },
    { status: 200, body: { items: [item] } },
  ]
}

async function requestsOf(send: (url: string) => Promise<unknown>): Promise<SeenRequest[]> {
  const answers: ReturnType<typeof pages> = []
  const replay = await ReplayServer.start(answers)
  answers.push(...pages(replay))
  try {
    await send(replay.url)
    return replay.requests
  } finally {
    await replay.close()
  }
}

async function drain(items: AsyncIterable<unknown>): Promise<void> {
  for await (const item of items) assert.ok(item)
}

const connect = (url: string) => new Webex({ accessToken: token, baseUrl: `${url}/v1` })

/** Method, path, query in any order, and authorization. */
function meaning({ method, path, headers, body }: SeenRequest) {
  const { pathname, searchParams } = new URL(path, 'http://127.0.0.1')
  const { authorization } = headers
  return { method, pathname, query: [...searchParams].toSorted(), authorization, body }
}

describe('Beside node-sparky', () => {
  const spark = (url: string) => connectSpark({ token, apiUrl: `${url}/v1/`, maxPageItems: 2 })
  const queries: object[] = [
    {},
    { resource: 'messages', type: 'created', actorId, from, to },
    { resource: 'a b&c=d+e%/ü', type: "~!*'()" },
  ]
  for (const query of queries) {
    it(`the requests for ${JSON.stringify(query)} mean the same`, async () => {
      const theirs = await requestsOf((url) => spark(url).eventsGet({ ...query }))
      const asked = { ...query, max: 2 }
      const ours = await requestsOf((url) => drain(connect(url).events.iterate(asked)))
      assert.equal(ours.length, 2)
      assert.deepEqual(meaning(ours[0]!), meaning(theirs[0]!))
      // It sends its own query over the link's; we put back what the link lacks.
      const { query: sent, ...rest } = meaning(ours[1]!)
      const { query: sentToo, ...restToo } = meaning(theirs[1]!)
      const names = (pairs: [string, string][]) => new Set(pairs.map(([name]) => name))
      assert.deepEqual([rest, names(sent)], [restToo, names(sentToo)])
    })
  }

  it('the request for one event is the same', async () => {
    const theirs = await requestsOf((url) => spark(url).eventGet('Y2lz-Y29_'))
    const ours = await requestsOf((url) => connect(url).events.get('Y2lz-Y29_'))
    // The replay's link, which stands for a list, leads node-sparky on from here, too.
    assert.deepEqual(ours.map(meaning), [meaning(theirs[0]!)])
  })
})

describe('Beside the Go SDK', () => {
  // Its keys are sorted, and its values are encoded as forms are; a `max` only above 0 (contract 4.1).
  const recorded: [query: EventQuery, path: string][] = [
    [{}, '/v1/events'],
    [{ resource: 'messages', max: 10 }, '/v1/events?max=10&resource=messages'],
    [
      { to, from, type: 'created', resource: 'messages', max: 20, actorId },
      `/v1/events?actorId=${actorId}&from=2026-03-01T00%3A00%3A00.000Z&max=20&resource=messages` +
        '&to=2026-03-01T02%3A00%3A00%2B02%3A00&type=created',
    ],
  ]
  for (const [query, path] of recorded) {
    it(`the request ${path} is the same, to the byte`, async () => {
      const [request] = await requestsOf((url) => connect(url).events.list(query))
      assert.equal(request?.path, path)
      assert.equal(request.method, 'GET')
      assert.equal(request.headers['authorization'], `Bearer ${token}`)
    })
  }

  it('the link is followed as it is', async () => {
    let link = ''
    const requests = await requestsOf(async (url) => {
      link = `<${url}/v1/events?from=2026-02-01T00%3A00%3A00.000Z&max=2&cursor=b2s%3D>; rel="next"`
      await drain(connect(url).events.iterate())
    })
    const { pathname, search } = new URL(nextOfGo(link) ?? '')
    assert.equal(requests[1]?.path, pathname + search)
  })
})

describe('A request', () => {
  let replay: ReplayServer
  before(async () => {
    const answers = Array.from({ length: 9 }, () => ({ status: 200, body: { items: [] } }))
    replay = await ReplayServer.start(answers)
  })
  after(() => replay.close())

  it('has no body, no content type and no header that nobody asked for', async () => {
    await connect(replay.url).events.list()
    const { headers, body } = replay.requests.at(-1)!
    const { host, connection, 'accept-language': _l, 'sec-fetch-mode': _s, ...own } = headers
    assert.ok(host && connection)
    assert.equal(body, '')
    assert.deepEqual(own, {
      accept: 'application/json',
      'accept-encoding': own['accept-encoding'],
      authorization: `Bearer ${token}`,
      'user-agent': 'eventwell-client/0.1.0',
    })
    assert.match(own['accept-encoding'] ?? '', /gzip/)
  })

  it('for one event has its id in one piece of the path', async () => {
    await connect(replay.url).events.get('a/b?c#d ../ü')
    assert.equal(replay.requests.at(-1)?.path, '/v1/events/a%2Fb%3Fc%23d%20..%2F%C3%BC')
  })

  it('has the token that there is at its time', async () => {
    let asked = 0
    const accessToken = async () => `token-${(asked += 1)}`
    const { events } = new Webex({ accessToken, baseUrl: `${replay.url}/v1` })
    await events.list()
    await events.list()
    const sent = replay.requests.slice(-2).map(({ headers }) => headers['authorization'])
    assert.deepEqual(sent, ['Bearer token-1', 'Bearer token-2'])
  })
})

describe('A mistake of the caller', () => {
  const fetch = () => assert.fail('something was sent')
  const webex = new Webex({ accessToken: token, fetch })
  const options: [string, object, ErrorConstructor][] = [
    ['no token', {}, TypeError],
    ['an empty token', { accessToken: '' }, TypeError],
    ['a token with a line break', { accessToken: 'secret\n' }, TypeError],
    ['a token beyond ASCII', { accessToken: 'secretü' }, TypeError],
    ['an address that is none', { accessToken: token, baseUrl: 'webex' }, TypeError],
    ['a timeout of 0', { accessToken: token, timeoutMs: 0 }, RangeError],
    ['an option that there is not', { accessToken: token, baseURL: 'http://h' }, TypeError],
    ['no pages', { accessToken: token, pagesMax: 0 }, RangeError],
  ]
  for (const [name, given, kind] of options) {
    it(`with ${name} is told at once`, () => {
      assert.throws(
        () => new Webex(given as ConstructorParameters<typeof Webex>[0]),
        (error: unknown) => error instanceof kind && !error.message.includes('secret'),
      )
    })
  }

  const audit = (eventCategories: string[]) => ({ orgId: 'o', from, to, eventCategories })
  const calls: [string, () => Promise<unknown>, ErrorConstructor][] = [
    ['max of 0', () => webex.events.list({ max: 0 }), RangeError],
    ['max of 1.5', () => webex.events.list({ max: 1.5 }), RangeError],
    ['Date that is no time', () => webex.events.list({ from: new Date(NaN) }), RangeError],
    ['filter that there is not', () => webex.events.list({ actorID: '1' } as never), TypeError],
    ['Map for a query', () => webex.events.list(new Map() as never), TypeError],
    ['id that is empty', () => webex.events.get(''), TypeError],
    ['id of dots', () => webex.events.get('..'), RangeError],
    ['id with half a surrogate pair', () => webex.events.get('\ud800'), RangeError],
    ['actor that is empty', () => webex.events.list({ actorId: '' }), TypeError],
    ['type that is null', () => webex.events.list({ type: null } as never), TypeError],
    ['time that is null', () => webex.events.list({ from: null } as never), TypeError],
    ['time that is empty', () => webex.events.list({ to: ' ' }), TypeError],
    [
      'year of five digits',
      () => webex.events.list({ from: new Date(Date.UTC(10_000, 0)) }),
      RangeError,
    ],
    ['audit slip', () => webex.adminAudit.list({ ...audit([]), orgID: 'o' } as never), TypeError],
    ['category with a comma', () => webex.adminAudit.list(audit(['A,B'])), TypeError],
    ['category that is empty', () => webex.adminAudit.list(audit([''])), TypeError],
    ['audit without orgId', () => webex.adminAudit.list({ orgId: '', from, to }), TypeError],
    [
      'offset below 0',
      () => webex.adminAudit.list({ orgId: 'o', from, to, offset: -1 }),
      RangeError,
    ],
    [
      'audit without its end',
      () => webex.securityAudit.list({ orgId: 'o', startTime: from } as never),
      TypeError,
    ],
  ]
  for (const [name, call, kind] of calls) {
    it(`with ${name} is told before anything is sent`, () => assert.rejects(call(), kind))
  }

  it('in what is iterated is told at once, too', () => {
    assert.throws(() => webex.events.iterate({ max: 0 }), RangeError)
    assert.throws(() => webex.adminAudit.iterate({} as never), TypeError)
  })

  it('in a token function is thrown as it is, or names no token', async () => {
    const reason = new Error('no refresh token')
    const failing = new Webex({ accessToken: () => Promise.reject(reason), fetch })
    await assert.rejects(failing.events.list(), reason)
    const odd = new Webex({ accessToken: () => 'sec ret', fetch })
    await assert.rejects(odd.events.list(), (error: unknown) => {
      return error instanceof TypeError && !error.message.includes('sec ret')
    })
  })

  it('who aborts does not wait for a token', async () => {
    const controller = new AbortController()
    const accessToken = () => {
      queueMicrotask(() => controller.abort('enough'))
      return new Promise<string>(() => undefined)
    }
    const waiting = new Webex({ accessToken, fetch })
    const { signal } = controller
    const caught = await waiting.events.list({}, { signal }).catch((error: unknown) => error)
    assert.equal(caught, 'enough')
  })
})
