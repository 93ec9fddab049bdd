import {
  Eventwell,
  isAnswerError,
  isHttpError,
  isNetworkError,
  isRequestError,
  isTimeoutError,
} from '@eventwell/client'
import { replayFetch } from '../support/replay.ts'
import { equal, fails, ok } from './assert.ts'
import type { Check } from './world.ts'

// What all clients share, by the native one: how a request ends on this runtime's `fetch`, and on none.

const emptyPage = { status: 200, body: { events: [], cursor: 'c', more: false } }
const key = 'no-error-shows-this-key'

/** A `fetch` that never answers, and takes no notice of signals. */
const silence = () => new Promise<Response>(() => undefined)

/** The transport's checks. */
export const httpChecks: readonly Check[] = [
  {
    name: 'http: an abort ends the call at once, and its reason is thrown as it is',
    run: async ({ url }) => {
      for (const fetch of [silence, undefined]) {
        const controller = new AbortController()
        const reason = { is: 'my own' }
        const client = new Eventwell({ url, key, fetch })
        const call = client.list({}, { signal: controller.signal })
        controller.abort(reason)
        await fails(call, (error) => error === reason)
        // Aborted before: nothing is sent.
        await fails(client.list({}, { signal: controller.signal }), (error) => error === reason)
      }
    },
  },
  {
    name: 'http: a try that is not answered in time is a TimeoutError',
    run: async ({ url }) => {
      const client = new Eventwell({ url, key, fetch: silence, timeoutMs: 20, retry: false })
      await fails(client.list(), (error) => isTimeoutError(error) && error.timeoutMs === 20)
    },
  },
  {
    name: 'http: after a 503 and a broken connection it is sent again, after as long as was asked',
    run: async ({ url }) => {
      const waitsMs: number[] = []
      const clock = {
        now: () => 0,
        random: () => 0,
        sleep: async (delayMs: number) => void waitsMs.push(delayMs),
      }
      const { fetch, requests } = replayFetch([
        { status: 503, headers: { 'retry-after': '3' } },
        { status: 0, isBroken: true },
        emptyPage,
      ])
      const page = await new Eventwell({ url, key, fetch, clock }).list()
      equal(page.events, [], 'the page')
      equal(requests.length, 3, 'the number of requests')
      equal(waitsMs.length, 2, 'the number of waits')
      equal(waitsMs[0], 3000, 'the first wait')
    },
  },
  {
    name: 'http: where nobody listens it is a NetworkError that says what and why, and no key',
    run: async () => {
      const client = new Eventwell({ url: 'http://127.0.0.1:2', key, retry: false })
      await fails(client.list(), (error) => {
        ok(isNetworkError(error) && isRequestError(error), 'it is no NetworkError')
        ok(error.cause !== undefined, 'it has no cause')
        ok(error.message.includes('127.0.0.1:2'), `it does not say where: ${error.message}`)
        ok(
          !`${error.message}${error.stack}${JSON.stringify(error)}`.includes(key),
          'it has the key',
        )
        return error.request.method === 'GET'
      })
    },
  },
  {
    name: 'http: a refusal of the server has its status, its headers and its data',
    run: async ({ url }) => {
      await fails(new Eventwell({ url, key: 'unknown' }).list(), (error) => {
        ok(isHttpError(error) && !isNetworkError(error), 'it is no HttpError')
        equal(error.status, 401, 'the status')
        const type = error.headers.get('content-type') ?? ''
        ok(type.startsWith('application/problem+json'), `the type is ${type}`)
        return (error.data as { status?: unknown }).status === 401
      })
    },
  },
  {
    name: 'http: a success that is no JSON is an AnswerError, and is not asked for again',
    run: async ({ url }) => {
      const page = { status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>Hello</h1>' }
      const { fetch, requests } = replayFetch([page])
      const client = new Eventwell({ url, key, fetch })
      await fails(client.list(), (error) => isAnswerError(error) && !isHttpError(error))
      equal(requests.length, 1, 'the number of requests')
    },
  },
]
