import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
const startMsMax = 20_000

/** How a process ended. */
export interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A server in a process of its own, started as a user starts it. */
export class ServerProcess {
  readonly url: string
  readonly #child: ChildProcess
  readonly #ending: Promise<Ending>
  readonly #output: string[]

  private constructor(url: string, child: ChildProcess, ending: Promise<Ending>, output: string[]) {
    this.url = url
    this.#child = child
    this.#ending = ending
    this.#output = output
  }

  /**
   * Starts a server on a data folder, on any free port unless the flags say otherwise, and waits until it
   * listens. Rejects with all it printed when it ends before.
   */
  static async start(dataFolder: string, ...flags: readonly string[]): Promise<ServerProcess> {
    const args = [main, 'serve', '--data', dataFolder, '--port', '0', ...flags]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const output: string[] = []
    const ending = once(child, 'close').then(([code, signal]) => ({ code, signal }) as Ending)
    const url = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => fail('did not listen in time'), startMsMax)
      function fail(what: string): void {
        clearTimeout(timer)
        child.kill('SIGKILL')
        reject(new Error(`The server ${what}. It printed:\n${output.join('')}`))
      }
      function take(chunk: Buffer): void {
        output.push(chunk.toString())
        const found = /address +(http:\S+)/.exec(output.join(''))?.[1]
        if (found === undefined) return
        clearTimeout(timer)
        resolve(found)
      }
      child.stdout.on('data', take)
      child.stderr.on('data', take)
      void ending.then(({ code }) => fail(`ended with ${code}`))
    })
    return new ServerProcess(url, child, ending, output)
  }

  /** All it has printed so far. */
  get output(): string {
    return this.#output.join('')
  }

  /** Sends a signal and waits for the end. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ending> {
    this.#child.kill(signal)
    return this.#ending
  }
}
