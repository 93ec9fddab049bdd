import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import {
  isAnswerError,
  isHttpError,
  isNetworkError,
  isSpeakeasyError,
  Speakeasy,
  type SpeakeasyOptions,
} from '@eventwell/client/speakeasy'
import { ManualClock } from '../support/manual-clock.ts'
import type { Recorded } from '../support/replay.ts'
import { ReplayServer } from '../support/replay-server.ts'
import { anEvent } from './support.ts'

async function replay(
  context: TestContext,
  answers: readonly Recorded[],
  options: Partial<SpeakeasyOptions> = {},
) {
  const server = await ReplayServer.start(answers)
  context.after(() => server.close())
  const clock = new ManualClock()
  const given = { serverUrl: server.url, security: { apiKey: 'sesame' }, workspaceId: 'ws', clock }
  const { events } = new Speakeasy({ ...given, ...options })
  return { events, clock, requests: server.requests }
}

const refusal = (status: number, message: string): Recorded => ({
  status,
  body: { message, status_code: status },
})

describe('Posting', () => {
  it('no event, no request', async (context) => {
    const { events, requests } = await replay(context, [])
    await events.post([])
    assert.equal(requests.length, 0)
  })
})

describe('Posting again', () => {
  for (const status of [408, 500, 502, 503]) {
    it(`after ${status}, the same once more`, async (context) => {
      const { events, clock, requests } = await replay(context, [
        { status },
        { status },
        { status: 200 },
      ])
      await events.post([anEvent('e-1')])
      assert.equal(requests.length, 3)
      assert.equal(new Set(requests.map(({ body }) => body)).size, 1)
      assert.deepEqual(clock.sleptMs, [100, 150])
    })
  }

  for (const status of [400, 401, 403, 409, 413, 429, 504]) {
    it(`not after ${status}`, async (context) => {
      const { events, requests } = await replay(context, [{ status }])
      await assert.rejects(
        events.post([anEvent('e-1')]),
        (error) => isHttpError(error) && error.status === status,
      )
      assert.equal(requests.length, 1)
    })
  }

  it('after a broken connection', async (context) => {
    const { events, requests } = await replay(context, [
      { status: 200, isBroken: true },
      { status: 201 },
    ])
    await events.post([anEvent('e-1')])
    assert.equal(requests.length, 2)
  })

  it('for a minute, with waits of two seconds at most; then the last refusal is the error', async (context) => {
    const answers = Array.from({ length: 60 }, () => refusal(503, 'temporarily unavailable'))
    const { events, clock } = await replay(context, answers)
    await assert.rejects(
      events.post([anEvent('e-1')]),
      (error) => isSpeakeasyError(error) && error.detail === 'temporarily unavailable',
    )
    const total = clock.sleptMs.reduce((sum, ms) => sum + ms, 0)
    assert.ok(total > 57_000 && total < 60_000, String(total))
    assert.equal(Math.max(...clock.sleptMs), 2000)
  })

  it('as long as the server asks to wait, but two seconds at most; for none, its own wait', async (context) => {
    const after = (seconds: string): Recorded => ({
      status: 503,
      headers: { 'retry-after': seconds },
    })
    const { events, clock } = await replay(context, [
      after('1'),
      after('30'),
      after('0'),
      { status: 200 },
    ])
    await events.post([anEvent('e-1')])
    assert.deepEqual(clock.sleptMs, [1000, 2000, 225])
  })

  it('not at all where the caller does not want it', async (context) => {
    const { events, requests } = await replay(context, [{ status: 503 }], { retry: false })
    await assert.rejects(events.post([anEvent('e-1')]), isHttpError)
    assert.equal(requests.length, 1)
  })
})

describe('Reading', () => {
  it('is not asked again by itself', async (context) => {
    for (const answer of [
      { status: 503 },
      { status: 429 },
      { status: 200, isBroken: true },
    ] as const) {
      const { events, requests } = await replay(context, [answer])
      await assert.rejects(events.search())
      assert.equal(requests.length, 1)
    }
  })

  it('is where the caller wants it, after 429 as long as it asks to wait', async (context) => {
    const answers: Recorded[] = [
      { status: 429, headers: { 'retry-after': '1' } },
      { status: 504 },
      { status: 200, isBroken: true },
      { status: 200, body: [] },
    ]
    const { events, clock } = await replay(context, answers, { retry: { retriesMax: 3 } })
    assert.deepEqual(await events.search(), [])
    assert.deepEqual(clock.sleptMs, [1000, 150, 225])
  })

  it('takes an enum’s new value, nulls and fields that are not known', async (context) => {
    const wire = {
      id: 'e-1',
      execution_id: 'x-1',
      workspace_id: 'ws_orchard',
      speakeasy_api_key_name: '',
      interaction_type: 'DREAM',
      local_started_at: '2025-04-02T07:15:00.250Z',
      created_at: '2025-04-02T07:15:00.251Z',
      speakeasy_version: '1.542.3',
      success: false,
      error: null,
      dream_depth: 3,
    }
    const { events } = await replay(context, [{ status: 200, body: [wire] }])
    assert.deepEqual(await events.search(), [
      { ...anEvent('e-1'), interactionType: 'DREAM', extra: { dream_depth: 3 } },
    ])
  })

  for (const [what, body] of [
    ['a page of something else', '<html>'],
    ['an object', {}],
    ['an event without an id', [{}]],
    ['nothing', ''],
  ] as const) {
    it(`${what} is no answer`, async (context) => {
      const { events } = await replay(context, [
        { status: 200, body },
        { status: 200, body },
      ])
      await assert.rejects(events.search(), isAnswerError)
      await assert.rejects(events.getTargets(), isAnswerError)
    })
  }
})

