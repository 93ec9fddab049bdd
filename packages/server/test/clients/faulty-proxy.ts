import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** `busy` answers 503 instead of the server; `cut` lets the server answer and then hangs up on the client. */
export type Fault = 'busy' | 'cut'

/** A proxy in front of a server that spoils the first requests, one fault each, and passes the rest on. */
export class FaultyProxy {
  readonly url: string
  /** What the server answered, in order, whether or not the client learned of it; 503 is the proxy's. */
  readonly statuses: readonly number[]
  readonly #server: Server

  private constructor(url: string, statuses: readonly number[], server: Server) {
    this.url = url
    this.statuses = statuses
    this.#server = server
  }

  /** Starts a proxy for a server's address. */
  static async start(target: string, ...faults: readonly Fault[]): Promise<FaultyProxy> {
    const statuses: number[] = []
    const server = createServer((incoming, outgoing) => {
      void (async () => {
        const body = await buffer(incoming)
        const fault = faults[statuses.length]
        if (fault === 'busy') {
          statuses.push(503)
          outgoing.writeHead(503, { 'content-type': 'application/json' })
          outgoing.end('{"message":"Come back later.","status_code":503}')
          return
        }
        const answer = await forward(target, incoming, body)
        const answered = await buffer(answer)
        statuses.push(answer.statusCode!)
        if (fault === 'cut') {
          incoming.socket.destroy()
          return
        }
        outgoing.writeHead(answer.statusCode!, answer.headers).end(answered)
      })()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    return new FaultyProxy(`http://127.0.0.1:${port}`, statuses, server)
  }

  /** Hangs up on everyone. */
  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }
}

async function forward(
  target: string,
  { method, url, headers }: IncomingMessage,
  body: Buffer,
): Promise<IncomingMessage> {
  const outgoing = request(target, { method, path: url, headers, agent: false })
  outgoing.end(body)
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage]
  return answer
}
