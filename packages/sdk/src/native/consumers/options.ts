import type { Clock } from '../../http/clock.ts'
import type { NamesOf } from '../../http/known-names.ts'
import { callOptions, type CallOptions } from '../../http/options.ts'
import type { NativeApi } from '../api.ts'
import type { EventQuery, SelectionAfter } from '../query/query.ts'
import { readOptions, type ReadOptions } from '../read/pages.ts'
import type { TailBreak, TailedEvent, TailOptions } from '../read/tail.ts'
import type { Lease } from './lease.ts'

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

/** What there is in `CommitOptions`. */
export const commitOptions: NamesOf<CommitOptions> = { ...callOptions, lease: true, rewind: true }

/** What there is in `ConsumerPagesOptions`. */
export const consumerPagesOptions: NamesOf<ConsumerPagesOptions> = {
  ...readOptions,
  follow: true,
  onBreak: true,
  lease: true,
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
