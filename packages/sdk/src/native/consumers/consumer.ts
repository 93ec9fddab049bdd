import type { Clock } from '../../http/clock.ts'
import type { CallOptions } from '../../http/options.ts'
import type { ConsumerState, EventPage, LeaseGrant } from '../../wire.ts'
import type { NativeApi } from '../api.ts'
import { isProblem } from '../errors/guards.ts'
import type { EventQuery, SelectionAfter } from '../query/query.ts'
import type { ReadOptions } from '../read/pages.ts'
import type { TailBreak, TailedEvent, TailOptions } from '../read/tail.ts'
import { consumerPages } from './consumer-pages.ts'
import { Lease } from './lease.ts'

/** How a cursor is committed. */
export interface CommitOptions extends CallOptions {
  /** Needed while somebody has a lease. */
  readonly lease?: Lease | undefined
  /** Whether to go back, too: what lies between is read again. */
  readonly rewind?: boolean | undefined
}

/** What a consumer reads: it begins where it has committed, and goes forward. */
export type ConsumerQuery = Omit<EventQuery, 'after' | 'consumer' | 'direction'>

/** What a lease is asked for with. */
export interface LeaseQuery {
  /** For how long, 1 to 3,600. */
  readonly seconds: number
  /** What others are shown, up to 128 characters. */
  readonly holder?: string | undefined
}

/** How a consumer reads its pages. */
export interface ConsumerPagesOptions extends ReadOptions {
  /**
   * Whether to wait for new events once all are read; otherwise the loop ends there. It then outlives a
   * server that is away, as a tail does.
   */
  readonly follow?: boolean | undefined
  /** With `follow`: told of each failure, before the loop comes back. */
  readonly onBreak?: ((tailBreak: TailBreak) => void) | undefined
  /** The lease that commits are sent with; whoever has it renews it. */
  readonly lease?: Lease | undefined
}

/** Follows the log; the client's own `tail`. */
export type Tail = (query: SelectionAfter, options: TailOptions) => AsyncIterable<TailedEvent>

/**
 * What a consumer needs.
 * @internal
 */
export interface ConsumerTools {
  readonly api: NativeApi
  readonly clock: Clock
  readonly tail: Tail
}

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
  commit(cursor: string, { lease, rewind, ...call }: CommitOptions = {}): Promise<ConsumerState> {
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
  async forget({ lease, ...call }: CallOptions & { lease?: Lease } = {}): Promise<void> {
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
