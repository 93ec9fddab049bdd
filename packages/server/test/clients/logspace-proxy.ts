import { once } from 'node:events'
import {
  createServer,
  request,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** What the proxy saw go by: a request, and what the server answered; undefined when it gave no answer. */
export interface Passed {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
  readonly status: number | undefined
}

/** What happens to one upload of events. */
export interface Mishap {
  /** Which upload, counted from 0. */
  readonly upload: number
  /**
   * `spoil`: the server stores it, and the agent is told 500. `kill after`: the server stores it, and is killed
   * before the agent learns of it. `kill before`: it is killed as soon as the request is sent to it.
   */
  readonly kind: 'spoil' | 'kill after' | 'kill before'
}

/** A proxy that stays where it is while the server behind it is killed and comes back elsewhere. */
export class LogspaceProxy {
  readonly url: string
  readonly passed: readonly Passed[]
  readonly #server: Server

  private constructor(url: string, passed: readonly Passed[], server: Server) {
    this.url = url
    this.passed = passed
    this.#server = server
  }

  /** Starts one for whatever server there is at the time; `restart` kills it and starts another. */
  static async start(
    target: () => string,
    restart: () => Promise<void>,
    mishaps: readonly Mishap[],
  ): Promise<LogspaceProxy> {
    const passed: Passed[] = []
    let uploads = 0

    async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
      const { method = '', url = '', headers } = incoming
      const body = await buffer(incoming)
      const isUpload = url.includes('/events')
      const turn = isUpload ? uploads++ : -1
      const mishap = mishaps.find(({ upload }) => upload === turn)
      const note = (status: number | undefined) =>
        passed.push({ method, url, headers, body: body.toString(), status })
      const sent = request(target(), { method, path: url, headers, agent: false })
      if (mishap?.kind === 'kill before') {
        // Whether or not it answers before it dies, the agent does not learn of it.
        sent.on('error', () => {}).on('response', (answer) => answer.resume())
        await new Promise<void>((resolve) => sent.end(body, resolve))
        await restart()
        note(undefined)
        incoming.socket.destroy()
        return
      }
      sent.end(body)
      const [answer] = (await once(sent, 'response')) as [IncomingMessage]
      const answered = await buffer(answer)
      note(answer.statusCode)
      if (mishap?.kind === 'kill after') {
        await restart()
        incoming.socket.destroy()
      } else if (mishap?.kind === 'spoil') {
        outgoing.writeHead(500, { 'content-type': 'text/html; charset=utf-8' })
        outgoing.end('<html><body><h2>500 Internal Error</h2></body></html>')
      } else outgoing.writeHead(answer.statusCode!, answer.headers).end(answered)
    }

    const server = createServer((incoming, outgoing) => {
      // An agent that is hung up on sends its batch again.
      pass(incoming, outgoing).catch(() => incoming.socket.destroy())
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    return new LogspaceProxy(`http://127.0.0.1:${port}`, passed, server)
  }

  /** Hangs up on everyone. */
  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }
}
