import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import type { Keys } from '../../src/core/access.ts'
import { defaultLimits, type Limits } from '../../src/core/limits.ts'
import { EventLog } from '../../src/core/log.ts'
import { dialects } from '../../src/dialects.ts'
import { createApp, type AppOptions } from '../../src/http/app.ts'
import type { EventStore } from '../../src/core/store.ts'
import { openMemoryStore } from '../../src/stores/memory/index.ts'

// Any key is good, and it is the name of its workspace.
const everyKey: Keys = {
  authenticate: (key) => ({
    workspace: key,
    scopes: ['read', 'write', 'erase', 'metrics'],
    isDevelopment: false,
  }),
}

/** Settings by workspace and dialect. */
export type SettingsByWorkspace = Readonly<Record<string, Readonly<Record<string, object>>>>

interface MemoryAppOptions extends Partial<Pick<AppOptions, 'publicUrl' | 'trustProxy' | 'keys'>> {
  readonly settings?: SettingsByWorkspace
  readonly limits?: Partial<Limits>
  /** Another store than the model. */
  readonly store?: EventStore
}

/** The whole app over the model of a store, called without a socket. */
export class MemoryApp {
  readonly log: EventLog
  readonly #app: FastifyInstance

  constructor({ settings = {}, limits, keys = everyKey, ...options }: MemoryAppOptions = {}) {
    // Asked each time, so that a test may set the clock.
    const { store = openMemoryStore(() => Date.now()) } = options
    this.log = new EventLog(store, { ...defaultLimits, ...limits })
    this.#app = createApp({
      ...options,
      log: this.log,
      keys,
      dialects,
      settings: {
        workspaces: Object.keys(settings),
        of: (workspace, dialect) => settings[workspace]?.[dialect] ?? {},
      },
    })
  }

  /** Asks for a path; the workspace is `default` unless the headers carry another key. */
  get(
    url: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<LightMyRequestResponse> {
    return this.#app.inject({ method: 'GET', url, headers: { ...bearer, ...headers } })
  }

  /** Posts text and bytes as they are, and anything else as JSON. */
  post(
    url: string,
    body: string | object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<LightMyRequestResponse> {
    const isWritten = typeof body === 'string' || Buffer.isBuffer(body)
    const payload = isWritten ? body : JSON.stringify(body)
    return this.#app.inject({ method: 'POST', url, headers: { ...bearer, ...headers }, payload })
  }

  /** Any other method, without a body. */
  ask(method: 'PUT' | 'PATCH' | 'DELETE' | 'HEAD', url: string): Promise<LightMyRequestResponse> {
    return this.#app.inject({ method, url, headers: bearer })
  }

  /** Any request; the workspace is `default` unless the headers carry another key. */
  send({ headers, ...request }: InjectOptions): Promise<LightMyRequestResponse> {
    return this.#app.inject({ ...request, headers: { ...bearer, ...headers } })
  }

  async close(): Promise<void> {
    await this.#app.close()
    await this.log.close()
  }
}

const bearer = { authorization: 'Bearer default' }
