import type { Delivery } from '../../disk/courier.ts'
import type { RefusedFile, RefusedRecord } from '../../disk/refused-file.ts'
import type { CallOptions } from '../../http/options.ts'
import { decodeEvent } from '../decode.ts'
import type { LogspaceEvent } from '../event.ts'
import { isCertain, isOfContent, storeApart } from './store-apart.ts'

/** What a delivery needs of a client. */
export interface EventStore {
  storeEvents(events: readonly LogspaceEvent[], call?: CallOptions): Promise<void>
}

/** What a delivery works with. */
export interface AgentDeliveryTools {
  readonly client: EventStore
  readonly refused: RefusedFile
  readonly onRefused: (refused: RefusedRecord) => void
  /** The present, in milliseconds since 1970. */
  readonly now: () => number
}

// HQ's storage, or a proxy, may be out of order for a moment; what is refused so often has another reason.
const doubtsMax = 3

/** Sends batches of events, each until it is stored, and puts aside what the server cannot store. */
export class AgentDelivery {
  readonly #tools: AgentDeliveryTools
  // How often in a row a batch was refused in a manner that does not say whose fault it is.
  #doubts = 0

  constructor(tools: AgentDeliveryTools) {
    this.#tools = tools
  }

  /** Sends one batch. */
  async deliver(records: readonly string[], signal: AbortSignal): Promise<Delivery> {
    const { client, refused, onRefused, now } = this.#tools
    const events = records.map(decodeEvent)
    const store = (some: readonly LogspaceEvent[]) => client.storeEvents(some, { signal })
    try {
      await store(events)
      this.#doubts = 0
      return { finished: events.length }
    } catch (error) {
      if (isOfContent(error) && !isCertain(error)) {
        this.#doubts += 1
        if (this.#doubts < doubtsMax) return { finished: 0, error }
      }
      const { fates, ...failure } = await storeApart(events, error, store)
      const refusals = fates.flatMap((fate, index) =>
        fate === 'stored' ? [] : [{ record: records[index]!, reason: fate.message }],
      )
      await refused.add(refusals, now())
      for (const refusal of refusals) onRefused(refusal)
      if (fates.length > 0) this.#doubts = 0
      return { finished: fates.length, ...failure }
    }
  }
}
