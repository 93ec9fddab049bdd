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
    [0, undefined, ' was answered 0: a redirect, which is not followed, since it would'],
  ]
  for (const [status, data, says] of messages) {
    it(`of ${status} with ${JSON.stringify(data)?.slice(0, 40)} says so`, () => {
      const { message } = new HttpError({ request, ...refusal, status, data })
      assert.ok(message.startsWith(`GET ${request.url}${says}`), message)
      if (status === 404) assert.equal(message, `GET ${request.url}${says}`)
    })
  }
})
