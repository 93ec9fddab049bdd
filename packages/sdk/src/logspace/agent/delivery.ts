import type { Delivery } from '../../disk/courier.ts'
import type { RefusedFile, RefusedRecord } from '../../disk/refused-file.ts'
import { isHttpError } from '../../http/errors/guards.ts'
import type { CallOptions } from '../../http/options.ts'
import { decodeEvent } from '../decode.ts'
import type { LogspaceEvent } from '../event.ts'
import { storeApart } from './store-apart.ts'

/** What a delivery needs of a client. */
export interface EventStore {
  storeEvents(events: readonly LogspaceEvent[], call?: CallOptions): Promise<void>
}

// HQ's storage may be out of order for a moment; a batch that it refused so often has another reason.
const serverErrorsMax = 3

/** Sends batches of events, each until it is stored, and puts aside what the server cannot store. */
export class AgentDelivery {
  readonly #client: EventStore
  readonly #refused: RefusedFile
  readonly #onRefused: (refused: RefusedRecord) => void
  // How often in a row a batch was answered 500.
  #serverErrors = 0

  constructor(
    client: EventStore,
    refused: RefusedFile,
    onRefused: (refused: RefusedRecord) => void,
  ) {
    this.#client = client
    this.#refused = refused
    this.#onRefused = onRefused
  }

  /** Sends one batch. */
  async deliver(records: readonly string[], signal: AbortSignal): Promise<Delivery> {
    const events = records.map(decodeEvent)
    const store = (some: readonly LogspaceEvent[]) => this.#client.storeEvents(some, { signal })
    try {
      await store(events)
      this.#serverErrors = 0
      return { finished: events.length }
    } catch (error) {
      if (isHttpError(error) && error.status === 500) {
        this.#serverErrors += 1
        if (this.#serverErrors < serverErrorsMax) return { finished: 0, error }
      }
      const { fates, ...failure } = await storeApart(events, error, store)
      const refusals = fates.flatMap((fate, index) =>
        fate === 'stored' ? [] : [{ record: records[index]!, reason: fate.message }],
      )
      await this.#refused.add(refusals, Date.now())
      for (const refusal of refusals) this.#onRefused(refusal)
      if (fates.length > 0) this.#serverErrors = 0
      return { finished: fates.length, ...failure }
    }
  }
}
