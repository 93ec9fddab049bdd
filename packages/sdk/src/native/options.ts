import { checkNames, type NamesOf } from '../http/known-names.ts'
import { clientOptions, type ClientOptions } from '../http/options.ts'

/** How single appends are put together into requests. */
export interface BatchOptions {
  /** The most events of a request, up to 20,000, as the server's own bound; 500 by default. */
  readonly eventsMax?: number | undefined
  /** The most bytes of a request, unless one event alone has more; 1 MiB by default. */
  readonly bytesMax?: number | undefined
  /**
   * How many milliseconds the first event of a request waits for more of them. By default 0: a request
   * has what was appended at the same moment, or while the one before was on its way.
   */
  readonly lingerMs?: number | undefined
  /**
   * The most requests on their way at once; 1 by default, and with more the order of events is left to
   * chance.
   */
  readonly requestsMax?: number | undefined
  /**
   * How many bytes of appends may wait or be on their way before another one fails with a `BacklogError`;
   * 64 MiB by default.
   */
  readonly waitingBytesMax?: number | undefined
  /**
   * How many appends may wait or be on their way before another one fails with a `BacklogError`; 100,000 by
   * default.
   */
  readonly callsMax?: number | undefined
}

/** Where the server is, and how it is talked to. */
export interface EventwellOptions extends ClientOptions {
  /** The server's address, such as `https://events.example.com`, without `/eventwell`. */
  readonly url: string | URL
  /** The key of a workspace. It is in no error and no log. */
  readonly key: string
  /** How single appends are put together into requests. */
  readonly batch?: BatchOptions | undefined
  /**
   * Reads the JSON of events; `JSON.parse` by default, which rounds whole numbers beyond 2^53.
   * Summaries and receipts are always read by `JSON.parse`.
   */
  readonly parse?: ((text: string) => unknown) | undefined
  /** Writes the JSON of events; `JSON.stringify` by default, which refuses a `bigint`. */
  readonly stringify?: ((value: unknown) => string) | undefined
}

const batchNames: NamesOf<BatchOptions> = {
  eventsMax: true,
  bytesMax: true,
  lingerMs: true,
  requestsMax: true,
  waitingBytesMax: true,
  callsMax: true,
}

/** What there is in `EventwellOptions`. */
export const eventwellOptions: NamesOf<EventwellOptions> = {
  ...clientOptions,
  url: true,
  key: true,
  batch: true,
  parse: true,
  stringify: true,
}

// The server takes no more in a request (PROTOCOL.md section 12).
const requestEventsMax = 20_000

/** `BatchOptions` with nothing left out. */
export type BatchRules = { readonly [name in keyof BatchOptions]-?: number }

/**
 * The batch options with their defaults.
 * @throws RangeError for a bound that is no whole number of at least 1, or a linger that is no time;
 * TypeError for an option that there is not.
 */
export function batchRules(options: BatchOptions = {}): BatchRules {
  checkNames('batch', options, batchNames)
  const rules: BatchRules = {
    eventsMax: options.eventsMax ?? 500,
    bytesMax: options.bytesMax ?? 1024 * 1024,
    lingerMs: options.lingerMs ?? 0,
    requestsMax: options.requestsMax ?? 1,
    waitingBytesMax: options.waitingBytesMax ?? 64 * 1024 * 1024,
    callsMax: options.callsMax ?? 100_000,
  }
  for (const [name, value] of Object.entries(rules)) {
    const least = name === 'lingerMs' ? 0 : 1
    const most = name === 'eventsMax' ? requestEventsMax : Infinity
    if (Number.isSafeInteger(value) && value >= least && value <= most) continue
    const range = most === Infinity ? `from ${least} on` : `from ${least} to ${most}`
    throw new RangeError(`batch.${name} must be a whole number ${range}; it is ${value}.`)
  }
  return rules
}
