import { hostname } from 'node:os'
import { Courier } from '../../disk/courier.ts'
import { RefusedFile } from '../../disk/refused-file.ts'
import { Spool } from '../../disk/spool.ts'
import { harmless, tellersOf } from '../../disk/tell.ts'
import { checkNames, type NamesOf } from '../../http/known-names.ts'
import { waitMs, type Backoff } from '../../http/retry.ts'
import { Logspace } from '../client.ts'
import type { AgentCapabilities, ControllerOrder } from '../controllers.ts'
import { decodeEvent } from '../decode.ts'
import { encodeEvent } from '../encode.ts'
import type { LogspaceEvent } from '../event.ts'
import { logspaceOptionsIn } from '../options.ts'
import { Controller } from './controller.ts'
import { AgentDelivery } from './delivery.ts'
import type { AgentEvent, AgentSize, LogspaceAgentOptions } from './options.ts'

// Contract 1.6: as many events at most, after as many seconds, and again after as many.
const batchEventsMax = 1000
const commitSecondsIfAbsent = 300
const pollSecondsIfAbsent = 60
// Ours: no haste that would drown a server.
const pollSecondsMin = 1
const retryMsMax = 60_000
// Ours: one request's worth of large events, and no haste after a failure either.
const batchBytesMax = 8 * 1024 * 1024
const retryMsMin = 1000
const retryAfterMsMax = 3_600_000

const optionNames: NamesOf<LogspaceAgentOptions> = {
  folder: true,
  hqUrl: true,
  spaceToken: true,
  dialect: true,
  agentId: true,
  system: true,
  marker: true,
  controllerId: true,
  agents: true,
  commitMaxSeconds: true,
  pollSeconds: true,
  bytesMax: true,
  refusedBytesMax: true,
  onOrder: true,
  onRefused: true,
  onFault: true,
  fetch: true,
  timeoutMs: true,
  headers: true,
  clock: true,
}

/**
 * An agent of Logspace: keeps events on disk until HQ has stored them, and sends them as the vendor's
 * agents do, up to 1000 at a time, when so many wait or after `commitMaxSeconds`. When `append` is done, the
 * event is on disk for good: whatever ends this process or the server, it is stored in the end. It may be
 * sent more than once, always with the same id, which HQ takes for the same event.
 *
 * An event that the server cannot store is put into the folder's `refused.ndjson`, so that nothing behind
 * it has to wait. For Node, Bun and Deno.
 *
 * @example
 * ```ts
 * const agent = await LogspaceAgent.open({
 *   folder: './logspace-agent',
 *   hqUrl: 'http://127.0.0.1:4567',
 *   spaceToken: 'development',
 *   agentId: 'os/memory',
 * })
 * await agent.append({ type: 'os/memory', properties: { longs: { free_memory: 2074169344n } } })
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
    checkNames('Options', options, optionNames)
    const { folder, agentId, marker, clock, bytesMax, refusedBytesMax } = options
    const { controllerId, agents = [], system = hostname() || 'UNKNOWN' } = options
    const { commitMaxSeconds = commitSecondsIfAbsent, pollSeconds = pollSecondsIfAbsent } = options
    for (const [name, value] of Object.entries({ folder, agentId })) {
      if (typeof value === 'string' && value !== '') continue
      throw new TypeError(`${name} must be a text that is not empty.`)
    }
    let lingerMs = millisecondsOf('commitMaxSeconds', commitMaxSeconds, 0)
    const pollMs = millisecondsOf('pollSeconds', pollSeconds, pollSecondsMin)
    if (controllerId === undefined && agents.length > 0) {
      throw new TypeError('agents are told of under a controllerId; there is none.')
    }
    const whole = { ...options, system }
    // Any fault of them is found now, and not with the first event.
    const now = () => clock?.now() ?? Date.now()
    encodeEvent(completed({}, { agentId, marker, system }, now()))
    const client = new Logspace({ ...logspaceOptionsIn(options), retry: false })
    const name = `The Logspace agent ${folder}`
    const { onFault, onRefused } = tellersOf(name, options, decodeEvent, ({ id }) => id)
    const onOrder = harmless('onOrder', name, (order: ControllerOrder) => options.onOrder?.(order))
    const spool = await Spool.open(folder, { bytesMax, onFault: (error) => onFault(error) })
    const refused = new RefusedFile(folder, refusedBytesMax)
    const delivery = new AgentDelivery({ client, refused, onRefused, now })
    const courier = new Courier(spool, {
      recordsMax: batchEventsMax,
      bytesMax: batchBytesMax,
      lingerMs,
      deliver: (records, signal) => delivery.deliver(records, signal),
      delayMs: (error, failures) => waitMs(backoff(lingerMs), error, failures, 0),
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

  /** As with one event, for several: after a crash all of them are there, or none. In the order given. */
  append(events: readonly AgentEvent[]): Promise<{ readonly id: string }[]>
  /**
   * Keeps an event, and sends it in its turn. Done when it is on disk for good.
   * @throws TypeError or RangeError for what cannot be stored; SpoolFullError when there is no room;
   *   Error when the disk cannot be written, or the agent is closed. Then it is not kept.
   */
  append(event: AgentEvent): Promise<{ readonly id: string }>
  async append(
    input: AgentEvent | readonly AgentEvent[],
  ): Promise<{ readonly id: string } | { readonly id: string }[]> {
    const nowMs = this.#options.clock?.now() ?? Date.now()
    const events = isOne(input) ? [input] : input
    const whole = events.map((event) => completed(event, this.#options, nowMs))
    await this.#spool.add(whole.map((event) => encodeEvent(event)))
    this.#courier.wake()
    const identities = whole.map(({ id }) => ({ id }))
    return isOne(input) ? identities[0]! : identities
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
   * Sends at once, and waits until all that was appended so far is stored, or refused for good, also what
   * `append` is still bringing to disk; for ever, when the server never comes back. It keeps a process alive; what is unsent does not, but for a request
   * that is on its way, until it is answered or takes longer than `timeoutMs`.
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
  nowMs: number,
): LogspaceEvent {
  return {
    ...event,
    id: event.id ?? crypto.randomUUID(),
    system: event.system ?? own.system,
    agentId: event.agentId ?? own.agentId,
    timestamp: event.timestamp ?? new Date(nowMs),
    marker: event.marker ?? own.marker,
  }
}

/** `Array.isArray` does not know that arrays may be readonly. */
function isOne(input: AgentEvent | readonly AgentEvent[]): input is AgentEvent {
  return !Array.isArray(input)
}

/** A minute each time, or until the next regular run if that is before. */
function backoff(lingerMs: number): Backoff {
  const firstMs = Math.max(retryMsMin, Math.min(retryMsMax, lingerMs))
  return { firstMs, factor: 1, maxMs: retryMsMax, jitter: 0, retryAfterMsMax }
}

function millisecondsOf(name: string, seconds: number, min: number): number {
  if (Number.isFinite(seconds) && seconds >= min) return seconds * 1000
  throw new RangeError(`${name} must be a number of seconds from ${min} on; it is ${seconds}.`)
}
