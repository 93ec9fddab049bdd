import type { NamesOf } from '../http/known-names.ts'
import { callOptions, type CallOptions } from '../http/options.ts'
import type { StreamAnswer } from '../wire.ts'
import type { EventIdentity } from './append/event-input.ts'

/**
 * How a single event is appended. What waits for longer than `totalTimeoutMs` fails with a `TimeoutError`,
 * which says whether it was sent. A request has the events of many calls: `timeoutMs` is the client's.
 */
export type AppendOneOptions = Pick<CallOptions, 'signal' | 'totalTimeoutMs'>

/** How events are appended in a request of their own. */
export interface AppendOptions extends CallOptions {
  /** `all` keeps every event or none, and is the default; `each` keeps what can be taken. */
  readonly mode?: 'all' | 'each' | undefined
  /**
   * 1 to 255 printable ASCII characters. For 24 hours a request with the same key and the same events is
   * answered as the first one was; with others it is refused as `key_reused`. So give the events ids of
   * your own with it: those that the client makes differ each time.
   */
  readonly idempotencyKey?: string | undefined
}

/** How any number of events are appended. */
export interface AppendEachOptions extends CallOptions {
  /** Told after each request how it stands: what is kept, should a later request fail. */
  readonly onProgress?: ((answer: StreamAnswer) => void) | undefined
}

/** How one event is asked for. */
export interface GetOptions extends CallOptions {
  /** Only these attributes, at most 100. */
  readonly fields?: readonly string[] | undefined
}

/** What there is in `AppendOneOptions`. */
export const appendOneOptions: NamesOf<AppendOneOptions> = { signal: true, totalTimeoutMs: true }

/** What there is in `AppendOptions`. */
export const appendOptions: NamesOf<AppendOptions> = {
  ...callOptions,
  mode: true,
  idempotencyKey: true,
}

/** What there is in `AppendEachOptions`. */
export const appendEachOptions: NamesOf<AppendEachOptions> = { ...callOptions, onProgress: true }

/** What there is in `GetOptions`. */
export const getOptions: NamesOf<GetOptions> = { ...callOptions, fields: true }

/** What is erased: the event of an identity, all events about a subject, or all by an actor. */
export type Erasure = EventIdentity | { readonly subject: string } | { readonly actor: string }
