import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inspect } from 'node:util'
import { Logspace } from '../../src/logspace/index.ts'
import { Eventwell, isRequestError, type ClientOptions } from '../../src/index.ts'
import { Speakeasy } from '../../src/speakeasy/index.ts'
import { Webex } from '../../src/webex/index.ts'
import { WorkOS } from '../../src/workos/index.ts'
import { replayFetch, type Recorded } from '../support/replay.ts'

// A server that repeats the key that it was sent, wherever it can: no error of any client shows it.

const key = 'sk_open+sesame/7'
const url = 'http://127.0.0.1:4567'
type Options = Pick<ClientOptions, 'fetch' | 'retry'>

const workspaceId = 'w'
const clients: Record<string, (options: Options) => Promise<unknown>> = {
  Eventwell: (options) => new Eventwell({ ...options, url, key }).get('1'),
  'the tail of Eventwell': (options) =>
    new Eventwell({ ...options, url, key }).tail({}, { failuresMax: 0 }).next(),
  'Speakeasy by a key': (options) =>
    new Speakeasy({ ...options, workspaceId, serverUrl: url, security: { apiKey: key } }).events //
      .search(),
  'Speakeasy by a bearer': (options) =>
    new Speakeasy({ ...options, workspaceId, serverUrl: url, security: { bearer: key } }).events //
      .search(),
  'Speakeasy by a workspace': (options) => {
    const security = { workspaceIdentifier: key }
    return new Speakeasy({ ...options, workspaceId, serverUrl: url, security }).events.search()
  },
  WorkOS: (options) => new WorkOS({ ...options, baseUrl: url, apiKey: key }).events.listEvents(),
  Webex: (options) => new Webex({ ...options, baseUrl: url, accessToken: key }).events.list(),
  'Webex by a function': (options) =>
    new Webex({ ...options, baseUrl: url, accessToken: async () => key }).events.list(),
  Logspace: (options) => new Logspace({ ...options, hqUrl: url, spaceToken: key }).retrieveEvents(),
  'an order of Logspace': (options) =>
    new Logspace({ ...options, hqUrl: url, spaceToken: key }).orders('1'),
  'a stream of Logspace': (options) =>
    new Logspace({ ...options, hqUrl: url, spaceToken: key }).streamEvents().next(),
}

const headers = { 'x-echo': `Bearer ${key}`, location: `/?key=${encodeURIComponent(key)}` }
const html = { 'content-type': 'text/html' }
const answers: [name: string, answer: Recorded][] = [
  [
    'a refusal',
    {
      status: 401,
      headers,
      body: {
        message: `Unknown key ${key}`,
        type: 'INVALID_SPACE_TOKEN',
        code: key,
        detail: key,
        status_code: 401,
        parameters: { 'space-token': key },
        errors: [{ message: key, description: key, field: key }],
        [key]: 1,
      },
    },
  ],
  ['a refusal in HTML', { status: 403, headers: { ...headers, ...html }, body: `<p>${key}</p>` }],
  ['a success in HTML', { status: 200, headers: html, body: `<html>${key}</html>` }],
  ['a success that begins with it', { status: 200, headers: html, body: `${key}?` }],
  [
    'a success that is cut where the key is',
    { status: 200, headers: html, body: `<html>${'x'.repeat(45)}${key}</html>` },
  ],
]

describe('A key that is repeated', () => {
  for (const [name, ask] of Object.entries(clients)) {
    for (const [what, answer] of answers) {
      it(`to ${name} by ${what} is in no error`, async () => {
        const { fetch, requests } = replayFetch([answer])
        const error = await ask({ fetch, retry: false }).then(
          () => assert.fail('it did not fail'),
          (thrown: unknown) => thrown,
        )
        assert.ok(isRequestError(error), inspect(error))
        assert.ok(JSON.stringify(requests).includes(key))
        const shown = inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error)
        for (const part of [key, key.slice(0, 8), encodeURIComponent(key)]) {
          assert.ok(!`${shown}${error.stack}${String(error.cause)}`.includes(part), shown)
        }
      })
    }
  }
})
