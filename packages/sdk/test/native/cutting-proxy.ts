import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** A proxy of plain connections, each of which it may cut after some bytes of the answer. */
export class CuttingProxy {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  /** How many connections were cut. */
  cuts = 0

  /** Where new connections lead. */
  target: URL

  private constructor(target: URL, bytesUntilCut: () => number) {
    this.target = target
    this.#server = createServer((client) => {
      const upstream = connect(Number(this.target.port), this.target.hostname)
      let left = bytesUntilCut()
      for (const socket of [client, upstream]) {
        this.#sockets.add(socket)
        // A cut connection fails at the other end: that is what it is for.
        socket.on('error', () => socket.destroy())
        socket.on('close', () => {
          this.#sockets.delete(socket)
          client.destroy()
          upstream.destroy()
        })
      }
      client.on('data', (bytes) => upstream.write(bytes))
      upstream.on('data', (bytes: Buffer) => {
        if (client.destroyed) return
        if (bytes.length < left) {
          left -= bytes.length
          client.write(bytes)
          return
        }
        this.cuts += 1
        // What came before the cut arrives, and then nothing does.
        client.end(bytes.subarray(0, left), () => client.destroy())
        upstream.destroy()
      })
    })
  }

  /**
   * Starts one.
   * @param bytesUntilCut Asked for each connection; `Infinity` leaves it alone.
   */
  static async start(target: string, bytesUntilCut: () => number): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(new URL(target), bytesUntilCut)
    proxy.#server.listen(0, '127.0.0.1')
    await once(proxy.#server, 'listening')
    return proxy
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Ends it and every connection. */
  close(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }
}
