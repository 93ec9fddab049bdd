import { hostname } from 'node:os'
import { Courier } from '../../disk/courier.ts'
import { RefusedFile } from '../../disk/refused-file.ts'
import { Spool } from '../../disk/spool.ts'
import { detached, messageOf, warn } from '../../disk/tell.ts'
import { isHttpError } from '../../http/errors/guards.ts'
import { Logspace } from '../client.ts'
import type { AgentCapabilities, ControllerOrder } from '../controllers.ts'
import { decodeEvent } from '../decode.ts'
import { encodeEvent } from '../encode.ts'
import type { LogspaceEvent } from '../event.ts'
import { Controller } from './controller.ts'
import { AgentDelivery } from './delivery.ts'
import type { AgentEvent, AgentSize, LogspaceAgentOptions } from './options.ts'

// Contract 1.6: as many events at most, after as many seconds, and again after as many.
const batchEventsMax = 1000
const commitSecondsIfAbsent = 300
const pollSecondsIfAbsent = 60
const retryMsMax = 60_000
// Ours: one request's worth of large events, and no haste that would drown a server.
const batchBytesMax = 8 * 1024 * 1024
const retryMsMin = 1000
const retryAfterMsMax = 3_600_000

/**
 * An agent of Logspace: keeps events on disk until HQ has stored them, and sends them as the vendor's
 * agents do, up to 1000 at a time, when so many wait or after `commitMaxSeconds`. When `add` is done, the
 * event is on disk for good: whatever ends this process or the server, it is stored in the end. It may be
 * sent more than once, always with the same id, which HQ takes for the same event.
 *
 * An event that the server cannot store is put into the folder's `refused.ndjson`, so that nothing behind
 * it has to wait. For Node and Bun.
 *
 * @example
 * ```ts
 * const agent = await LogspaceAgent.open({
 *   folder: './logspace-agent',
 *   hqUrl: 'http://127.0.0.1:4567',
 *   spaceToken: 'development',
 *   agentId: 'os/memory',
 * })
 * await agent.add({ type: 'os/memory', properties: { longs: { free_memory: 2074169344n } } })
 * await agent.flush()
 * await agent.close()
 * ```
 */
export class LogspaceAgent {
  readonly #spool: Spool
  readonly #courier: Courier
  readonly #controller: Controller | undefined
  readonly #options: LogspaceAgentOptions & { readonly system: string }

  private constructor(
    spool: Spool,
    courier: Courier,
    controller: Controller | undefined,
    options: LogspaceAgentOptions & { readonly system: string },
  ) {
    this.#spool = spool
    this.#courier = courier
    this.#controller = controller
    this.#options = options
  }

  /**
   * Opens the agent of a folder, and begins to send what an earlier process left there.
   * @throws FolderInUseError when another agent has the folder; Error when it cannot be written;
   *   TypeError or RangeError for options that cannot be.
   */
  static async open(options: LogspaceAgentOptions): Promise<LogspaceAgent> {
    const { folder, agentId, marker, clock, bytesMax, refusedBytesMax } = options
    const { controllerId, agents = [], system = hostname() || 'UNKNOWN' } = options
    let lingerMs = millisecondsOf(
      'commitMaxSeconds',
      options.commitMaxSeconds,
      commitSecondsIfAbsent,
    )
    const pollMs = millisecondsOf('pollSeconds', options.pollSeconds, pollSecondsIfAbsent)
    if (controllerId === undefined && agents.length > 0) {
      throw new TypeError('agents are told of under a controllerId; there is none.')
    }
    const whole = { ...options, system }
    // Any fault of them is found now, and not with the first event.
    encodeEvent(completed({}, { agentId, marker, system }))
    const client = new Logspace({ ...options, retry: false })
    const { onFault, onRefused, onOrder } = tellers(options)
    const spool = await Spool.open(folder, { bytesMax, onFault: (error) => onFault(error) })
    const delivery = new AgentDelivery(client, new RefusedFile(folder, refusedBytesMax), onRefused)
    const courier = new Courier(spool, {
      recordsMax: batchEventsMax,
      bytesMax: batchBytesMax,
      lingerMs,
      deliver: (records, signal) => delivery.deliver(records, signal),
      delayMs: (error) => delayMs(error, lingerMs),
      onFault,
      clock,
    })
    const obey = (order: ControllerOrder) => {
      const orderedMs = Math.max(order.commitMaxSeconds, 0) * 1000
      if (orderedMs !== lingerMs) courier.setLinger(orderedMs)
      lingerMs = orderedMs
      onOrder(order)
    }
    const controller =
      controllerId === undefined
        ? undefined
        : new Controller(client, {
            id: controllerId,
            system,
            agents,
            pollMs,
            onFault,
            clock,
            onOrder: obey,
          })
    return new LogspaceAgent(spool, courier, controller, whole)
  }

