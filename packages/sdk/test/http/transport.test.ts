import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import {
  isAnswerError,
  isHttpError,
  isNetworkError,
  isTimeoutError,
} from '../../src/http/errors/guards.ts'
import type { ClientOptions } from '../../src/http/options.ts'
import { Transport, type ApiRequest, type TransportRules } from '../../src/http/transport.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { caught, get, scripted, type Script } from './scripted-server.ts'

// What every client does with answers, over a socket: which are tried again, and what becomes of the rest.

const rules: TransportRules = {
  timeoutMs: 30_000,
  totalTimeoutMs: 120_000,
  retry: {
    retriesMax: 3,
    statuses: [429, 503],
    withoutAnswer: true,
    firstDelayMs: 1000,
    factor: 2,
    delayMsMax: 60_000,
    jitter: 0.5,
    retryAfterMsMax: 60_000,
  },
  headers: { authorization: 'Bearer secret' },
  secretHeaders: ['authorization', 'x-key'],
}

function started(options: ClientOptions = {}): { transport: Transport; clock: ManualClock } {
  const clock = new ManualClock()
  return { transport: new Transport(rules, { clock, ...options }), clock }
}

const answer =
  (status: number, body = '', headers: Record<string, string> = {}): Script =>
  (reply) =>
    void reply.writeHead(status, headers).end(body)

/** The answers one after the other; the last for all that follow. */
const inTurn =
  (...scripts: Script[]): Script =>
  (reply, nth, request) =>
    scripts[Math.min(nth, scripts.length - 1)]!(reply, nth, request)

describe('A request', () => {
  it('is sent with its headers and the caller’s, which may name another agent', async (test) => {
    const { url, seen } = await scripted(test, answer(200, '{"a":1}'))
    const { transport } = started({ headers: { 'X-Proxy': 'p', 'User-Agent': 'pear/1' } })
    const request: ApiRequest = {
      ...get(url),
      method: 'POST',
      headers: { 'X-Own': '1' },
      body: 'é',
    }
    assert.deepEqual(await transport.json(request), { a: 1 })
    const [{ headers = {}, method = '' } = {}] = seen
    const { authorization, 'x-proxy': proxy, 'x-own': own, 'user-agent': agent } = headers
    assert.deepEqual([method, authorization, proxy, own], ['POST', 'Bearer secret', 'p', '1'])
    assert.deepEqual([agent, headers['content-length']], ['pear/1', '2'])
  })

  it('names the client as the agent', async (test) => {
    const { url, seen } = await scripted(test, answer(200, '{}'))
    await started().transport.json(get(url))
    assert.equal(seen[0]?.headers['user-agent'], 'eventwell-client/0.1.0')
  })

  it('is sent again with longer waits, until it is answered', async (test) => {
    const { url, seen } = await scripted(
      test,
      inTurn(answer(503), (reply) => void reply.socket?.destroy(), answer(503), answer(200, '7')),
    )
    const { transport, clock } = started()
    assert.equal(await transport.json(get(url)), 7)
    assert.deepEqual([seen.length, clock.sleptMs], [4, [1000, 2000, 4000]])
  })

  it('is sent again where the answer breaks off', async (test) => {
    const half: Script = (reply) => {
      reply.writeHead(200, { 'content-length': '10' }).write('[1,', () => reply.socket?.destroy())
    }
    const { url, seen } = await scripted(test, inTurn(half, answer(200, '[1,2]')))
    assert.deepEqual(await started().transport.json(get(url)), [1, 2])
    assert.equal(seen.length, 2)
  })

  it('that must not be sent twice is sent again after a 429 only', async (test) => {
    const { url, seen } = await scripted(test, inTurn(answer(429), answer(503), answer(200)))
    const once = { ...get(url), method: 'POST', isRepeatable: false } as const
    const error = await caught(started().transport.json(once))
    assert.ok(isHttpError(error) && error.status === 503)
    assert.equal(seen.length, 2)
  })

  it('that must not be sent twice is not sent again after a broken connection', async (test) => {
    const { url, seen } = await scripted(test, (reply) => void reply.socket?.destroy())
    const once = { ...get(url), method: 'POST', isRepeatable: false } as const
    assert.ok(isNetworkError(await caught(started().transport.json(once))))
    assert.equal(seen.length, 1)
  })

  it('waits for what the answer asks, to its bound, and not beyond the total time', async (test) => {
    const after = (seconds: string) => answer(429, '', { 'retry-after': seconds })
    const { url, seen } = await scripted(test, inTurn(after('7'), after('999'), after('999')))
    const { transport, clock } = started()
    const error = await caught(transport.json(get(url)))
    assert.ok(isHttpError(error) && error.retryAfterMs === 999_000)
    // A second wait of a minute would end after two, which is all there is.
    assert.deepEqual([seen.length, clock.sleptMs], [3, [7000, 60_000]])
  })

  it('is not sent again where that is switched off', async (test) => {
    const { url, seen } = await scripted(test, answer(503))
    await caught(started({ retry: false }).transport.json(get(url)))
    assert.equal(seen.length, 1)
  })
})

