import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { AnswerError } from './errors/answer-error.ts'
import { HttpError } from './errors/http-error.ts'
import { NetworkError } from './errors/network-error.ts'
import { TimeoutError } from './errors/timeout-error.ts'
import { retryAfterMsOf } from './retry-after.ts'
import { changedPolicy, delayMsBefore, noRetries, type RetryPolicy } from './retry.ts'

const request = { method: 'GET', url: 'https://events.example.com/events' }
const policy: RetryPolicy = {
  retriesMax: 4,
  statuses: [429, 503],
  withoutAnswer: true,
  firstDelayMs: 100,
  factor: 3,
  delayMsMax: 1000,
  jitter: 0.5,
  retryAfterMsMax: 60_000,
}

function refused(status: number, retryAfterMs?: number): HttpError {
  return new HttpError({ request, status, headers: new Headers(), data: undefined, retryAfterMs })
}

describe('The wait before a request is sent again', () => {
  const network = new NetworkError('reset', request)
  const cases: [
    name: string,
    error: unknown,
    retries: number,
    random: number,
    delayMs: number | undefined,
    changes?: Partial<RetryPolicy>,
  ][] = [
    ['the first', refused(503), 0, 0, 100],
    ['the second', refused(503), 1, 0, 300],
    ['the third', refused(503), 2, 0, 900],
    ['the fourth, at the longest', refused(503), 3, 0, 1000],
    ['the fifth, which is none', refused(503), 4, 0, undefined],
    ['by chance', refused(503), 0, 0.999, 100 * (1 - 0.5 * 0.999)],
    ['by half a chance at the longest', refused(503), 3, 0.5, 750],
    ['of another status', refused(500), 0, 0, undefined],
    ['of a success that cannot be understood', new AnswerError('HTML', request), 0, 0, undefined],
    ['of a mistake', new TypeError('fetch failed'), 0, 0, undefined],
    ['of what is no error', 'enough', 0, 0, undefined],
    ['without an answer', network, 0, 0, 100],
    ['without an answer in time', new TimeoutError(request, 7), 1, 0, 300],
    ['without an answer, not wanted', network, 0, 0, undefined, { withoutAnswer: false }],
    ['that the server asks for', refused(429, 7000), 0, 0.9, 7000],
    ['that the server asks for, late', refused(503, 7000), 3, 0, 7000],
    ['that is longer than is obeyed', refused(429, 61_000), 0, 0, 60_000],
    ['that the server says is none, which is no wish', refused(429, 0), 1, 0, 300],
    ['of a status that is not sent again, whatever it asks for', refused(500, 7), 0, 0, undefined],
    ['of ever so many', refused(503), 5000, 0, 1000, { retriesMax: Infinity }],
    [
      'of nothing, ever so often',
      refused(503),
      5000,
      0,
      0,
      { retriesMax: Infinity, firstDelayMs: 0 },
    ],
  ]
  for (const [name, error, retries, random, delayMs, changes] of cases) {
    it(name, () => {
      assert.equal(delayMsBefore({ ...policy, ...changes }, error, retries, random), delayMs)
      assert.equal(delayMsBefore(noRetries, error, retries, random), undefined)
    })
  }
})

describe('A policy with changes', () => {
  it('has them, and what is undefined changes nothing', () => {
    assert.deepEqual(changedPolicy(policy), policy)
    const changes = { retriesMax: Infinity, factor: undefined, statuses: [500] }
    const wanted = { ...policy, retriesMax: Infinity, statuses: [500] }
    assert.deepEqual(changedPolicy(policy, changes), wanted)
  })

  const wrong: object[] = [
    { retriesMax: NaN },
    { retriesMax: -1 },
    { firstDelayMs: '100' },
    { jitter: 1.1 },
    { delayMsMax: null },
    { retryAfterMsMax: -1 },
    { statuses: '429' },
    { retries: 3 },
  ]
  for (const changes of wrong) {
    it(`cannot be ${Object.keys(changes).join()} ${String(Object.values(changes))}`, () => {
      assert.throws(
        () => changedPolicy(policy, changes),
        (error: unknown) =>
          error instanceof ('statuses' in changes || 'retries' in changes ? TypeError : RangeError),
      )
    })
  }
})

describe('Retry-After', () => {
  const nowMs = Date.parse('2026-03-01T10:00:00.250Z')
  const cases: [headers: Record<string, string>, ms: number | undefined, status?: number][] = [
    [{ 'Retry-After': '194' }, 194_000],
    [{ 'retry-after': ' 7 ' }, 7000],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '1.5' }, 1500],
    [{ 'retry-after': '0.0001' }, 1],
    [{ 'retry-after': 'Sun, 01 Mar 2026 10:00:10 GMT' }, 9750],
    [{ 'retry-after': 'Sun, 01 Mar 2026 09:00:00 GMT' }, 0],
    [{ 'retry-after': 'Xyz, 99 Mar 2026 99:00:00 GMT' }, undefined],
    [{ 'retry-after': '2026-03-01T10:00:10Z' }, undefined],
    [{ 'retry-after': '-5' }, undefined],
    [{ 'retry-after': '12 apples' }, undefined],
    [{ 'retry-after': '5, 10' }, undefined],
    [{ 'retry-after': 'rand(30),add(30)' }, undefined],
    [{ 'retry-after': '1e3' }, undefined],
    [{ 'retry-after': 'Infinity' }, undefined],
    [{ 'retry-after': '' }, undefined],
    [{ 'retry-after': '9'.repeat(400) }, Infinity],
    [{ 'retry-after': 'Sunday, 01-Mar-26 10:00:10 GMT' }, 9750],
    [{ 'retry-after': 'Sun Mar  1 10:00:10 2026' }, 9750],
    [{ 'ratelimit-reset': '30' }, 30_000],
    [{ 'ratelimit-reset': '30' }, undefined, 503],
    [{ 'ratelimit-reset': '86400' }, 86_400_000],
    [{ 'ratelimit-reset': '86401' }, undefined],
    [{ 'ratelimit-reset': '1772359260' }, undefined],
    [{ 'ratelimit-reset': 'Sun, 01 Mar 2026 10:00:10 GMT' }, undefined],
    [{ 'retry-after': '5', 'ratelimit-reset': '30' }, 5000, 503],
    [{ 'retry-after': '1', 'ratelimit-reset': '30' }, 1000],
    [{ 'retry-after': 'soon', 'ratelimit-reset': '30' }, undefined],
    [{}, undefined],
  ]
  for (const [headers, ms, status = 429] of cases) {
    it(`${JSON.stringify(headers).slice(0, 80)} at ${status} is ${ms} ms`, () => {
      assert.equal(retryAfterMsOf(status, new Headers(headers), nowMs), ms)
    })
  }
})
