import { once } from 'node:events'
import { Agent, request, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'

const batchMax = 1000
// A real agent waits for 3 s and then sends again; a slow machine must not decide a test.
const timeoutMs = 30_000

/** What a real agent's configuration says (contract 1.6). */
export interface AgentSettings {
  readonly id: string
  readonly hqUrl: string
  readonly spaceToken: string
  /** `/api` in dialect D. */
  readonly prefix?: string
}

/** An answer as an agent sees it. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** What became of one poll for an order. */
export type Poll =
  { readonly kind: 'none' | 'kept' } | { readonly kind: 'new'; readonly order: string }

/**
 * What `HqAgentController` does, in our own words: announces, polls for its order, and keeps events in a queue
 * that a batch leaves on exactly 202.
 */
export class LogspaceAgent {
  readonly queue: string[] = []
  readonly #settings: AgentSettings
  readonly #connection = new Agent({ keepAlive: true, maxSockets: 1 })
  #lastModified = ''

  constructor(settings: AgentSettings) {
    this.#settings = settings
  }

  /** Puts the capabilities; a real agent does not look at the answer. */
  async announce(capabilities: object): Promise<Answer> {
    return this.#send('PUT', `/capabilities/${this.#settings.id}`, JSON.stringify(capabilities))
  }

  /** Polls for the order, with what `Last-Modified` said last, echoed to the letter; empty at first. */
  async poll(): Promise<Poll> {
    const headers = { 'if-modified-since': this.#lastModified }
    const {
      status,
      headers: got,
      body,
    } = await this.#send('GET', `/orders/${this.#settings.id}`, undefined, headers)
    if (status === 304) return { kind: 'kept' }
    if (status >= 300) return { kind: 'none' }
    const lastModified = got['last-modified']
    if (lastModified === undefined)
      throw new TypeError('An order without Last-Modified ends the poll.')
    this.#lastModified = lastModified
    return { kind: 'new', order: body }
  }

  /** One run of the uploader: batches from the head of the queue; false when one of them failed. */
  async upload(): Promise<boolean> {
    do {
      const batch = this.queue.slice(0, batchMax)
      if (batch.length === 0) return true
      try {
        const { status } = await this.#send('PUT', '/events', `[${batch.join()}]`)
        if (status !== 202) return false
      } catch {
        return false
      }
      this.queue.splice(0, batch.length)
    } while (this.queue.length >= batchMax)
    return true
  }

  close(): void {
    this.#connection.destroy()
  }

  async #send(
    method: string,
    path: string,
    body: string | undefined,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const { hqUrl, spaceToken, prefix = '' } = this.#settings
    const bytes = body === undefined ? undefined : Buffer.from(body)
    const { origin } = new URL(hqUrl)
    const sent = request(origin, {
      method,
      // Joined plainly: an address that ends in a slash gives two.
      path: hqUrl.slice(origin.length) + prefix + path,
      agent: this.#connection,
      timeout: timeoutMs,
      headers: {
        'logspace.space-token': spaceToken,
        Accept: 'application/json',
        ...(bytes !== undefined && {
          'Content-Length': bytes.length,
          'Content-Type': 'application/json; charset=UTF-8',
        }),
        ...more,
        Connection: 'Keep-Alive',
        'User-Agent': 'Apache-HttpClient/4.5.14 (Java/17.0.9)',
        'Accept-Encoding': 'gzip,deflate',
      },
    })
    sent.on('timeout', () => sent.destroy(new Error('no answer in time')))
    sent.end(bytes)
    const [answer] = (await once(sent, 'response')) as [IncomingMessage]
    return { status: answer.statusCode!, headers: answer.headers, body: await text(answer) }
  }
}
