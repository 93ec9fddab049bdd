import { get, type IncomingMessage } from 'node:http'

/** One message of a stream of server-sent events. */
export interface SseMessage {
  /** Undefined for those that `onmessage` gets. */
  readonly name: string | undefined
  readonly data: string
}

/** What was asked for, and how. */
export interface SseRequest {
  /** The address with path and query. */
  readonly url: string
  readonly key: string
  readonly lastEventId?: string | undefined
}

/** Reads server-sent events as the standard says, on a connection of its own that can be held or cut. */
export class SseReader {
  readonly messages: SseMessage[] = []
  /** The events among them, parsed. */
  readonly events: { readonly id: string; readonly sequence: string }[] = []
  /** The last `id:` of a whole message. */
  lastEventId: string | undefined
  retryMs: number | undefined
  /** How many comments came: heartbeats. */
  comments = 0
  isEnded = false
  readonly headers: IncomingMessage['headers']
  readonly #answer: IncomingMessage
  #text = ''
  #changed = Promise.withResolvers<void>()

  private constructor(answer: IncomingMessage) {
    this.#answer = answer
    this.headers = answer.headers
    answer.setEncoding('utf8')
    answer.on('data', (chunk: string) => this.#take(chunk))
    answer.on('error', () => this.#end())
    answer.on('close', () => this.#end())
  }

  /** Resolves once the answer begins. @throws Error with status and body when it is no stream of events. */
  static open({ url, key, lastEventId }: SseRequest): Promise<SseReader> {
    const headers = {
      authorization: `Bearer ${key}`,
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    }
    return new Promise((resolve, reject) => {
      const request = get(url, { headers, agent: false }, (answer) => {
        if (answer.statusCode === 200) return resolve(new SseReader(answer))
        answer.setEncoding('utf8')
        let body = ''
        answer.on('data', (chunk: string) => (body += chunk))
        answer.on('end', () => reject(new Error(`${answer.statusCode} ${body}`)))
        return undefined
      })
      request.on('error', reject)
    })
  }

  /** The data of the messages of a name, parsed. */
  named(name: string): Record<string, unknown>[] {
    return this.messages.flatMap((message) =>
      message.name === name ? [JSON.parse(message.data) as Record<string, unknown>] : [],
    )
  }

  /** Waits until something holds, looking at each message. @throws Error when the stream ends before. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      if (this.isEnded) throw new Error('The stream ended.')
      await this.#changed.promise
    }
  }

  /** Waits until the server ends the stream, or the connection breaks. */
  async ended(): Promise<void> {
    while (!this.isEnded) await this.#changed.promise
  }

  /** Takes nothing more from the socket. */
  hold(): void {
    this.#answer.pause()
  }

  /** Goes on taking. */
  release(): void {
    this.#answer.resume()
  }

  /** Cuts the connection. */
  kill(): void {
    this.#answer.destroy()
  }

  #take(chunk: string): void {
    this.#text += chunk
    const blocks = this.#text.split('\n\n')
    this.#text = blocks.pop()!
    for (const block of blocks) this.#takeBlock(block)
    this.#tell()
  }

  #takeBlock(block: string): void {
    let [name, data]: (string | undefined)[] = []
    for (const line of block.split('\n')) {
      const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? []
      if (field === 'event') name = value
      else if (field === 'data') data = data === undefined ? value : `${data}\n${value}`
      else if (field === 'id') this.lastEventId = value
      else if (field === 'retry') this.retryMs = Number(value)
      else if (field === '' && line.startsWith(':')) this.comments += 1
      else throw new Error(`This is no line of a server-sent event: ${line}`)
    }
    if (data === undefined) return
    this.messages.push({ name, data })
    if (name === undefined) this.events.push(JSON.parse(data))
  }

  #end(): void {
    this.isEnded = true
    this.#tell()
  }

  #tell(): void {
    this.#changed.resolve()
    this.#changed = Promise.withResolvers()
  }
}