  /** What is unsent. */
  get size(): AgentSize {
    const { records, bytes } = this.#spool.size
    return { events: records, bytes }
  }

  /**
   * The newest order for this controller; `undefined` until there is one. `commitMaxSeconds` is obeyed.
   */
  get order(): ControllerOrder | undefined {
    return this.#controller?.order
  }

  /**
   * Keeps an event, and sends it in its turn. Done when it is on disk for good.
   * @throws TypeError or RangeError for what cannot be stored; SpoolFullError when there is no room;
   *   Error when the disk cannot be written, or the agent is closed. Then it is not kept.
   */
  async add(event: AgentEvent): Promise<{ readonly id: string }> {
    const [identity] = await this.addAll([event])
    return identity!
  }

  /** As `add`, for several: after a crash all of them are there, or none. In the order given. */
  async addAll(events: readonly AgentEvent[]): Promise<{ readonly id: string }[]> {
    const whole = events.map((event) => completed(event, this.#options))
    await this.#spool.add(whole.map((event) => encodeEvent(event)))
    this.#courier.wake()
    return whole.map(({ id }) => ({ id }))
  }

  /**
   * Tells HQ what this controller's agents can do, in place of what was told before; again at each poll
   * until HQ has it.
   * @throws TypeError when the agent has no `controllerId`.
   */
  announce(agents: readonly AgentCapabilities[]): void {
    if (this.#controller === undefined) {
      throw new TypeError('agents are told of under a controllerId; there is none.')
    }
    this.#controller.announce(agents)
  }

  /**
   * Sends at once, and waits until all that was added so far is stored, or refused for good; for ever,
   * when the server never comes back. Only this keeps a process alive, not what is unsent.
   * @throws The signal's reason; Error when the agent is closed before. What is unsent stays kept.
   */
  async flush({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    await this.#courier.flush(signal)
  }

  /** Stops sending, and gives the folder back. What is unsent stays there for the next one to send. */
  async close(): Promise<void> {
    await Promise.all([this.#courier.close(), this.#controller?.close()])
    await this.#spool.close()
  }
}

function completed(
  event: AgentEvent,
  own: { readonly system: string; readonly agentId: string; readonly marker?: string | undefined },
): LogspaceEvent {
  return {
    ...event,
    id: event.id ?? crypto.randomUUID(),
    system: event.system ?? own.system,
    agentId: event.agentId ?? own.agentId,
    timestamp: event.timestamp ?? new Date(),
    marker: event.marker ?? own.marker,
  }
}

function tellers({ folder, onFault, onRefused, onOrder }: LogspaceAgentOptions) {
  const tellFault =
    onFault ??
    ((error: unknown, ms?: number) => {
      const next = ms === undefined ? '' : ` Tried again in ${Math.ceil(ms / 1000)} s.`
      warn(`The Logspace agent ${folder}: ${messageOf(error)}.${next}`)
    })
  const tellRefused =
    onRefused ??
    (({ id }: LogspaceEvent, reason: string) => {
      warn(`The Logspace agent ${folder} put ${id} into refused.ndjson: ${reason}`)
    })
  return {
    onFault: detached(tellFault),
    onRefused: detached(({ record, reason }: { record: string; reason: string }) => {
      tellRefused(decodeEvent(record), reason)
    }),
    onOrder: detached((order: ControllerOrder) => onOrder?.(order)),
  }
}

/** As long as the server asks for; else a minute, or until the next regular run if that is before. */
function delayMs(error: unknown, lingerMs: number): number {
  const asked = isHttpError(error) ? error.retryAfterMs : undefined
  if (asked !== undefined) return Math.min(asked, retryAfterMsMax)
  return Math.max(retryMsMin, Math.min(retryMsMax, lingerMs))
}

function millisecondsOf(name: string, seconds: number | undefined, ifAbsent: number): number {
  const value = seconds ?? ifAbsent
  if (Number.isFinite(value) && value > 0) return value * 1000
  throw new RangeError(`${name} must be a number of seconds above 0; it is ${value}.`)
}
