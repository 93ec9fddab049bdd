import type { ClientOptions } from '../http/options.ts'
import type { CloudEvent } from '../wire.ts'

/** Where an outbox keeps events, and where it sends them. */
export interface OutboxOptions extends Omit<ClientOptions, 'retry' | 'totalTimeoutMs'> {
  /** Where unsent events are kept; made when it is not there. One outbox at a time may have it. */
  readonly folder: string
  /** The server's address, such as `https://events.example.com`, without `/eventwell`. */
  readonly url: string | URL
  /** The key of a workspace, which may write. It is in no error, no log and no file. */
  readonly key: string
  /**
   * How many bytes unsent events may take on disk before `append` fails; 256 MiB by default. Files that
   * were damaged and put aside do not count, and may take 64 MiB before `append` fails.
   */
  readonly bytesMax?: number | undefined
  /**
   * How many bytes `refused.ndjson` may have before sending stops until it is moved away; 64 MiB by
   * default.
   */
  readonly refusedBytesMax?: number | undefined
  /** How events are put together into requests. */
  readonly batch?: OutboxBatch | undefined
  /**
   * Told of each event that the server will never take, when it stands in the folder's `refused.ndjson`:
   * it was found invalid or too large, or another event of its source and id is kept already. A process
   * warning by default. What it throws is such a warning, and changes nothing.
   */
  readonly onRefused?: ((event: CloudEvent, reason: string) => void) | undefined
  /**
   * Told of each try that failed, and in how many milliseconds the next one is; of a damage to the
   * folder, where nothing waits, without a time. A process warning by default. What it throws is such a
   * warning, and changes nothing.
   */
  readonly onFault?: ((error: unknown, delayMs?: number) => void) | undefined
  /**
   * Reads the JSON of events for `onRefused`; `JSON.parse` by default. What it throws is a process
   * warning; the event stands in `refused.ndjson` all the same.
   */
  readonly parse?: ((text: string) => unknown) | undefined
  /**
   * Writes the JSON of an event: one object on one line, so that it must not indent. `JSON.stringify` by
   * default, which refuses a `bigint`.
   */
  readonly stringify?: ((value: unknown) => string) | undefined
}

/** The bounds of a request. */
export interface OutboxBatch {
  /** The most events of a request; 500 by default. */
  readonly eventsMax?: number | undefined
  /** The most bytes of a request, unless one event alone has more; 1 MiB by default. */
  readonly bytesMax?: number | undefined
}

/** What is unsent. */
export interface OutboxSize {
  /** How many. */
  readonly events: number
  /** What they take on disk. */
  readonly bytes: number
}
