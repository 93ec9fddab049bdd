import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  isBadRequestError,
  isKnownEvent,
  isNetworkError,
  isRateLimitedError,
  isUnauthorizedError,
  isUnprocessableError,
  isAnswerError,
  isWorkOSError,
  WorkOS,
} from '@eventwell/client/workos'
import { ManualClock } from '../support/manual-clock.ts'
import { ReplayServer } from '../support/replay-server.ts'
import type { Recorded } from '../support/replay.ts'

// Answers as the live service gives them (contract 1.3 and 2), over a socket.

const requestId = '1a2b3c4d-0000-4000-8000-000000000007'
const live = {
  'content-type': 'application/json; charset=utf-8',
  'x-request-id': requestId,
  etag: 'W/"7"',
  vary: 'Origin, Accept-Encoding',
}
const connection = {
  object: 'event',
  id: 'event_01JQ0000000000000000000001',
  event: 'connection.activated',
  created_at: '2026-03-01T10:00:00.000Z',
  data: { object: 'connection', id: 'conn_1', name: 'Orchard sign-in', state: 'active' },
  context: {},
}
const newer = { ...connection, id: 'event_01JQ0000000000000000000002', event: 'pear.ripened' }
const list = (data: object[], after: string | null = null): Recorded => ({
  status: 200,
  headers: live,
  body: { object: 'list', data, list_metadata: { after } },
})
const refusal = (status: number, body: object, headers: object = {}): Recorded => {
  return { status, headers: { ...live, ...headers }, body }
}
const tooMany = { message: 'Too many requests.', code: 'rate_limit_exceeded' }

/** What is made of these answers, and how many requests that took. */
async function answered<T>(
  answers: readonly Recorded[],
  ask: (workos: WorkOS, clock: ManualClock) => Promise<T>,
): Promise<{ result: T; requests: number; sleptMs: number[] }> {
  const server = await ReplayServer.start(answers)
  try {
    const clock = new ManualClock()
    const workos = new WorkOS({ apiKey: 'sk_test_1', baseUrl: server.url, clock })
    const result = await ask(workos, clock)
    return { result, requests: server.requests.length, sleptMs: clock.sleptMs }
  } finally {
    await server.close()
  }
}

const repeated = (answer: Recorded) => Array.from({ length: 9 }, () => answer)
const listed = (workos: WorkOS) => workos.events.listEvents({ events: ['connection.activated'] })
const thrown = (workos: WorkOS) =>
  listed(workos).then(
    () => assert.fail('it was not refused'),
    (error: unknown) => error,
  )

describe('recorded answers', () => {
  it('a list', async () => {
    const { result } = await answered([list([connection])], listed)
    assert.deepEqual(result, { data: [connection], listMetadata: { after: null } })
  })

  it('an empty list', async () => {
    const { result } = await answered([list([])], listed)
    assert.deepEqual(result, { data: [], listMetadata: { after: null } })
  })

  it('an event of a type that nobody knew', async () => {
    const ask = (workos: WorkOS) => workos.events.listEvents()
    const { result } = await answered([list([connection, newer])], ask)
    assert.deepEqual(result.data.map(isKnownEvent), [true, false])
    assert.deepEqual(result.data[1], newer)
  })

  const refusals: readonly (readonly [
    what: string,
    answer: Recorded,
    isIt: (error: unknown) => boolean,
    code: string | undefined,
    says: RegExp,
  ])[] = [
    [
      '400 without names',
      refusal(400, {
        message:
          'One or more event names (e.g. dsync.user.created) must be provided using the events parameter.',
        code: 'invalid_events_request',
      }),
      isBadRequestError,
      'invalid_events_request',
      /must be provided using the events parameter/,
    ],
    [
      '400 for an unknown name',
      refusal(400, {
        message: "Invalid name parameter, received: 'x'. You must pass in valid event names",
        code: 'invalid_events_request',
      }),
      isBadRequestError,
      'invalid_events_request',
      /received: 'x'/,
    ],
    ['401', refusal(401, { message: 'Unauthorized' }), isUnauthorizedError, undefined, /Unauthor/],
    [
      '422',
      refusal(422, {
        message: 'Validation failed.',
        errors: [{ code: 'required', field: 'events' }],
      }),
      isUnprocessableError,
      undefined,
      /events: required/,
    ],
  ]
  for (const [what, answer, isIt, code, says] of refusals) {
    it(what, async () => {
      const { result, requests } = await answered([answer], thrown)
      assert.ok(isIt(result) && isWorkOSError(result), String(result))
      assert.deepEqual([result.code, result.requestID], [code, requestId])
      assert.match(result.message, says)
      assert.deepEqual(result.data, answer.body)
      assert.equal(requests, 1)
    })
  }

  it('429 with Retry-After, then success', async () => {
    const limited = refusal(429, tooMany, { 'retry-after': '2' })
    const { result, requests, sleptMs } = await answered([limited, list([connection])], listed)
    assert.deepEqual([result.data.length, requests, sleptMs], [1, 2, [2000]])
  })

  it('429 again and again', async () => {
    const limited = refusal(429, tooMany, { 'retry-after': '2' })
    const { result, requests, sleptMs } = await answered(repeated(limited), thrown)
    assert.ok(isRateLimitedError(result))
    assert.equal(result.retryAfterMs, 2000)
    assert.deepEqual([requests, sleptMs], [4, [2000, 2000, 2000]])
  })

  it('500, a page of a proxy, then success', async () => {
    const answers: Recorded[] = [
      refusal(500, { message: 'Internal server error' }),
      { status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>Bad Gateway</h1>' },
      list([connection]),
    ]
    const { result, requests } = await answered(answers, listed)
    assert.deepEqual([result.data.length, requests], [1, 3])
  })

  it('a connection that breaks, then success; and one that breaks on and on', async () => {
    const broken: Recorded = { status: 0, isBroken: true }
    const once = await answered([broken, list([connection])], listed)
    assert.deepEqual([once.result.data.length, once.requests], [1, 2])
    const { result } = await answered(repeated(broken), thrown)
    assert.ok(isNetworkError(result) && !isWorkOSError(result))
  })

  it('a success that is no list', async () => {
    for (const body of ['<h1>Welcome</h1>', { hello: 'world' }]) {
      const { result } = await answered([{ status: 200, body }], thrown)
      assert.ok(isAnswerError(result), String(result))
    }
  })

  it('a list of three pages, one of them refused for a while', async () => {
    const third = { ...connection, id: 'event_01JQ0000000000000000000003' }
    const answers = [
      list([connection], connection.id),
      refusal(429, tooMany, { 'retry-after': '1' }),
      list([newer], newer.id),
      list([third]),
    ]
    const { result } = await answered(answers, async (workos) => {
      const ids: string[] = []
      for await (const { id } of workos.events.iterate()) ids.push(id)
      return ids
    })
    assert.deepEqual(result, [connection.id, newer.id, third.id])
  })
})
