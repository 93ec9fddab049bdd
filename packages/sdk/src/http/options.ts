import type { Clock } from './clock.ts'
import type { NamesOf } from './known-names.ts'
import type { RetryChanges } from './retry.ts'

/** A `fetch`: the runtime's own, or anything that keeps its contract. */
export type Fetch = (address: string, init: RequestInit) => Promise<Response>

/** What every client of this package takes besides its address and its key. */
export interface ClientOptions {
  /** Sends the requests; the runtime's `fetch` by default. */
  readonly fetch?: Fetch | undefined
  /** Within how many milliseconds one try must be answered in full; of a stream, with its headers. */
  readonly timeoutMs?: number | undefined
  /** Within how many milliseconds a call must be done, with all repetitions and the waits between them. */
  readonly totalTimeoutMs?: number | undefined
  /** Changes of when requests are sent again; `false` sends nothing again. */
  readonly retry?: RetryChanges | false | undefined
  /** Headers for each request, besides the client's own, which they cannot replace; a proxy's key, say. */
  readonly headers?: Readonly<Record<string, string>> | Headers | undefined
  /** Time and chance, for tests; the runtime's by default. */
  readonly clock?: Clock | undefined
}

/** What each call takes. */
export interface CallOptions {
  /** Ends the call; what it was aborted with is thrown as it is. */
  readonly signal?: AbortSignal | undefined
  /** Instead of the client's. */
  readonly timeoutMs?: number | undefined
  /** Instead of the client's. */
  readonly totalTimeoutMs?: number | undefined
}

/** What there is in `ClientOptions`. */
export const clientOptions: NamesOf<ClientOptions> = {
  fetch: true,
  timeoutMs: true,
  totalTimeoutMs: true,
  retry: true,
  headers: true,
  clock: true,
}

/** What there is in `CallOptions`. */
export const callOptions: NamesOf<CallOptions> = {
  signal: true,
  timeoutMs: true,
  totalTimeoutMs: true,
}