describe('A refusal', () => {
  const bodies: [name: string, script: Script, data: unknown][] = [
    ['in JSON', answer(404, '{"message":"No."}'), { message: 'No.' }],
    ['in text', answer(404, '<html>No.</html>'), '<html>No.</html>'],
    ['without a body', answer(404), undefined],
    ['of just under a mebibyte', answer(404, 'x'.repeat(2 ** 20)), 'x'.repeat(2 ** 20)],
    ['of more than a mebibyte', answer(404, 'x'.repeat(2 ** 20 + 1)), undefined],
    [
      'that breaks off',
      (reply) => {
        reply.writeHead(404, { 'content-length': '10' }).write('abc', () => reply.socket?.destroy())
      },
      undefined,
    ],
    ['that hangs', (reply) => void reply.writeHead(404).write('abc'), undefined],
  ]
  for (const [name, script, data] of bodies) {
    it(`${name} keeps its status`, async (test) => {
      const { url, seen } = await scripted(test, script)
      const error = await caught(
        started().transport.json(get(url), name === 'that hangs' ? { timeoutMs: 200 } : {}),
      )
      assert.ok(isHttpError(error), inspect(error))
      assert.deepEqual([error.status, error.data, seen.length], [404, data, 1])
    })
  }

  it('is the error that the client makes of it, also where its body hangs', async (test) => {
    const { url } = await scripted(test, (reply) => void reply.writeHead(404).write('abc'))
    class OwnError extends Error {}
    const errorOf = () => new OwnError('own') as never
    const transport = new Transport({ ...rules, errorOf }, {})
    assert.ok((await caught(transport.json(get(url), { timeoutMs: 100 }))) instanceof OwnError)
  })

  for (const status of [301, 302, 303, 307, 308]) {
    it(`of ${status} leads nowhere, so the key goes nowhere`, async (test) => {
      const elsewhere = await scripted(test, answer(200, '{}'))
      const { url } = await scripted(test, answer(status, '', { location: elsewhere.url }))
      const error = await caught(started().transport.json(get(url)))
      assert.ok(isHttpError(error) && error.status === status)
      assert.match(error.message, /a redirect, which is not followed/)
      assert.equal(elsewhere.seen.length, 0)
    })
  }
})

describe('A connection', () => {
  it('that is refused is a NetworkError with the reason', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => server.close(resolve))
    const { transport, clock } = started()
    const error = await caught(transport.json(get(`http://127.0.0.1:${port}/`)))
    assert.ok(isNetworkError(error) && error.cause instanceof Error)
    assert.match(error.message, /^GET http:\S+ failed: fetch failed \(.*ECONNREFUSED/)
    assert.equal(clock.sleptMs.length, 3)
  })

  it('to no host is one, too', async () => {
    const error = await caught(started({ retry: false }).transport.json(get('http://no.invalid/')))
    assert.ok(isNetworkError(error))
    assert.match(error.message, /no\.invalid.*(ENOTFOUND|EAI_AGAIN)/)
  })

  it('that breaks off in the middle is one, too', async (test) => {
    const { url } = await scripted(test, (reply) => {
      reply.writeHead(200, { 'content-length': '10' }).write('[1,', () => reply.socket?.destroy())
    })
    const error = await caught(started({ retry: false }).transport.json(get(url)))
    assert.ok(isNetworkError(error))
    assert.match(error.message, /: the answer broke off: terminated/)
  })
})

