import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { describe, it } from 'node:test'
import { systemClock, type Clock } from '../../src/http/clock.ts'
import { isHttpError, isTimeoutError } from '../../src/http/errors/guards.ts'
import type { ClientOptions } from '../../src/http/options.ts'
import { Transport, type TransportRules } from '../../src/http/transport.ts'
import { TryControl } from '../../src/http/try-control.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { caught, get, scripted, type Script } from './scripted-server.ts'

// How calls end in time: by their bounds, by their callers, and with nothing left behind.

const rules: TransportRules = {
  timeoutMs: 30_000,
  totalTimeoutMs: 60_000,
  retry: {
    retriesMax: 2,
    statuses: [429, 503],
    withoutAnswer: true,
    firstDelayMs: 1000,
    factor: 2,
    delayMsMax: 60_000,
    jitter: 0,
    retryAfterMsMax: 60_000,
  },
  headers: {},
  secretHeaders: [],
}
const never = () => new Promise<never>(() => undefined)
const silent: Script = () => undefined
const stalled: Script = (reply) => void reply.writeHead(200).write('[1,')
const reason = { why: 'enough' }

const transportOf = (options: ClientOptions = {}) => new Transport(rules, options)
const listenersOf = (signal: AbortSignal) => getEventListeners(signal, 'abort').length

describe('A timeout', () => {
  for (const [name, script] of [
    ['without headers', silent],
    ['with headers, and a body that stalls', stalled],
  ] as const) {
    it(`ends each try ${name}`, async (test) => {
      const { url } = await scripted(test, script)
      const clock = new ManualClock()
      const error = await caught(transportOf({ clock }).json(get(url), { timeoutMs: 150 }))
      assert.ok(isTimeoutError(error) && error.timeoutMs === 150)
      assert.match(error.message, /^GET http:\S+ was not answered within 150 ms$/)
      assert.deepEqual(clock.sleptMs, [1000, 2000])
    })
  }

  it('ends a try of a fetch that takes no notice of signals', async () => {
    const options = { fetch: never, retry: false, timeoutMs: 20 } as const
    assert.ok(isTimeoutError(await caught(transportOf(options).json(get('http://a.example/')))))
  })

  it('in total ends the last try, and says so', async (test) => {
    const { url, seen } = await scripted(test, silent)
    const error = await caught(transportOf({ totalTimeoutMs: 100 }).json(get(url)))
    assert.ok(isTimeoutError(error) && error.timeoutMs === 100)
    assert.ok(seen.length <= 1)
  })

  it('in total is what is left for a try after a wait', async () => {
    const clock = new ManualClock()
    let tries = 0
    const fetch = () => ((tries += 1) === 1 ? Promise.reject(new Error('reset')) : never())
    const call = { totalTimeoutMs: 1020 }
    const error = await caught(transportOf({ clock, fetch }).json(get('http://a.example/'), call))
    assert.ok(isTimeoutError(error) && error.timeoutMs === 1020)
    assert.deepEqual([tries, clock.sleptMs], [2, [1000]])
  })

  it('in total is not waited into: a wait beyond it fails at once', async (test) => {
    const refused: Script = (reply) => void reply.writeHead(429, { 'retry-after': '30' }).end()
    const { url, seen } = await scripted(test, refused)
    const clock = new ManualClock()
    const call = { totalTimeoutMs: 30_000 }
    assert.ok(isHttpError(await caught(transportOf({ clock }).json(get(url), call))))
    assert.deepEqual([seen.length, clock.sleptMs], [1, []])
  })

  it('may be Infinity', async (test) => {
    const { url } = await scripted(test, (reply) => void reply.end('7'))
    const endless = { timeoutMs: Infinity, totalTimeoutMs: Infinity }
    assert.equal(await transportOf(endless).json(get(url)), 7)
    assert.equal(await transportOf().json(get(url), { ...endless, timeoutMs: 2 ** 40 }), 7)
  })
})

