import { Courier } from '../disk/courier.ts'
import { RefusedFile } from '../disk/refused-file.ts'
import { Spool } from '../disk/spool.ts'
import { detached, messageOf, warn } from '../disk/tell.ts'
import { isHttpError } from '../http/errors/guards.ts'
import { NativeApi } from '../native/api.ts'
import { encodeEvent, type EventInput } from '../native/append/event-input.ts'
import type { CloudEvent } from '../wire.ts'
import { deliver } from './delivery.ts'
import type { EventIdentity, OutboxOptions, OutboxSize } from './options.ts'

const eventsMaxIfAbsent = 500
const batchBytesMaxIfAbsent = 1024 * 1024
const firstDelayMs = 1000
const delayMsMax = 60_000
const retryAfterMsMax = 3_600_000

/**
 * Keeps events on disk until an Eventwell server has them. When `append` is done, the event is on disk
 * for good: whatever ends this process or the server, it is in the server in the end, once, and behind
 * all that were appended before it.
 *
 * It sends in the background, for as long as it takes, and waits for up to a minute between two tries, or
 * as long as the server asks to. What the server will never take is put into the folder's
 * `refused.ndjson`, so that nothing behind it has to wait. For Node and Bun.
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
    const { folder, clock, batch = {} } = options
    const rules = {
      recordsMax: checked('batch.eventsMax', batch.eventsMax ?? eventsMaxIfAbsent),
      bytesMax: checked('batch.bytesMax', batch.bytesMax ?? batchBytesMaxIfAbsent),
    }
    const refusedBytesMax = options.refusedBytesMax
    if (refusedBytesMax !== undefined) checked('refusedBytesMax', refusedBytesMax)
    const api = new NativeApi({ ...options, batch: undefined, retry: false })
    const { onFault, onRefused } = tellers(options)
    const { bytesMax } = options
    const spool = await Spool.open(folder, { bytesMax, onFault: (error) => onFault(error) })
    const refused = new RefusedFile(folder, refusedBytesMax)
    const now = () => clock?.now() ?? Date.now()
    const tools = { api, refused, onRefused, now }
    const courier = new Courier(spool, {
      ...rules,
      lingerMs: 0,
      deliver: (records, signal) => deliver(records, signal, tools),
      delayMs: (error, failures) => delayMs(error, failures, clock?.random() ?? Math.random()),
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

  /**
   * Keeps an event, and sends it as soon as may be. It gets an id and the present time where it has none,
   * as with the client's own `append`. Done when it is on disk for good.
   * @throws TypeError or RangeError for what is no event; SpoolFullError when there is no room; Error
   *   when the disk cannot be written, or the outbox is closed. Then it is not kept.
   */
  async append(event: EventInput): Promise<EventIdentity> {
    const [identity] = await this.appendAll([event])
    return identity!
  }

  /** As `append`, for several: after a crash all of them are there, or none. In the order given. */
  async appendAll(events: readonly EventInput[]): Promise<EventIdentity[]> {
    const { clock, stringify } = this.#options
    const nowMs = clock?.now() ?? Date.now()
    const encoded = events.map((event) => encodeEvent(event, nowMs, stringify))
    await this.#spool.add(encoded.map(({ text }) => text))
    this.#courier.wake()
    return encoded.map(({ id, source }) => ({ id, source }))
  }

  /**
   * Waits until all that was appended so far is with the server, or refused for good; for ever, when the
   * server never comes back. Only this keeps a process alive, not what is unsent.
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

function tellers({ folder, onFault, onRefused, parse = JSON.parse }: OutboxOptions) {
  const tellFault = onFault ?? ((error: unknown, ms?: number) => warnOf(folder, error, ms))
  const tellRefused =
    onRefused ??
    ((event: CloudEvent, reason: string) => {
      warn(`The outbox ${folder} put ${event.source} ${event.id} into refused.ndjson: ${reason}`)
    })
  return {
    onFault: detached(tellFault),
    onRefused: detached(({ record, reason }: { record: string; reason: string }) => {
      tellRefused(parse(record) as CloudEvent, reason)
    }),
  }
}

function warnOf(folder: string, error: unknown, waitMs: number | undefined): void {
  const next = waitMs === undefined ? '' : ` Tried again in ${Math.ceil(waitMs / 1000)} s.`
  warn(`The outbox ${folder}: ${messageOf(error)}.${next}`)
}

function delayMs(error: unknown, failures: number, random: number): number {
  const asked = isHttpError(error) ? error.retryAfterMs : undefined
  if (asked !== undefined) return Math.min(asked, retryAfterMsMax)
  return Math.min(firstDelayMs * 2 ** (failures - 1), delayMsMax) * (1 - 0.5 * random)
}

function checked(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new RangeError(`${name} must be a whole number above 0; it is ${value}.`)
}