describe('Errors', () => {
  it('in Speakeasy’s form', async (context) => {
    const { events } = await replay(context, [refusal(500, 'internal error')])
    await assert.rejects(events.search(), (error) => {
      assert.ok(isSpeakeasyError(error) && isHttpError(error))
      assert.deepEqual(
        [error.name, error.status, error.statusCode, error.detail],
        ['SpeakeasyError', 500, 500, 'internal error'],
      )
      assert.match(error.message, /^GET http:.* was answered 500: internal error$/)
      assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)}`, /sesame/)
      return true
    })
  })

  for (const [what, answer] of [
    ['a page', { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>' }],
    ['half of the form', { status: 500, body: { message: 'x' } }],
    ['a list', { status: 500, body: [] }],
    ['nothing', { status: 404 }],
    ['a redirect', { status: 307, headers: { location: 'https://elsewhere.example/' } }],
  ] as const) {
    it(`${what} is a plain refusal`, async (context) => {
      const { events } = await replay(context, [answer])
      await assert.rejects(
        events.search(),
        (error) => isHttpError(error) && !isSpeakeasyError(error),
      )
    })
  }

  it('no connection', async (context) => {
    const { events } = await replay(context, [{ status: 200, isBroken: true }], { retry: false })
    await assert.rejects(events.post([anEvent('e-1')]), isNetworkError)
  })
})

describe('Mistakes are told at once', () => {
  const options = {
    serverUrl: 'http://127.0.0.1:9',
    security: { apiKey: 'sesame' },
    workspaceId: 'ws',
  }
  for (const [what, given] of [
    ['no security', { ...options, security: undefined }],
    ['no credential', { ...options, security: {} }],
    ['a blank key', { ...options, security: { apiKey: ' ' } }],
    ['a key of two lines', { ...options, security: { apiKey: 'open\nsesame' } }],
    ['no address', { ...options, serverUrl: 'nowhere' }],
    ['a credential that there is not', { ...options, security: { apikey: 'sesame' } }],
    ['an option that there is not', { ...options, workspace: 'ws' }],
    ['the key alone', 'sesame'],
  ] as const) {
    it(what, () => {
      const make = () => new Speakeasy(given as unknown as SpeakeasyOptions)
      assert.throws(
        make,
        (error: Error) => error.name === 'TypeError' && !/sesame/.test(error.message),
      )
    })
  }

  const { events } = new Speakeasy(options)
  const homeless = new Speakeasy({ ...options, workspaceId: undefined }).events
  for (const [what, call, name] of [
    ['an event alone', () => events.post(anEvent('e-1') as never), 'TypeError'],
    ['no workspace', () => homeless.post([anEvent('e-1')]), 'TypeError'],
    ['an empty workspace', () => events.search({ workspaceId: '' }), 'TypeError'],
    ['a workspace that leads elsewhere', () => events.search({ workspaceId: '..' }), 'RangeError'],
    ['half a character', () => events.search({ workspaceId: '\ud800' }), 'RangeError'],
    ['half a character to look for', () => events.search({ executionId: '\ud800' }), 'RangeError'],
    ['no target', () => events.getEventsByTarget(''), 'TypeError'],
    ['a limit of 0', () => events.search({ limit: 0 }), 'RangeError'],
    ['a filter that there is not', () => events.search({ execution: 'x' } as never), 'TypeError'],
    ['an empty filter', () => events.search({ executionId: '' }), 'TypeError'],
    ['a slip of a target', () => events.getEventsByTarget('t', { after: 1 } as never), 'TypeError'],
    ['a slip of targets', () => events.getTargets({ afterCreatedAt: 1 } as never), 'TypeError'],
    ['a slip of a post', () => events.post([], { workspace: 'w' } as never), 'TypeError'],
    [
      'a time that is none',
      () => events.getTargets({ afterLastEventCreatedAt: new Date(NaN) }),
      'RangeError',
    ],
  ] as const) {
    it(what, () => assert.rejects(call, { name }))
  }
})
