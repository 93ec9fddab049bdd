import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inspect } from 'node:util'
import { ManualClock } from '../../test/support/manual-clock.ts'
import { replayFetch, type Recorded } from '../../test/support/replay.ts'
import * as http from '../http/index.ts'
import { WorkOS } from './client.ts'
import { WorkOSError } from './error.ts'
import { isWorkOSError } from './guards.ts'

const kinds = {
  400: http.isBadRequestError,
  401: http.isUnauthorizedError,
  403: http.isForbiddenError,
  404: http.isNotFoundError,
  409: http.isConflictError,
  422: http.isUnprocessableError,
  429: http.isRateLimitedError,
  500: http.isServerError,
}

/** What a list that is refused throws. */
async function refusal(answer: Recorded): Promise<unknown> {
  const { fetch } = replayFetch([answer])
  const workos = new WorkOS({ apiKey: 'sk_secret', baseUrl: 'http://h', fetch, retry: false })
  return workos.events.listEvents().then(
    () => assert.fail('it was not refused'),
    (thrown: unknown) => thrown,
  )
}

describe('a refusal', () => {
  const cases: readonly (readonly [what: string, Recorded, message: string, code?: string])[] = [
    [
      'of no names',
      { status: 400, body: { message: 'One or more names.', code: 'invalid_events_request' } },
      'answered 400: One or more names.',
      'invalid_events_request',
    ],
    [
      'of an unknown organization',
      { status: 400, body: { message: "Organization not found: 'org_1'." } },
      "answered 400: Organization not found: 'org_1'.",
    ],
    [
      'of the key',
      { status: 401, body: { message: 'Unauthorized' } },
      'answered 401: Unauthorized',
    ],
    [
      'of a value',
      {
        status: 422,
        body: { message: 'Validation failed.', errors: [{ code: 'required', field: 'events' }] },
      },
      'answered 422: Validation failed. events: required',
    ],
    [
      'with texts for errors',
      { status: 400, body: { message: 'No.', errors: ['first', { message: 'second' }, 7] } },
      'answered 400: No. first second',
    ],
    [
      'as of OAuth',
      { status: 400, body: { error: 'invalid_grant', error_description: 'Too old.' } },
      'answered 400: Too old.',
    ],
    [
      'by a proxy',
      { status: 502, body: '<h1>Bad Gateway</h1>' },
      'answered 502: <h1>Bad Gateway</h1>',
    ],
    ['without a word', { status: 503 }, 'answered 503'],
    ['with a body that makes no sense', { status: 400, body: [1] }, 'answered 400'],
    ['by a redirect', { status: 302, body: {} }, 'answered 302: a redirect, which is not followed'],
  ]
  for (const [what, answer, message, code] of cases) {
    it(`${what} says so`, async () => {
      const error = await refusal({ ...answer, headers: { 'x-request-id': 'id-7' } })
      assert.ok(isWorkOSError(error))
      assert.ok(error.message.includes(message), error.message)
      assert.deepEqual([error.status, error.code, error.requestID], [answer.status, code, 'id-7'])
      assert.ok(!inspect(error, { depth: 9, showHidden: true }).includes('sk_secret'))
    })
  }

  it('is told from the others by its guard, and is an HttpError', async () => {
    for (const status of [400, 401, 403, 404, 409, 418, 422, 429, 500, 503]) {
      const error = await refusal({ status })
      assert.ok(
        error instanceof WorkOSError && error instanceof http.HttpError && http.isHttpError(error),
      )
      for (const [other, isIt] of Object.entries(kinds)) {
        assert.equal(isIt(error), other === String(status) || (other === '500' && status > 499))
      }
    }
    const foreign = Object.assign(new Error('x'), { status: 401, headers: {}, request: {} })
    for (const isIt of Object.values(kinds)) assert.ok(!isIt(foreign) && !isIt(undefined))
  })

  it('names what is wrong in particular, up to a bound', async () => {
    const errors = Array.from({ length: 200 }, (_, n) => ({ field: `f${n}`, code: 'bad' }))
    const error = await refusal({ status: 422, body: { message: 'No.', errors } })
    assert.ok(isWorkOSError(error) && http.isUnprocessableError(error))
    assert.equal(error.errors.length, 100)
    assert.deepEqual(error.errors[1], { field: 'f1', code: 'bad', message: undefined })
    assert.ok(error.message.length < 400)
  })
})

