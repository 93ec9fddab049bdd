import { connect, type Socket } from 'node:net'

/** What came back: the status, and the body when it was asked for. */
export interface Answer {
  readonly status: number
  readonly body: string
}

interface Waiting {
  readonly keepBody: boolean
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
}

const readBytes = 256 * 1024
const headEnd = '\r\n\r\n'

/**
 * One keep-alive connection that carries one request at a time. The benchmark shares the server's
 * cores, so this does no more than HTTP asks for: prepared bytes out, status and length looked at.
 */
export class Connection {
  readonly #socket: Socket
  #waiting: Waiting | undefined
  #head = Buffer.alloc(0)
  #status = 0
  /** Bytes of the body still to come; -1 while the head is read. */
  #left = -1
  #body: Buffer[] = []

  private constructor(port: number, host: string) {
    this.#socket = connect({
      port,
      host,
      noDelay: true,
      onread: {
        buffer: Buffer.allocUnsafe(readBytes),
        callback: (length, buffer) => {
          this.#take((buffer as Buffer).subarray(0, length))
          return true
        },
      },
    })
    this.#socket.on('error', (error) => this.#fail(error))
    this.#socket.on('close', () => this.#fail(new Error('The server closed the connection.')))
  }

  /** Connects to the host and port of a URL. */
  static async open(url: string): Promise<Connection> {
    const { hostname, port } = new URL(url)
    const connection = new Connection(Number(port), hostname)
    await new Promise((resolve, reject) => {
      connection.#socket.once('connect', resolve).once('error', reject)
    })
    return connection
  }

  /** Sends a whole request and resolves with its answer; the body of a refusal is always kept. */
  send(request: Buffer, keepBody = false): Promise<Answer> {
    if (this.#socket.destroyed) return Promise.reject(new Error('The connection is closed.'))
    return new Promise((resolve, reject) => {
      this.#waiting = { keepBody, resolve, reject }
      this.#socket.write(request)
    })
  }

  /** The body of what a path shows. Throws when the answer is not 200. */
  async get(path: string): Promise<string> {
    const { status, body } = await this.send(getRequest(path), true)
    if (status !== 200) throw new Error(`GET ${path} was answered ${status}: ${body}`)
    return body
  }

  close(): void {
    this.#socket.destroy()
  }

  #take(bytes: Buffer): void {
    const body = this.#left < 0 ? this.#takeHead(bytes) : bytes
    if (body === undefined) return
    this.#left -= body.length
    // The buffer is used again for the next read.
    if (this.#waiting?.keepBody || this.#status !== 200) this.#body.push(Buffer.from(body))
    if (this.#left > 0) return
    const waiting = this.#waiting
    const answer = { status: this.#status, body: Buffer.concat(this.#body).toString() }
    this.#left = -1
    this.#body = []
    this.#waiting = undefined
    waiting?.resolve(answer)
  }

  /** Reads status and length; returns what of the body is here, or undefined before the head's end. */
  #takeHead(bytes: Buffer): Buffer | undefined {
    const all = this.#head.length === 0 ? bytes : Buffer.concat([this.#head, bytes])
    const end = all.indexOf(headEnd)
    if (end < 0) {
      this.#head = Buffer.from(all)
      return undefined
    }
    const head = all.toString('latin1', 0, end)
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
    if (length === undefined) {
      this.#socket.destroy(new Error(`An answer came without a length:\n${head}`))
      return undefined
    }
    this.#head = Buffer.alloc(0)
    this.#status = Number(head.slice(9, 12))
    this.#left = Number(length)
    return all.subarray(end + headEnd.length)
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error)
    this.#waiting = undefined
  }
}

const commonHeaders = 'Host: 127.0.0.1\r\nAuthorization: Bearer development\r\n'

/** The bytes of a GET request. */
export function getRequest(path: string): Buffer {
  return Buffer.from(`GET ${path} HTTP/1.1\r\n${commonHeaders}\r\n`, 'latin1')
}

/** The bytes of a POST request with a JSON body in ASCII. */
export function postRequest(path: string, body: string): Buffer {
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\n${commonHeaders}Content-Type: application/json\r\n` +
      `Content-Length: ${body.length}\r\n\r\n${body}`,
    'latin1',
  )
}
