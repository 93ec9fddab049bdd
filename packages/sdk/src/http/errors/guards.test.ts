import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runInNewContext } from 'node:vm'
import { inspect } from 'node:util'
import { AnswerError } from './answer-error.ts'
import {
  isAnswerError,
  isHttpError,
  isNetworkError,
  isRequestError,
  isTimeoutError,
} from './guards.ts'
import { HttpError } from './http-error.ts'
import * as statusGuards from './status-guards.ts'
import { NetworkError } from './network-error.ts'
import { RequestError } from './request-error.ts'
import { TimeoutError } from './timeout-error.ts'

const request = { method: 'GET', url: 'https://events.example.com/events' }
const guards = { isHttpError, isNetworkError, isTimeoutError, isAnswerError }
const refusal = { status: 404, headers: new Headers(), data: undefined, retryAfterMs: undefined }

describe('A guard', () => {
  const own: [Error, keyof typeof guards | undefined][] = [
    [new HttpError({ request, ...refusal }), 'isHttpError'],
    [new NetworkError('reset', request), 'isNetworkError'],
    [new TimeoutError(request, 7), 'isTimeoutError'],
    [new AnswerError('HTML', request), 'isAnswerError'],
    [new RequestError('other', request), undefined],
  ]
  for (const [error, guard] of own) {
    it(`knows a ${error.name}, also of another realm`, () => {
      const make = runInNewContext(
        '(name, more) => Object.assign(new Error("x"), more, { name })',
      ) as (name: string, more: object) => Error
      const foreign = make(error.name, { ...error })
      assert.ok(!(foreign instanceof Error))
      for (const one of [error, foreign]) {
        assert.ok(isRequestError(one))
        for (const [name, isSo] of Object.entries(guards)) {
          assert.equal(isSo(one), name === guard, name)
        }
      }
    })
  }

  const others: [string, unknown][] = [
    ['null', null],
    ['undefined', undefined],
    ['a text', 'TimeoutError'],
    ['an Error', new Error('x')],
    ['a plain object', { name: 'TimeoutError', request, status: 1, headers: {} }],
    ['a DOMException', new DOMException('The operation timed out.', 'TimeoutError')],
    ['an aborted signal’s reason', AbortSignal.abort().reason],
    ['an object without a prototype', Object.create(null)],
    ['a function', () => request],
    ['an error as axios has them', Object.assign(new Error('x'), { status: 404, request: {} })],
    [
      'an error as octokit has them',
      Object.assign(new Error('x'), { status: 404, request: { ...request, headers: {} } }),
    ],
  ]
  for (const [name, error] of others) {
    it(`is not taken in by ${name}`, () => {
      for (const isSo of [isRequestError, ...Object.values(guards)])
        assert.equal(isSo(error), false)
    })
  }
})

describe('An error', () => {
  it('has no more of a request than may be shown', () => {
    const sent = { ...request, headers: { authorization: 'Bearer secret' }, body: 'secret' }
    for (const error of [new HttpError({ request: sent, ...refusal }), new TimeoutError(sent, 7)]) {
      const shown = inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error)
      assert.ok(!shown.includes('secret'))
      assert.deepEqual(error.request, request)
    }
  })

  const messages: [status: number, data: unknown, says: string][] = [
    [404, undefined, ' was answered 404'],
    [404, { message: 'No such event.' }, ' was answered 404: No such event.'],
    [404, { message: 7 }, ' was answered 404'],
    [404, 'not here', ' was answered 404: not here'],
    [404, 'x'.repeat(300), ` was answered 404: ${'x'.repeat(200)}`],
    [404, null, ' was answered 404'],
    [302, undefined, ' was answered 302: a redirect, which is not followed, since it would'],
    [304, undefined, ' was answered 304'],
    [0, undefined, ' was answered 0: a redirect, which is not followed, since it would'],
  ]
  for (const [status, data, says] of messages) {
    it(`of ${status} with ${JSON.stringify(data)?.slice(0, 40)} says so`, () => {
      const { message } = new HttpError({ request, ...refusal, status, data })
      assert.ok(message.startsWith(`GET ${request.url}${says}`), message)
      if (status >= 304) assert.equal(message, `GET ${request.url}${says}`)
    })
  }
})

describe('A guard of refusals', () => {
  const statuses: Record<number, keyof typeof statusGuards | undefined> = {
    400: 'isBadRequestError',
    401: 'isUnauthorizedError',
    403: 'isForbiddenError',
    404: 'isNotFoundError',
    409: 'isConflictError',
    410: 'isGoneError',
    418: undefined,
    422: 'isUnprocessableError',
    423: 'isLockedError',
    428: 'isPreconditionRequiredError',
    429: 'isRateLimitedError',
    499: undefined,
    500: 'isServerError',
    599: 'isServerError',
    600: undefined,
  }
  for (const [status, guard] of Object.entries(statuses)) {
    it(`knows ${status}, as ${guard ?? 'none of the named'}`, () => {
      const error = new HttpError({ request, ...refusal, status: Number(status) })
      for (const [name, isSo] of Object.entries(statusGuards)) {
        assert.equal(isSo(error), name === guard, name)
        assert.equal(isSo({ ...error }), false)
      }
    })
  }

  it('is not taken in by a refusal of another package', () => {
    const others = [{ headers: {} }, { headers: new Headers() }, { headers: {}, retryAfterMs: 1 }]
    for (const other of others) {
      const error = Object.assign(new Error('x'), { request, status: 404 }, other)
      assert.equal(isHttpError(error) || statusGuards.isNotFoundError(error), false)
    }
  })
})
