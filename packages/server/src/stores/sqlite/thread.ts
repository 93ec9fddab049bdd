import { Worker } from 'node:worker_threads'
import { EventwellError } from '../../core/errors.ts'
import { errorOf } from './failure.ts'
import type { Reply } from './messages.ts'

type Waiting<T> = { resolve: (result: T) => void; reject: (error: Error) => void }

/** A worker thread that answers requests by ticket, one reply or several at a time. */
export class Thread<Request, T> {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting<T>>()
  readonly #ended: Promise<void>
  #lastTicket = 0
  #failure: Error | undefined

  constructor(file: URL, workerData: unknown) {
    this.#worker = new Worker(file, { workerData })
    this.#worker.on('message', (message: Reply<T> | readonly Reply<T>[]) => {
      for (const reply of Array.isArray(message) ? message : [message])
        this.#settle(reply as Reply<T>)
    })
    this.#worker.on('error', (error) => {
      this.#failure = error as Error
      // Without its threads a store can keep no promise: end loudly, so that whoever supervises the
      // process starts it again. What was acknowledged is on disk.
      setImmediate(() => {
        throw error
      })
    })
    this.#ended = new Promise((resolve) => {
      this.#worker.on('exit', () => {
        this.#failure ??= new EventwellError('busy', 'The store is closed.')
        for (const { reject } of this.#waiting.values()) reject(this.#failure)
        this.#waiting.clear()
        resolve()
      })
    })
  }

  /** Sends a request; resolves or rejects with its reply. After the thread ended, all are refused. */
  ask(makeRequest: (ticket: number) => Request): Promise<T> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    const ticket = ++this.#lastTicket
    return new Promise((resolve, reject) => {
      // In this order: what cannot be sent is refused here, and nobody waits for it.
      this.#worker.postMessage(makeRequest(ticket))
      this.#waiting.set(ticket, { resolve, reject })
    })
  }

  /** Sends a message that has no reply. */
  tell(message: Request): void {
    this.#worker.postMessage(message)
  }

  /** Resolves when the thread has ended. */
  get ended(): Promise<void> {
    return this.#ended
  }

  #settle(reply: Reply<T>): void {
    const waiting = this.#waiting.get(reply.ticket)
    this.#waiting.delete(reply.ticket)
    if (reply.failure === undefined) waiting?.resolve(reply.result as T)
    else waiting?.reject(errorOf(reply.failure))
  }
}
