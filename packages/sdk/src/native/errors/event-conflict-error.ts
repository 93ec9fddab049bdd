import type { EventReceipt } from '../../wire.ts'

/** An event of this source and id is kept already and says something else. This one was not kept. */
export class EventConflictError extends Error {
  override name = 'EventConflictError' as const
  /** Its `sequence` is the place of the event that is kept. */
  readonly receipt: EventReceipt

  /** @param receipt One whose outcome is `conflict`. */
  constructor(receipt: EventReceipt) {
    const { id, source, sequence } = receipt
    super(`The event ${id} of ${source} is kept at ${sequence} already, with other content`)
    this.receipt = receipt
  }
}
