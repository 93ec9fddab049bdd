import { checkCall } from '../../http/call.ts'
import { callOptions, type CallOptions } from '../../http/options.ts'
import type { ConsumerState, EventPage, LeaseGrant } from '../../wire.ts'
import type { NativeApi } from '../api.ts'
import { isProblem } from '../errors/guards.ts'
import { consumerPages } from './consumer-pages.ts'
import { Lease } from './lease.ts'
import {
  commitOptions,
  type CommitOptions,
  type ConsumerPagesOptions,
  type ConsumerQuery,
  type ConsumerTools,
  type LeaseQuery,
} from './options.ts'

/** A reader whose cursor the server keeps (PROTOCOL.md section 7). */
export class Consumer {
  /** 1 to 64 letters, digits, `_`, `-` and `.`. */
  readonly name: string
  readonly #tools: ConsumerTools
  readonly #api: NativeApi
  readonly #path: string

  /**
   * Given out by `Eventwell.consumer`.
   * @throws RangeError for a name that no consumer can have.
   * @internal
   */
  constructor(tools: ConsumerTools, name: string) {
    // A name of dots would be taken out of the address, and lead to another operation.
    if (!/^[\w.-]{1,64}$/.test(name) || /^\.\.?$/.test(name)) {
      throw new RangeError('A consumer’s name is 1 to 64 letters, digits, "_", "-" and ".".')
    }
    this.name = name
    this.#tools = tools
    this.#api = tools.api
    this.#path = `/consumers/${name}`
  }

  /** Where it is; `undefined` when it has neither committed nor had a lease. */
  async get(call?: CallOptions): Promise<ConsumerState | undefined> {
    try {
      return await this.#api.json<ConsumerState>({ path: this.#path }, ['name'], call)
    } catch (error) {
      if (isProblem(error, 'not_found')) return undefined
      throw error
    }
  }

  /**
   * Keeps a cursor: what lies up to it is done with. Once this resolves, it is on the server's disk.
   * @throws ProblemError `conflict` for a cursor before the committed one without `rewind`, or while
   * another worker has the lease; then `retryAfterMs` says for how long.
   */
  async commit(cursor: string, options: CommitOptions = {}): Promise<ConsumerState> {
    checkCall(options, commitOptions)
    const { lease, rewind, ...call } = options
    const body = JSON.stringify({ cursor, lease: lease?.token, rewind })
    return this.#api.json<ConsumerState>({ method: 'PUT', path: this.#path, body }, ['name'], call)
  }

  /**
   * Takes the right to commit. It is not sent again when no answer came: the lease may be given out.
   * @throws ProblemError `conflict` while another worker has it; `retryAfterMs` says for how long.
   */
  async lease({ seconds, holder }: LeaseQuery, call?: CallOptions): Promise<Lease> {
    const path = `${this.#path}/lease`
    const body = JSON.stringify({ seconds, holder })
    const request = { method: 'POST', path, body, isRepeatable: false } as const
    return new Lease(this.#api, path, await this.#api.json<LeaseGrant>(request, ['lease'], call))
  }

  /**
   * Forgets it: its next reader begins with the oldest event. One that is not known is forgotten
   * already.
   */
  async forget(options: CallOptions & { lease?: Lease } = {}): Promise<void> {
    checkCall(options, { ...callOptions, lease: true })
    const { lease, ...call } = options
    const headers = { ...(lease !== undefined && { 'eventwell-lease': lease.token }) }
    try {
      await this.#api.done({ method: 'DELETE', path: this.#path, headers }, call)
    } catch (error) {
      if (!isProblem(error, 'not_found')) throw error
    }
  }

  /**
   * The pages after the committed cursor. A page is committed when the next one is asked for: its
   * events are done with then. Whoever leaves the loop, or dies in it, sees the last page again, so the
   * work on an event must do no harm when it is done twice.
   *
   * A page has events; the cursors of others are committed on the way. Where retention removed events
   * before they were read, nothing is committed beyond them unless there is an `onGap`. With `follow`, only
   * a signal ends a loop that waits.
   * @throws TypeError or RangeError, at once, for what is no query; in the loop GapError unless there is an
   * `onGap`, and RequestError.
   */
  pages(
    query: ConsumerQuery = {},
    options: ConsumerPagesOptions = {},
  ): AsyncGenerator<EventPage, void, undefined> {
    return consumerPages({ ...this.#tools, consumer: this }, query, options)
  }
}
