import type { CallOptions } from '../../http/options.ts'
import type { LeaseGrant } from '../../wire.ts'
import type { NativeApi } from '../api.ts'
import { isProblem } from '../errors/guards.ts'

/** The right to commit, for some seconds (PROTOCOL.md section 7.2). */
export class Lease {
  readonly #api: NativeApi
  readonly #path: string
  /** The token; a secret, so it is in no error and is not shown with the object. */
  readonly #token: string
  /** Where the consumer had committed when the lease was given out; null before the first commit. */
  readonly cursor: string | null
  #expiresAt: string

  /**
   * Given out by `Consumer.lease`.
   * @internal
   */
  constructor(api: NativeApi, path: string, { lease, expiresAt, cursor }: LeaseGrant) {
    this.#api = api
    this.#path = path
    this.#token = lease
    this.#expiresAt = expiresAt
    this.cursor = cursor
  }

  /** What commits are sent with: a secret. */
  get token(): string {
    return this.#token
  }

  /** When it is over, unless it is renewed: RFC 3339, UTC. */
  get expiresAt(): string {
    return this.#expiresAt
  }

  /**
   * Prolongs it, by 1 to 3,600 seconds from now on.
   * @throws ProblemError `conflict` when another worker has it by now.
   */
  async renew({ seconds }: { readonly seconds: number }, call?: CallOptions): Promise<void> {
    const body = JSON.stringify({ seconds, lease: this.#token })
    const request = { method: 'POST', path: this.#path, body } as const
    const { expiresAt } = await this.#api.json<LeaseGrant>(request, ['expiresAt'], call)
    this.#expiresAt = expiresAt
  }

  /** Gives it back. One that is over, or that another worker has by now, is not held either way. */
  async release(call?: CallOptions): Promise<void> {
    const headers = { 'eventwell-lease': this.#token }
    try {
      await this.#api.done({ method: 'DELETE', path: this.#path, headers }, call)
    } catch (error) {
      if (!isProblem(error, 'conflict', 'not_found')) throw error
    }
  }
}
