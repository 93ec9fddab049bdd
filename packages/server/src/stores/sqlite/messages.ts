import type { ErrorCode } from '../../core/errors.ts'
import type { Identity } from '../../core/event.ts'
import type { Place, Query } from '../../core/query.ts'
import type {
  Appended,
  LogState,
  Mark,
  OnChange,
  Removal,
  RemovalPart,
  RemovalReason,
} from '../../core/store.ts'
import type { Summary, SummaryPart } from '../../core/summary.ts'

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
      readonly mark: Mark | undefined
    }
  | {
      readonly kind: 'remove'
      readonly ticket: number
      readonly workspace: string
      readonly removal: Removal
      readonly reason: RemovalReason
      readonly after: number
    }
  | {
      readonly kind: 'note'
      readonly ticket: number
      readonly workspace: string
      readonly name: string
      readonly text: string | undefined
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
  readonly next?: Place | undefined
  readonly isScattered?: boolean | undefined
  readonly head: number
}

/** What can be read of a workspace, and what the answer to it is. */
export interface Readings {
  readonly read: { readonly ask: { readonly query: Query }; readonly answer: Found }
  readonly find: { readonly ask: { readonly identity: Identity }; readonly answer: Found }
  readonly at: { readonly ask: { readonly position: number }; readonly answer: Found }
  readonly summarize: {
    readonly ask: { readonly summary: Summary; readonly after: number }
    readonly answer: SummaryPart
  }
  readonly firstSince: { readonly ask: { readonly receivedMs: number }; readonly answer: number }
  readonly note: { readonly ask: { readonly name: string }; readonly answer: string | undefined }
  readonly notes: {
    readonly ask: { readonly prefix: string }
    readonly answer: ReadonlyMap<string, string>
  }
}

/** What the store asks of its reading thread. */
export type ReaderRequest = {
  [Kind in keyof Readings]: { readonly kind: Kind } & Readings[Kind]['ask'] & {
      readonly ticket: number
      readonly workspace: string
    }
}[keyof Readings]

/** What the reading thread answers. */
export type ReaderResult = Readings[keyof Readings]['answer']

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
export type WriterResult = Appended | LogState | RemovalPart | undefined
