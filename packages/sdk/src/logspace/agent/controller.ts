import { idleClock, type WaitingClock } from '../../disk/idle-clock.ts'
import type { CallOptions } from '../../http/options.ts'
import type { AgentCapabilities, ControllerCapabilities, ControllerOrder } from '../controllers.ts'
import { isLogspaceError } from '../errors.ts'
import type { OrdersOptions } from '../options.ts'

/** What a controller needs of a client. */
export interface Headquarters {
  uploadCapabilities(capabilities: ControllerCapabilities, call?: CallOptions): Promise<void>
  orders(controllerId: string, options?: OrdersOptions): Promise<ControllerOrder | undefined>
}

/** Who a controller is, and whom it tells. */
export interface ControllerRules {
  readonly id: string
  readonly system: string
  readonly agents: readonly AgentCapabilities[]
  readonly pollMs: number
  readonly onOrder: (order: ControllerOrder) => void
  readonly onFault: (error: unknown, delayMs: number) => void
  readonly clock?: WaitingClock | undefined
}

/**
 * Says what its agents can do, when that has changed, and asks for its order, again and again: in this
 * order, at the start and then each `pollMs`, as the vendor's does (contract 1.6). What it could not say,
 * it says again the next time; the vendor's does not.
 */
export class Controller {
  readonly #client: Headquarters
  readonly #rules: ControllerRules
  readonly #closing = new AbortController()
  readonly #running: Promise<void>
  #agents: readonly AgentCapabilities[]
  #isAnnounced: boolean
  #order: ControllerOrder | undefined
  // The vendor's sends an empty text at first, which HQ takes for none (contract 1.6).
  #lastModified: string | undefined
  #wake = new AbortController()

  constructor(client: Headquarters, rules: ControllerRules) {
    this.#client = client
    this.#rules = rules
    this.#agents = rules.agents
    this.#isAnnounced = rules.agents.length === 0
    this.#running = this.#run()
  }

  /** The newest order; `undefined` until there is one. */
  get order(): ControllerOrder | undefined {
    return this.#order
  }

  /** These agents from now on; said at once. */
  announce(agents: readonly AgentCapabilities[]): void {
    this.#agents = agents
    this.#isAnnounced = false
    this.#wake.abort()
  }

  /** Ends it, also in the middle of a request. */
  async close(): Promise<void> {
    this.#closing.abort()
    this.#wake.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const { clock = idleClock, pollMs, onFault } = this.#rules
    const { signal } = this.#closing
    while (!signal.aborted) {
      this.#wake = new AbortController()
      for (const step of [() => this.#announceNow(signal), () => this.#poll(signal)]) {
        await step().catch((error: unknown) => {
          if (!signal.aborted) onFault(error, pollMs)
        })
      }
      if (signal.aborted) return
      await clock.sleep(pollMs, this.#wake.signal).catch(() => undefined)
    }
  }

  async #announceNow(signal: AbortSignal): Promise<void> {
    if (this.#isAnnounced) return
    const { id, system } = this.#rules
    const agents = this.#agents
    await this.#client.uploadCapabilities({ id, system, agents }, { signal })
    // There may be others since.
    this.#isAnnounced = agents === this.#agents
  }

  async #poll(signal: AbortSignal): Promise<void> {
    const { id, onOrder } = this.#rules
    const lastModified = this.#lastModified
    const order = await this.#client
      .orders(id, { lastModified, signal })
      .catch((error: unknown) => {
        // Nobody has ordered anything yet, or it was taken back: agents keep the order that they have.
        if (isLogspaceError(error, 'ORDER_NOT_FOUND')) return undefined
        throw error
      })
    if (order === undefined) return
    this.#lastModified = order.lastModified
    this.#order = order
    onOrder(order)
  }
}