describe('A success', () => {
  it('that is no JSON is an AnswerError, and is not asked for again', async (test) => {
    const { url, seen } = await scripted(test, answer(200, '<html>Sign in</html>'))
    const error = await caught(started().transport.json(get(url)))
    assert.ok(isAnswerError(error) && error.cause instanceof SyntaxError)
    assert.match(error.message, /was answered with what is not JSON: "<html>Sign in<\/html>"$/)
    assert.equal(seen.length, 1)
  })

  it('that is empty is undefined', async (test) => {
    const { url } = await scripted(test, answer(204))
    assert.equal(await started().transport.json(get(url)), undefined)
  })

  it('whose reader fails is not asked for again', async (test) => {
    const { url, seen } = await scripted(test, answer(200, '{}'))
    const reason = new Error('mine')
    const read = () => Promise.reject(reason)
    assert.equal(await caught(started().transport.send(get(url), read)), reason)
    assert.equal(seen.length, 1)
  })
})

describe('No secret', () => {
  it('is in any error, however deep one looks', async (test) => {
    const { url } = await scripted(
      test,
      inTurn(
        answer(401, '{"message":"No."}'),
        (reply) => void reply.socket?.destroy(),
        answer(200, '<'),
        () => {},
      ),
    )
    const { transport } = started({ retry: false })
    const request = {
      ...get(url),
      headers: { 'x-key': 'secret' },
      body: 'secret',
      method: 'POST',
    } as const
    for (const isWanted of [isHttpError, isNetworkError, isAnswerError, isTimeoutError]) {
      const call = isWanted === isTimeoutError ? { timeoutMs: 200 } : {}
      const error = await caught(transport.json(request, call))
      assert.ok(isWanted(error), inspect(error))
      const shown = inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error)
      assert.ok(!`${shown}${error.stack}`.includes('secret'), shown)
    }
    assert.ok(!inspect(transport, { depth: 20, showHidden: true }).includes('secret'))
  })

  it('is in the error about a header that cannot be sent, and nothing is sent', async () => {
    const fetch = () => assert.fail('it was sent')
    const rulesOf = (key: string) => ({ ...rules, headers: { 'x-key': key } })
    const isClean = (error: unknown) =>
      error instanceof TypeError && !inspect(error, { depth: 9 }).includes('secret')
    assert.throws(() => new Transport(rulesOf('secret\n1'), {}), isClean)
    assert.throws(() => started({ headers: { 'X-Own': 'secret\u{1F350}' } }), isClean)
    const { transport } = started({ fetch })
    const request = { ...get('http://127.0.0.1/'), headers: { 'x-key': 'secret\n1' } }
    assert.ok(isClean(await caught(transport.json(request))))
  })
})

describe('A mistake in the options', () => {
  for (const name of ['authorization', 'Authorization', 'X-Key', 'accept', 'Content-Type']) {
    it(`is the header ${name}, which the client sets itself`, () => {
      const isTold = (error: unknown) =>
        error instanceof TypeError && error.message.includes(name.toLowerCase())
      assert.throws(() => started({ headers: { [name]: 'application/json' } }), isTold)
    })
  }

  const wrong: object[] = [
    { timeoutMs: 0 },
    { timeoutMs: NaN },
    { totalTimeoutMs: -1 },
    { totalTimeoutMs: '7' },
    { retry: { retriesMax: -1 } },
    { retry: { jitter: 2 } },
  ]
  for (const options of wrong) {
    it(`${JSON.stringify(options)} is told at once`, async () => {
      assert.throws(() => started(options), RangeError)
      if ('retry' in options) return
      const fetch = () => assert.fail('it was sent')
      const { transport } = started({ fetch })
      const error = await caught(transport.json(get('http://127.0.0.1/'), options))
      assert.ok(error instanceof RangeError)
    })
  }
})
