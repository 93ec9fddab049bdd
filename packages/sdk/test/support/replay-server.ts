import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { bodyOf, headersOf, type Recorded, type SeenRequest } from './replay.ts'

/** A server on a socket that gives recorded answers one after the other; after the last it answers 599. */
export class ReplayServer {
  readonly #server: Server
  readonly requests: SeenRequest[] = []

  private constructor(answers: readonly Recorded[]) {
    this.#server = createServer(async (request, reply) => {
      const answer = answers[this.requests.length] ?? { status: 599, body: 'No answer is left.' }
      this.requests.push(await seen(request))
      if (answer.isBroken) return void request.socket.destroy()
      reply.writeHead(answer.status, headersOf(answer)).end(bodyOf(answer))
    })
  }

  /** Starts one on any free port. */
  static async start(answers: readonly Recorded[]): Promise<ReplayServer> {
    const replay = new ReplayServer(answers)
    await new Promise<void>((resolve) => replay.#server.listen(0, '127.0.0.1', resolve))
    return replay
  }

  /** Its address. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Ends it, and every connection to it. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.#server.closeAllConnections()
    await closed
  }
}

async function seen(request: IncomingMessage): Promise<SeenRequest> {
  const { method = '', url = '', headers } = request
  return {
    method,
    path: url,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, String(value)]),
    ),
    body: await text(request),
  }
}
