import { ServerProcess } from '../support/server-process.ts'

/** An answer that came in whole. */
export interface Answer {
  readonly status: number
  readonly text: string
  /** Its `Link` header. */
  readonly link: string | null
}

/** One run of the server, from before it starts until it is killed. */
interface Life {
  readonly url: PromiseWithResolvers<string>
  isKilled: boolean
}

/** A server on one data folder that is killed and started again, each time at another address. */
export class CrashingServer {
  readonly #dataFolder: string
  #life = newLife()
  #process: ServerProcess | undefined
  #isEnded = false
  #acknowledgementsLeft = Infinity
  #onLastAcknowledgement = () => {}

  constructor(dataFolder: string) {
    this.#dataFolder = dataFolder
  }

  async start(): Promise<void> {
    const { url } = this.#life
    try {
      if (this.#isEnded) throw new Error('The test is over.')
      const started = await ServerProcess.start(this.#dataFolder)
      this.#process = started
      if (this.#isEnded) await this.kill()
      url.resolve(started.url)
    } catch (error) {
      url.reject(error)
      throw error
    }
  }

  /** `kill -9`. Whoever asks from now on waits for the next start. */
  async kill(): Promise<void> {
    this.#life.isKilled = true
    this.#life = newLife()
    await this.#process?.stop('SIGKILL')
  }

  /** Resolves at the very moment when so many more writes have been acknowledged. */
  acknowledgements(count: number): Promise<void> {
    this.#acknowledgementsLeft = count
    return new Promise((resolve) => {
      this.#onLastAcknowledgement = resolve
    })
  }

  /** Kills it for good: a test that ran out of time leaves no server behind. */
  async end(): Promise<void> {
    this.#isEnded = true
    await this.kill()
  }

  /**
   * Sends one request, once there is a server to send it to. Undefined when the server was killed before
   * the answer was here.
   * @throws Error when the connection broke although nobody killed the server.
   */
  async ask(path: string, init: RequestInit): Promise<Answer | undefined> {
    const life = this.#life
    const url = await life.url.promise
    try {
      const response = await fetch(url + path, init)
      if (init.method !== undefined && response.ok) this.#countAcknowledgement()
      const link = response.headers.get('link')
      return { status: response.status, text: await response.text(), link }
    } catch (error) {
      if (life.isKilled) return undefined
      const printed = this.#process?.output
      const message = `The connection broke although nobody killed the server. It printed:\n${printed}`
      throw new Error(message, { cause: error })
    }
  }

  #countAcknowledgement(): void {
    this.#acknowledgementsLeft -= 1
    if (this.#acknowledgementsLeft === 0) this.#onLastAcknowledgement()
  }
}

function newLife(): Life {
  const url = Promise.withResolvers<string>()
  // Whoever waits for the address is told; there may be nobody.
  url.promise.catch(() => {})
  return { url, isKilled: false }
}
