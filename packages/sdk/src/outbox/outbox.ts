import { Courier } from '../disk/courier.ts'
import { RefusedFile } from '../disk/refused-file.ts'
import { Spool } from '../disk/spool.ts'
import { tellersOf } from '../disk/tell.ts'
import { checkNames, type NamesOf } from '../http/known-names.ts'
import { waitMs, type Backoff } from '../http/retry.ts'
import { NativeApi } from '../native/api.ts'
import {
  encodeEvent,
  type EncodedEvent,
  type EventIdentity,
  type EventInput,
} from '../native/append/event-input.ts'
import type { CloudEvent } from '../wire.ts'
import { deliver } from './delivery.ts'
import type { OutboxBatch, OutboxOptions, OutboxSize } from './options.ts'

const eventsMaxIfAbsent = 500
const batchBytesMaxIfAbsent = 1024 * 1024
const backoff: Backoff = {
  firstMs: 1000,
  factor: 2,
  maxMs: 60_000,
  jitter: 0.5,
  retryAfterMsMax: 3_600_000,
}
const optionNames: NamesOf<OutboxOptions> = {
  folder: true,
  url: true,
  key: true,
  bytesMax: true,
  refusedBytesMax: true,
  batch: true,
  onRefused: true,
  onFault: true,
  parse: true,
  stringify: true,
  fetch: true,
  timeoutMs: true,
  headers: true,
  clock: true,
}
const batchNames: NamesOf<OutboxBatch> = { eventsMax: true, bytesMax: true }

/**
 * Keeps events on disk until an Eventwell server has them. When `append` is done, the event is on disk
 * for good: whatever ends this process or the server, it is in the server in the end, once, and behind
 * all that were appended before it.
 *
 * It sends in the background, for as long as it takes, and waits for up to a minute between two tries, or
 * as long as the server asks to. What the server will never take is put into the folder's
 * `refused.ndjson`, so that nothing behind it has to wait. For Node,
 * Bun and Deno.
 *
 * @example
 * ```ts
 * const outbox = await Outbox.open({
 *   folder: './outbox',
 *   url: 'http://127.0.0.1:4567',
 *   key: 'development',
 * })
 * await outbox.append({ source: '/shop', type: 'order.paid', data: { total: 12.5 } })
 * // Safe from here on. At the end of the program:
 * await outbox.close()
 * ```
 */
export class Outbox {
  readonly #spool: Spool
  readonly #courier: Courier
  readonly #options: OutboxOptions

  private constructor(spool: Spool, courier: Courier, options: OutboxOptions) {
    this.#spool = spool
    this.#courier = courier
    this.#options = options
  }

  /**
   * Opens the outbox of a folder, and begins to send what an earlier process left there.
   * @throws FolderInUseError when another outbox has the folder; Error when it cannot be written;
   *   TypeError or RangeError for options that cannot be.
   */
  static async open(options: OutboxOptions): Promise<Outbox> {
    checkNames('Options', options, optionNames)
    const { folder, clock, batch = {} } = options
    if (typeof folder !== 'string' || folder === '') {
      throw new TypeError('folder must be a text that is not empty.')
    }
    checkNames('batch', batch, batchNames)
    const rules = {
      recordsMax: checked('batch.eventsMax', batch.eventsMax ?? eventsMaxIfAbsent),
      bytesMax: checked('batch.bytesMax', batch.bytesMax ?? batchBytesMaxIfAbsent),
    }
    const refusedBytesMax = options.refusedBytesMax
    if (refusedBytesMax !== undefined) checked('refusedBytesMax', refusedBytesMax)
    const { url, key, fetch, timeoutMs, headers, parse = JSON.parse } = options
    const api = new NativeApi({ url, key, fetch, timeoutMs, headers, clock, retry: false })
    const { onFault, onRefused } = tellersOf(
      `The outbox ${folder}`,
      options,
      (record) => parse(record) as CloudEvent,
      ({ source, id }) => `${source} ${id}`,
    )
    const { bytesMax } = options
    const spool = await Spool.open(folder, { bytesMax, onFault: (error) => onFault(error) })
    const refused = new RefusedFile(folder, refusedBytesMax)
    const now = () => clock?.now() ?? Date.now()
    const tools = { api, refused, onRefused, now }
    const courier = new Courier(spool, {
      ...rules,
      lingerMs: 0,
      deliver: (records, signal) => deliver(records, signal, tools),
      delayMs: (error, failures) =>
        waitMs(backoff, error, failures, clock?.random() ?? Math.random()),
      onFault,
      clock,
    })
    return new Outbox(spool, courier, options)
  }

  /** What is unsent. */
  get size(): OutboxSize {
    const { records, bytes } = this.#spool.size
    return { events: records, bytes }
  }

  /** As with one event, for several: after a crash all of them are there, or none. In the order given. */
  append<E extends EventInput>(events: readonly E[]): Promise<EventIdentity[]>
  /**
   * Keeps an event, and sends it as soon as may be. It gets an id and the present time where it has none,
   * as with the client's own `append`. Done when it is on disk for good.
   * @throws TypeError or RangeError for what is no event; SpoolFullError when there is no room; Error
   *   when the disk cannot be written, or the outbox is closed. Then it is not kept.
   */
  append<E extends EventInput>(event: E): Promise<EventIdentity>
  async append(
    input: EventInput | readonly EventInput[],
  ): Promise<EventIdentity | EventIdentity[]> {
    const { clock, stringify } = this.#options
    const nowMs = clock?.now() ?? Date.now()
    const events = isOne(input) ? [input] : input
    const encoded = events.map((event) => encodeEvent(event, nowMs, stringify))
    if (stringify !== undefined) encoded.forEach(checkLine)
    await this.#spool.add(encoded.map(({ text }) => text))
    this.#courier.wake()
    const identities = encoded.map(({ id, source }) => ({ id, source }))
    return isOne(input) ? identities[0]! : identities
  }

  /**
   * Waits until all that was appended so far is with the server, or refused for good, also what `append`
   * is still bringing to disk; for ever, when the server never comes back. It keeps a process alive; what
   * is unsent does not, but for a request that is on its way, until it is answered or takes longer than
   * `timeoutMs`.
   * @throws The signal's reason; Error when the outbox is closed before. What is unsent stays kept.
   */
  async flush({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    await this.#courier.flush(signal)
  }

  /** Stops sending, and gives the folder back. What is unsent stays there for the next one to send. */
  async close(): Promise<void> {
    await this.#courier.close()
    await this.#spool.close()
  }
}

/** `Array.isArray` does not know that arrays may be readonly. */
function isOne(input: EventInput | readonly EventInput[]): input is EventInput {
  return !Array.isArray(input)
}

/** What a `stringify` of the caller's wrote is kept in a line. */
function checkLine({ text }: EncodedEvent): void {
  if (!/[\t\n\r]/.test(text)) return
  throw new TypeError(
    'stringify must write an event on one line, without tabs: it must not indent.',
  )
}

function checked(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new RangeError(`${name} must be a whole number above 0; it is ${value}.`)
}
