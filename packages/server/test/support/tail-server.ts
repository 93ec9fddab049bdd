import type { AddressInfo, Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Keys } from '../../src/core/access.ts'
import { EventLog } from '../../src/core/log.ts'
import type { EventStore } from '../../src/core/store.ts'
import type { Dialect } from '../../src/dialects/contract.ts'
import { refuseAs } from '../../src/dialects/native/refuse.ts'
import { mountTail } from '../../src/dialects/native/tail/tail.ts'
import type { TailManner } from '../../src/dialects/native/tail/tails.ts'
import { createApp } from '../../src/http/app.ts'
import { openMemoryStore } from '../../src/stores/memory/index.ts'

/** What a test has its own of. */
export interface TailServerOptions {
  readonly manner?: Partial<TailManner>
  readonly store?: EventStore
  readonly keys?: Keys
}

// Any key is good, and it is the name of its workspace.
const everyKey: Keys = {
  authenticate: (key) => ({ workspace: key, scopes: ['read', 'write'], isDevelopment: false }),
}

/** The tail alone on a socket, with times that suit a test. Events are put in by the log. */
export class TailServer {
  readonly log: EventLog
  readonly app: FastifyInstance
  /** How many listen to the log at this moment, and who waits for nobody to. */
  listening = 0
  readonly #sockets = new Set<Socket>()
  #onQuiet = () => {}

  private constructor({ manner, store = openMemoryStore(), keys = everyKey }: TailServerOptions) {
    this.log = new EventLog(store)
    const { onAppend } = this.log
    this.log.onAppend = (workspace, listener) => {
      const stop = onAppend.call(this.log, workspace, listener)
      this.listening += 1
      return () => {
        stop()
        this.listening -= 1
        if (this.listening === 0) this.#onQuiet()
      }
    }
    this.app = createApp({ log: this.log, keys, dialects: [tailAlone(manner)] })
    this.app.server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
  }

  static async start(options: TailServerOptions = {}): Promise<TailServer> {
    const server = new TailServer(options)
    await server.app.listen({ host: '127.0.0.1', port: 0 })
    return server
  }

  /** The address of the tail with a query. */
  url(query = ''): string {
    const { port } = this.app.server.address() as AddressInfo
    return `http://127.0.0.1:${port}/eventwell/tail${query}`
  }

  /** The most bytes that wait to leave this process on one connection. */
  get mostQueued(): number {
    return Math.max(0, ...[...this.#sockets].map(({ writableLength }) => writableLength))
  }

  /** Resolves when nobody listens to the log any more. */
  quiet(): Promise<void> {
    return this.listening === 0
      ? Promise.resolve()
      : new Promise((resolve) => (this.#onQuiet = resolve))
  }

  async close(): Promise<void> {
    await this.app.close()
    await this.log.close()
  }
}

function tailAlone(manner: Partial<TailManner> | undefined): Dialect {
  return {
    name: 'eventwell',
    prefixes: ['/eventwell'],
    operations: [],
    absent: [],
    mount(app, services) {
      const refuse = refuseAs(undefined)
      app.setErrorHandler((thrown, request, reply) => refuse(thrown, request, reply))
      mountTail(app, services, manner)
    },
  }
}
