import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { scopes, type Keys, type Scope } from '../../src/core/access.ts'
import type { NewEvent } from '../../src/core/event.ts'
import { EventLog } from '../../src/core/log.ts'
import type { Retention } from '../../src/core/removal/retention.ts'
import type { EventStore } from '../../src/core/store.ts'
import type { Dialect } from '../../src/dialects/contract.ts'
import { mountConsumers } from '../../src/dialects/native/consumers/consumers.ts'
import { mountErasures } from '../../src/dialects/native/removal/erasures.ts'
import { prefixes } from '../../src/dialects/native/prefixes.ts'
import { refuseParameters } from '../../src/dialects/native/no-parameters.ts'
import { operations } from '../../src/dialects/native/operations.ts'
import { refuseAs } from '../../src/dialects/native/refuse.ts'
import { mountReads } from '../../src/dialects/native/read/reads.ts'
import { mountRetention } from '../../src/dialects/native/removal/retention.ts'
import { acceptAnyBody } from '../../src/dialects/shared/body.ts'
import { createApp } from '../../src/http/app.ts'

/** What a test looks at of an answer. */
export interface PartAnswer {
  readonly status: number
  readonly body: Record<string, unknown>
  readonly headers: LightMyRequestResponse['headers']
}

// A key is the name of its workspace, with the scopes it lacks behind it: `w-erase`.
const everyKey: Keys = {
  authenticate(key) {
    const [workspace = '', lacked] = key.split('-')
    const given = scopes.filter((scope): scope is Scope => scope !== lacked)
    return { workspace, scopes: given, isDevelopment: false }
  },
}

const part: Dialect = {
  name: 'eventwell',
  prefixes,
  operations: [],
  absent: [],
  mount(app, services) {
    const refuse = refuseAs(undefined)
    app.setErrorHandler((thrown, request, reply) => refuse(thrown, request, reply))
    acceptAnyBody(app, services)
    refuseParameters(app, operations)
    for (const mount of [mountReads, mountConsumers, mountErasures, mountRetention]) {
      mount(app, services)
    }
  },
}

/** The part of the native API that keeps house, over a store, called without a socket. */
export class NativePart {
  readonly log: EventLog
  readonly #app: FastifyInstance

  /** With these rules of retention in every workspace. */
  constructor(store: EventStore, retention: Retention = {}) {
    this.log = new EventLog(store)
    const settings = { workspaces: ['w'], of: () => retention }
    this.#app = createApp({ log: this.log, keys: everyKey, dialects: [part], settings })
  }

  /** Puts events with these types and other fields into the workspace `w`. */
  async append(events: readonly (Partial<NewEvent> & { readonly id: string })[]): Promise<void> {
    const whole = events.map((event) => ({ source: '/s', type: 't', ...event }))
    await this.log.append('w', whole, 'replace')
  }

  /** Asks for a path below `/eventwell`, in the workspace `w` unless another key is given. */
  async ask(
    method: 'GET' | 'PUT' | 'POST' | 'DELETE',
    path: string,
    body?: object | string,
    key = 'w',
    headers: Readonly<Record<string, string>> = {},
  ): Promise<PartAnswer> {
    const request: InjectOptions = {
      method,
      url: `/eventwell${path}`,
      headers: { authorization: `Bearer ${key}`, ...headers },
      ...(body !== undefined && {
        payload: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    }
    const { statusCode, payload, headers: found } = await this.#app.inject(request)
    const shown = payload === '' ? {} : (JSON.parse(payload) as Record<string, unknown>)
    return { status: statusCode, body: shown, headers: found }
  }

  /** The ids that a list shows; all of them, unless the query says otherwise. */
  async ids(query = ''): Promise<string[]> {
    const { body } = await this.ask('GET', `/events?limit=1000&${query}`)
    return (body['events'] as { id: string }[]).map(({ id }) => id)
  }
}
