import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Logspace } from '../../src/logspace/index.ts'
import { Eventwell, type CallOptions, type ClientOptions } from '../../src/index.ts'
import { Speakeasy } from '../../src/speakeasy/index.ts'
import { Webex } from '../../src/webex/index.ts'
import { WorkOS } from '../../src/workos/index.ts'
import { anEvent as aCliEvent } from '../speakeasy/support.ts'
import { replayFetch } from '../support/replay.ts'

// What a call is given and does not have would be missed: a bound, a key, a signal. Every method of every
// client tells of it before anything is sent.

const url = 'http://127.0.0.1:4567'
const key = 'key'
const event = { source: '/s', type: 't' }
const day = new Date('2026-03-01')

/** Calls a method; one that iterates takes its first step. */
type Method = (options: ClientOptions, call: CallOptions) => unknown

const native =
  (method: (client: Eventwell, call: CallOptions) => unknown): Method =>
  (options, call) =>
    method(new Eventwell({ ...options, url, key }), call)
const speakeasy =
  (method: (client: Speakeasy['events'], call: CallOptions) => unknown): Method =>
  (options, call) => {
    const security = { apiKey: key }
    return method(
      new Speakeasy({ ...options, serverUrl: url, security, workspaceId: 'w' }).events,
      call,
    )
  }
const workos =
  (method: (client: WorkOS['events'], call: CallOptions) => unknown): Method =>
  (options, call) =>
    method(new WorkOS({ ...options, baseUrl: url, apiKey: key }).events, call)
const webex =
  (method: (client: Webex, call: CallOptions) => unknown): Method =>
  (options, call) =>
    method(new Webex({ ...options, baseUrl: url, accessToken: async () => key }), call)
const logspace =
  (method: (client: Logspace, call: CallOptions) => unknown): Method =>
  (options, call) =>
    method(new Logspace({ ...options, hqUrl: url, spaceToken: key }), call)

const logspaceEvent = { id: '1', system: 's', agentId: 'a', timestamp: day }
const capabilities = { id: 'c', system: 's', agents: [] }
const audit = { orgId: 'o', from: day, to: day }

const methods: Record<string, Method> = {
  'append of one': native((client, call) => client.append(event, call)),
  append: native((client, call) => client.append([event], call)),
  'append by a key': native((client, call) =>
    client.append([event], Object.assign(call, { idempotencyKey: 'k' })),
  ),
  appendEach: native((client, call) => client.appendEach([event], call)),
  list: native((client, call) => client.list({}, call)),
  pages: native((client, call) => client.pages({}, call).next()),
  read: native((client, call) => client.read({}, call).next()),
  tail: native((client, call) => client.tail({}, call).next()),
  get: native((client, call) => client.get('1', call)),
  histogram: native((client, call) => client.histogram({ interval: '1h' }, call)),
  aggregate: native((client, call) => client.aggregate({}, call)),
  facet: native((client, call) => client.facet('type', {}, call)),
  export: native((client, call) => client.export({}, call)),
  consumers: native((client, call) => client.consumers(call)),
  erase: native((client, call) => client.erase({ subject: 's' }, call)),
  erasures: native((client, call) => client.erasures({}, call)),
  retention: native((client, call) => client.retention(call)),
  'get of a consumer': native((client, call) => client.consumer('c').get(call)),
  commit: native((client, call) => client.consumer('c').commit('1', call)),
  lease: native((client, call) => client.consumer('c').lease({ seconds: 1 }, call)),
  forget: native((client, call) => client.consumer('c').forget(call)),
  'pages of a consumer': native((client, call) => client.consumer('c').pages({}, call).next()),
  'post of Speakeasy': speakeasy((client, call) => client.post([aCliEvent('1')], call)),
  'search of Speakeasy': speakeasy((client, call) => client.search(call)),
  'getTargets of Speakeasy': speakeasy((client, call) => client.getTargets(call)),
  'listEvents of WorkOS': workos((client, call) => client.listEvents({}, call)),
  'iterate of WorkOS': workos((client, call) => client.iterate({}, call).next()),
  'list of Webex': webex((client, call) => client.events.list({}, call)),
  'iterate of Webex': webex((client, call) => client.events.iterate({}, call).next()),
  'get of Webex': webex((client, call) => client.events.get('1', call)),
  'an audit of Webex': webex((client, call) => client.adminAudit.list(audit, call)),
  'storeEvents of Logspace': logspace((client, call) => client.storeEvents([logspaceEvent], call)),
  'uploadCapabilities of Logspace': logspace((client, call) =>
    client.uploadCapabilities(capabilities, call),
  ),
  'orders of Logspace': logspace((client, call) => client.orders('c', call)),
  'retrieveEvents of Logspace': logspace((client, call) => client.retrieveEvents(call)),
  'iterateEvents of Logspace': logspace((client, call) => client.iterateEvents(call).next()),
  'streamEvents of Logspace': logspace((client, call) => client.streamEvents(call).next()),
}

const wrong: Record<string, () => unknown> = {
  'a name that there is not': () => ({ timeout: 1 }),
  'a controller as a signal': () => ({ signal: new AbortController() }),
  'a signal as the options': () => AbortSignal.abort(new Error('aborted')),
}

describe('The options of a call', () => {
  for (const [name, method] of Object.entries(methods)) {
    for (const [what, call] of Object.entries(wrong)) {
      it(`to ${name} cannot be ${what}`, async () => {
        const { fetch, requests } = replayFetch([])
        const given = call() as CallOptions
        // At once or as a rejection, as the method has it for its other arguments.
        await assert.rejects(async () => method({ fetch, retry: false }, given), {
          name: 'TypeError',
          message: /must not have "timeout"; there are|signal must be an AbortSignal|plain object/,
        })
        assert.deepEqual(requests, [])
      })
    }
  }

  for (const name of ['idempotencykey', 'idempotencyKey', 'mode', 'timeoutMs']) {
    it(`to append one event are not ${name}, which it does not have`, async () => {
      const { fetch, requests } = replayFetch([])
      const client = new Eventwell({ url, key, fetch })
      const call = { [name]: name === 'timeoutMs' ? 1 : 'each' }
      await assert.rejects(client.append(event, call), { name: 'TypeError' })
      assert.deepEqual(requests, [])
    })
  }

  it('that have their own names are told with all that there are', () => {
    const client = new Eventwell({ url, key })
    const call = { folow: true } as object
    assert.throws(() => client.consumer('c').pages({}, call), { message: /"folow".*\bfollow\b/ })
    assert.throws(() => client.pages({}, call), { message: /"folow".*\bonGap\b/ })
    assert.throws(() => client.tail({}, call), { message: /"folow".*\bsilenceMs\b/ })
  })

  it('may have a signal of another realm, and what is undefined', async () => {
    const none = () => {}
    const listens = { addEventListener: none, removeEventListener: none }
    const signal = { aborted: false, throwIfAborted: none, ...listens }
    const { fetch } = replayFetch([{ status: 200, body: { events: [], cursor: 'c', more: false } }])
    const call = { signal, timeout: undefined } as object
    assert.equal((await new Eventwell({ url, key, fetch }).list({}, call)).more, false)
  })
})
