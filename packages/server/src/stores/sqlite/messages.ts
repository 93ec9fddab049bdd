import type { ErrorCode } from '../../core/errors.ts'
import type { Identity } from '../../core/event.ts'
import type { Query } from '../../core/query.ts'
import type { Appended, LogState, OnChange } from '../../core/store.ts'

/**
 * Events on their way to the writer. A few long strings and arrays cross between threads several times
 * faster than many small objects.
 */
export interface Batch {
  /** All records, one after the other. */
  readonly records: string
  /** Where each record ends in `records`, in characters. */
  readonly ends: Uint32Array
  /** Each event's index terms, a line each. */
  readonly terms: string
  /** Each event's `identityHash`. */
  readonly hashes: Float64Array
  /** When each event happened, in ms since 1970; NaN for those that happened when received. */
  readonly times: Float64Array
}

/** What the store asks of its writing thread. */
export type WriterRequest =
  | {
      readonly kind: 'append'
      readonly ticket: number
      readonly workspace: string
      readonly batch: Batch
      readonly onChange: OnChange
    }
  | { readonly kind: 'open'; readonly ticket: number; readonly workspace: string }
  | { readonly kind: 'ready'; readonly ticket: number }
  | { readonly kind: 'close'; readonly ticket: number }

/** Events on their way back: records as stored, with the positions and times of receipt. */
export interface Found {
  readonly records: string[]
  readonly positions: number[]
  readonly receivedAtMs: number[]
  readonly more: boolean
  readonly head: number
}

/** What can be read of a workspace. */
export type Reading =
  | { readonly kind: 'read'; readonly query: Query }
  | { readonly kind: 'find'; readonly identity: Identity }
  | { readonly kind: 'at'; readonly position: number }

/** What the store asks of its reading thread. */
export type ReaderRequest = Reading & { readonly ticket: number; readonly workspace: string }

/** The answer to one request: a result, or why there is none. */
export type Reply<T> = { readonly ticket: number } & (
  | { readonly result: T; readonly failure?: never }
  | { readonly failure: Failure; readonly result?: never }
)

/** An error that crosses between threads. */
export interface Failure {
  readonly code: ErrorCode
  readonly message: string
}

/** What the writer answers: to `append` what became of it, to `open` the log's state. */
export type WriterResult = Appended | LogState | undefined