describe('sending again', () => {
  const done: Recorded = { status: 200, body: { data: [], list_metadata: { after: null } } }
  const waits: readonly (readonly [what: string, answers: Recorded[], sleptMs: number[]])[] = [
    ['after a 500', [{ status: 500 }, done], [1687.5]],
    [
      'after three',
      [{ status: 408 }, { status: 502 }, { status: 504 }, done],
      [1687.5, 2531.25, 3796.875],
    ],
    ['after no answer', [{ status: 0, isBroken: true }, done], [1687.5]],
    [
      'after a 429, as long as it says',
      [{ status: 429, headers: { 'retry-after': '7' } }, done],
      [7000],
    ],
    [
      'as ever where no wait is asked for',
      [{ status: 429, headers: { 'retry-after': '0' } }, done],
      [1687.5],
    ],
    [
      'after a minute at most',
      [{ status: 429, headers: { 'retry-after': '3600' } }, done],
      [60_000],
    ],
    [
      'at a date',
      [{ status: 503, headers: { 'retry-after': 'Sun, 01 Mar 2026 00:00:09 GMT' } }, done],
      [9000],
    ],
  ]
  for (const [what, answers, sleptMs] of waits) {
    it(`waits ${what}`, async () => {
      const { fetch, requests } = replayFetch(answers)
      const clock = new ManualClock()
      const workos = new WorkOS({ apiKey: 'sk', baseUrl: 'http://h', fetch, clock })
      assert.deepEqual((await workos.events.listEvents()).data, [])
      assert.deepEqual(clock.sleptMs, sleptMs)
      assert.equal(requests.length, answers.length)
    })
  }

  it('ends after three, with what came last', async () => {
    const { fetch, requests } = replayFetch(Array.from({ length: 9 }, () => ({ status: 429 })))
    const options = { apiKey: 'sk', baseUrl: 'http://h', fetch, clock: new ManualClock() }
    await assert.rejects(new WorkOS(options).events.listEvents(), http.isRateLimitedError)
    assert.equal(requests.length, 4)
  })

  for (const status of [400, 401, 403, 404, 409, 422, 501]) {
    it(`does not after a ${status}`, async () => {
      const { fetch, requests } = replayFetch([{ status }, done])
      const workos = new WorkOS({ apiKey: 'sk', baseUrl: 'http://h', fetch })
      await assert.rejects(workos.events.listEvents(), { status })
      assert.equal(requests.length, 1)
    })
  }
})

describe('a client', () => {
  const mistakes: readonly (readonly [what: string, options: object])[] = [
    ['no key', {}],
    ['an empty key', { apiKey: '' }],
    ['a key with a line in it', { apiKey: 'sk_secret\n' }],
    ['a key that no header can hold', { apiKey: 'sk_secret_ü' }],
    ['an address that is none', { apiKey: 'sk_secret', baseUrl: 'localhost' }],
    ['an address with a password', { apiKey: 'sk_secret', baseUrl: 'http://a:sk_secret@h' }],
    ['an option that there is not', { apiKey: 'sk_secret', timeout: 5 }],
    ['a retry that there is not', { apiKey: 'sk_secret', retry: { retries: 5 } }],
    ['no time', { apiKey: 'sk_secret', timeoutMs: 0 }],
  ]
  for (const [what, options] of mistakes) {
    it(`cannot be made with ${what}, and shows no key`, () => {
      assert.throws(
        () => new WorkOS(options as { apiKey: string }),
        (thrown) => {
          assert.ok(thrown instanceof TypeError || thrown instanceof RangeError)
          return !inspect(thrown).includes('sk_secret')
        },
      )
    })
  }

  it('cannot be made with the key alone, and says how', () => {
    assert.throws(() => new WorkOS('sk_secret' as never), {
      name: 'TypeError',
      message: 'The argument of new WorkOS({ apiKey }) must be a plain object.',
    })
  })

  it('shows no key', () => {
    const workos = new WorkOS({ apiKey: 'sk_secret' })
    assert.ok(!inspect(workos, { depth: 9, showHidden: true }).includes('sk_secret'))
    assert.equal(JSON.stringify(workos), '{"events":{}}')
  })

  it('asks WorkOS where nothing is said, and a path where one is given', async () => {
    const addresses: string[] = []
    const fetch = async (address: string) => {
      addresses.push(address)
      return Response.json({ data: [] })
    }
    await new WorkOS({ apiKey: 'sk', fetch }).events.listEvents()
    await new WorkOS({ apiKey: 'sk', baseUrl: 'http://h:1/workos/', fetch }).events.listEvents()
    const wanted = ['https://api.workos.com/events?limit=10', 'http://h:1/workos/events?limit=10']
    assert.deepEqual(addresses, wanted)
  })

  it('rejects what cannot be asked, and sends nothing', async () => {
    const { fetch, requests } = replayFetch([])
    const workos = new WorkOS({ apiKey: 'sk', fetch })
    await assert.rejects(workos.events.listEvents({ limit: 1000 }), RangeError)
    assert.equal(requests.length, 0)
  })
})
