import type { NamesOf } from '../http/known-names.ts'
import {
  callOptions,
  clientOptions,
  type CallOptions,
  type ClientOptions,
} from '../http/options.ts'
import type { LogspaceDialect } from './dialect.ts'
import type { EventFilter } from './filter.ts'
import type { StoredLogspaceEvent } from './event.ts'

/** How to reach a server that speaks Logspace. */
export interface LogspaceOptions extends ClientOptions {
  /** The address of Logspace HQ, or of Eventwell; as in the vendor's own configuration. */
  readonly hqUrl: string | URL
  /** The token of the space that events go to; for Eventwell a key. */
  readonly spaceToken: string
  /** Which release's spelling is sent; `0.3`, the last release, by default. */
  readonly dialect?: LogspaceDialect | undefined
}

/** Which order is asked for. */
export interface OrdersOptions extends CallOptions {
  /** The `lastModified` of the order that is here; one that is still the same is not sent again. */
  readonly lastModified?: string | undefined
}

/** Which events to retrieve. */
export interface RetrieveOptions extends CallOptions {
  /** What the events must meet; every event does by default. */
  readonly filter?: EventFilter | undefined
  /** How many events at most, 0 to 1000; the server's default is 10. */
  readonly count?: number | undefined
  /** The `nextCursor` of the page before; from the beginning by default. */
  readonly cursor?: string | undefined
}

/** Which events to go through. */
export interface IterateOptions extends CallOptions {
  /** What the events must meet; every event does by default. */
  readonly filter?: EventFilter | undefined
  /** How many events are asked for at once, 1 to 1000; 1000 by default. */
  readonly pageSize?: number | undefined
  /** Behind which page to begin; from the beginning by default. */
  readonly cursor?: string | undefined
}

/** Which events to stream. */
export interface StreamOptions extends CallOptions {
  /** What the events must meet; every event does by default. */
  readonly filter?: EventFilter | undefined
  /** How many events are passed over first, up to 2^31 - 1; none by default. */
  readonly offset?: number | undefined
  /** How many events at most, up to 2^31 - 1, which is the default here (a server's own is 10). */
  readonly count?: number | undefined
  /** How many milliseconds nothing may come of a stream that has begun; 60,000 by default. */
  readonly silenceMs?: number | undefined
}

/** A page of events, in the order of their timestamps, then of their ids. */
export interface LogspacePage {
  /** The events of this page. */
  readonly events: readonly StoredLogspaceEvent[]
  /** How many events the filter finds, on all pages. */
  readonly totalCount: number
  /** Where to go on; the one that was sent when there is nothing behind it. */
  readonly nextCursor: string
}

/** What there is in `LogspaceOptions`. */
export const logspaceOptions: NamesOf<LogspaceOptions> = {
  ...clientOptions,
  hqUrl: true,
  spaceToken: true,
  dialect: true,
}

/** What there is in `OrdersOptions`. */
export const ordersOptions: NamesOf<OrdersOptions> = { ...callOptions, lastModified: true }

/** What there is in `RetrieveOptions`. */
export const retrieveOptions: NamesOf<RetrieveOptions> = {
  ...callOptions,
  filter: true,
  count: true,
  cursor: true,
}

/** What there is in `IterateOptions`. */
export const iterateOptions: NamesOf<IterateOptions> = {
  ...callOptions,
  filter: true,
  pageSize: true,
  cursor: true,
}

/** What there is in `StreamOptions`. */
export const streamOptions: NamesOf<StreamOptions> = {
  ...callOptions,
  filter: true,
  offset: true,
  count: true,
  silenceMs: true,
}

/** What the client takes of options that have more in them, as an agent's have. */
export function logspaceOptionsIn(options: LogspaceOptions): LogspaceOptions {
  const given = Object.entries(options).filter(([name]) => Object.hasOwn(logspaceOptions, name))
  // What is left are members of those options, with the values that they had.
  return Object.fromEntries(given) as unknown as LogspaceOptions
}