describe('A caller’s abort', () => {
  it('before a call sends nothing', async () => {
    const fetch = () => assert.fail('it was sent')
    const signal = AbortSignal.abort(reason)
    const error = await caught(transportOf({ fetch }).json(get('http://a.example/'), { signal }))
    assert.equal(error, reason)
  })

  for (const [name, script] of [
    ['before the headers', silent],
    ['in the body', stalled],
  ] as const) {
    it(`${name} ends the call with its very reason`, async (test) => {
      const controller = new AbortController()
      const { url, seen } = await scripted(test, (...given) => {
        script(...given)
        setTimeout(() => controller.abort(reason), 50)
      })
      const { signal } = controller
      assert.equal(await caught(transportOf().json(get(url), { signal })), reason)
      assert.deepEqual([seen.length, listenersOf(signal)], [1, 0])
    })
  }

  it('ends a fetch that takes no notice of signals', async () => {
    const controller = new AbortController()
    const fetch = () => {
      queueMicrotask(() => controller.abort(reason))
      return never()
    }
    const { signal } = controller
    const error = await caught(transportOf({ fetch }).json(get('http://a.example/'), { signal }))
    assert.equal(error, reason)
  })

  it('in a wait ends it', async (test) => {
    const { url, seen } = await scripted(test, (reply) => void reply.writeHead(503).end())
    const controller = new AbortController()
    const { signal } = controller
    const clock: Clock = {
      ...systemClock,
      sleep: (delayMs, given) => {
        queueMicrotask(() => controller.abort(reason))
        return systemClock.sleep(delayMs, given)
      },
    }
    assert.equal(await caught(transportOf({ clock }).json(get(url), { signal })), reason)
    assert.deepEqual([seen.length, listenersOf(signal)], [1, 0])
  })

  it('without a reason is the runtime’s AbortError', async () => {
    const signal = AbortSignal.abort()
    const error = await caught(transportOf().json(get('http://a.example/'), { signal }))
    assert.ok(error === signal.reason && (error as Error).name === 'AbortError')
  })
})

describe('A stream', () => {
  const stream: Script = (reply) => void reply.writeHead(200).write('a')

  it('goes on after the time for its headers', async () => {
    let goOn = () => {}
    const fetch = async (_: string, { signal }: RequestInit) => {
      const start = (body: ReadableStreamDefaultController<Uint8Array>) => {
        signal?.addEventListener('abort', () => body.error(signal.reason))
        body.enqueue(new TextEncoder().encode('a'))
        goOn = () => {
          body.enqueue(new TextEncoder().encode('b'))
          body.close()
        }
      }
      return new Response(new ReadableStream({ start }))
    }
    const times = { timeoutMs: 10, totalTimeoutMs: 20 }
    const { response, close } = await transportOf({ fetch }).open(get('http://a.example/'), times)
    await systemClock.sleep(60, undefined)
    goOn()
    assert.equal(await response.text(), 'ab')
    close()
  })

  it('ends when the caller aborts, with the caller’s reason', async (test) => {
    const { url } = await scripted(test, stream)
    const controller = new AbortController()
    const { signal } = controller
    const { response, close } = await transportOf().open(get(url), { signal })
    const reader = response.body!.getReader()
    assert.equal(new TextDecoder().decode((await reader.read()).value), 'a')
    const rest = caught(reader.read())
    controller.abort(reason)
    assert.equal(await rest, reason)
    close()
    assert.equal(listenersOf(signal), 0)
  })

  it('ends when it is closed, for the server, too', async (test) => {
    const gone = new Promise<void>((resolve, reject) => {
      scripted(test, (reply) => {
        reply.on('close', resolve)
        reply.writeHead(200).write('a')
      })
        .then(async ({ url }) => (await transportOf().open(get(url))).close())
        .catch(reject)
    })
    await gone
  })

  it('is opened again until its headers are there', async (test) => {
    const { url, seen } = await scripted(test, (reply, nth) => {
      if (nth === 0) return void reply.writeHead(503).end()
      stream(reply, nth, undefined as never)
    })
    const { close } = await transportOf({ clock: new ManualClock() }).open(get(url))
    close()
    assert.equal(seen.length, 2)
  })
})

describe('Nothing is left behind', () => {
  it('by ten thousand calls with one signal', async () => {
    const { signal } = new AbortController()
    let sent = 0
    const fetch = async () => {
      sent += 1
      // Every tenth fails first, and every hundredth cannot be understood.
      if (sent % 10 === 0) return new Response('', { status: 503 })
      return new Response(sent % 100 === 1 ? '<' : '7')
    }
    const transport = transportOf({ fetch, clock: new ManualClock() })
    const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    let failures = 0
    for (let call = 0; call < 10_000; call += 1) {
      await transport.json(get('http://a.example/'), { signal }).catch(() => (failures += 1))
    }
    assert.ok(sent > 11_000 && failures > 100)
    assert.equal(listenersOf(signal), 0)
    const left = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    assert.ok(left <= timers, `${left} timers, and ${timers} before`)
  })

  it('by a try that is released or cancelled', () => {
    const { signal } = new AbortController()
    const one = new TryControl(signal, 1000)
    const other = new TryControl(signal, Infinity)
    assert.equal(listenersOf(signal), 2)
    one.release()
    other.cancel()
    assert.equal(listenersOf(signal), 0)
    assert.deepEqual([one.signal.aborted, other.signal.aborted], [false, true])
  })

  it('by waits of the runtime’s clock', async () => {
    const { signal } = new AbortController()
    await systemClock.sleep(1, signal)
    assert.equal(listenersOf(signal), 0)
    assert.equal(await caught(systemClock.sleep(1e6, AbortSignal.abort(reason))), reason)
    const before = systemClock.now()
    assert.ok(Math.abs(before - Date.now()) < 1000 && systemClock.random() < 1)
  })
})
