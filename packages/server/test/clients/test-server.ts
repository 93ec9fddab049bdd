import type { Scope } from '../../src/core/access.ts'
import { KeyRing } from '../../src/keys/key-ring.ts'
import { startServer, type RunningServer } from '../../src/server.ts'
import { temporaryFolder } from '../support/folder.ts'

/** Where a client is pointed: the server's address, a workspace, and a key to it. */
export interface Workspace {
  readonly url: string
  readonly name: string
  readonly key: string
}

/** A server on a socket and a folder of its own, for clients that know nothing of it but the address. */
export class TestServer {
  readonly #server: RunningServer
  readonly #keys: KeyRing
  readonly #folder: ReturnType<typeof temporaryFolder>
  #workspaces = 0

  private constructor(
    server: RunningServer,
    keys: KeyRing,
    folder: ReturnType<typeof temporaryFolder>,
  ) {
    this.#server = server
    this.#keys = keys
    this.#folder = folder
  }

  /**
   * Starts a server on any free port.
   * @param corsOrigins The origins whose pages may use it; none by default.
   */
  static async start(corsOrigins: readonly string[] = []): Promise<TestServer> {
    const folder = temporaryFolder()
    const server = await startServer({
      host: '127.0.0.1',
      port: 0,
      dataFolder: folder.path,
      cors: corsOrigins,
    })
    return new TestServer(server, new KeyRing(folder.path), folder)
  }

  /** What a fresh server gives to whoever tries it. */
  get development(): Workspace {
    return { url: this.#server.url, name: 'default', key: 'development' }
  }

  /** A workspace that nothing was put in yet, so that a test may count what it finds. */
  newWorkspace(scopes: readonly Scope[] = ['read', 'write']): Workspace {
    this.#workspaces += 1
    const name = `workspace-${this.#workspaces}`
    return {
      url: this.#server.url,
      name,
      key: this.#keys.create(name, name, scopes),
    }
  }

  /** Ends the server and removes its folder. */
  async close(): Promise<void> {
    await this.#server.close()
    this.#keys.close()
    this.#folder.remove()
  }
}
