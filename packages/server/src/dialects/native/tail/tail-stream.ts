import type { ServerResponse } from 'node:http'
import type { Outlet } from '../../../core/tail/tail.ts'

const endMsMax = 1000
const pieceBytes = 64 * 1024

/** An answer that goes on until one side ends it. */
export class TailStream implements Outlet {
  /** Aborts when the connection is closed. */
  readonly signal: AbortSignal
  readonly #answer: ServerResponse
  readonly #drainMsMax: number

  constructor(answer: ServerResponse, drainMsMax: number) {
    const closing = new AbortController()
    this.signal = closing.signal
    this.#answer = answer
    this.#drainMsMax = drainMsMax
    answer.once('close', () => closing.abort())
    // A connection that breaks is closed, too; that is all that there is to do.
    answer.on('error', () => closing.abort())
  }

  get queuedBytes(): number {
    return this.#answer.writableLength
  }

  send(bytes: Buffer): void {
    const { writableEnded, destroyed } = this.#answer
    if (writableEnded || destroyed) return
    // In pieces, so that a slow reader of a large event is seen to take it.
    for (let start = 0; start < bytes.length; start += pieceBytes) {
      this.#answer.write(bytes.subarray(start, start + pieceBytes))
    }
  }

  /** A reader that takes nothing for too long is cut off: it can go on from its cursor. */
  async drained(): Promise<void> {
    if (this.#answer.writableLength === 0 || this.signal.aborted) return
    const { promise, resolve } = Promise.withResolvers<void>()
    let queued = this.queuedBytes
    const timer = setInterval(() => {
      if (this.queuedBytes >= queued) this.#answer.destroy()
      queued = this.queuedBytes
    }, this.#drainMsMax)
    const done = (): void => resolve()
    this.#answer.once('drain', done)
    this.signal.addEventListener('abort', done)
    await promise
    clearInterval(timer)
    this.#answer.off('drain', done)
    this.signal.removeEventListener('abort', done)
  }

  /** Sends what is queued and ends; the connection is cut when that takes long. */
  end(): void {
    if (this.#answer.writableEnded) return
    this.#answer.end()
    const timer = setTimeout(() => this.#answer.destroy(), endMsMax)
    this.#answer.once('close', () => clearTimeout(timer))
  }
}
