import type { EventRejection } from '../../wire.ts'

/**
 * The server cannot take this event, whatever else was sent with it. It is no `HttpError`: the request
 * that it was in succeeded.
 */
export class EventRejectedError extends Error {
  override name = 'EventRejectedError' as const
  /** What is wrong with it; `pointer` leads into the event, as in `/time`. */
  readonly rejection: EventRejection

  /** @param rejection As the server gave it, with the pointer from the event on. */
  constructor(rejection: EventRejection) {
    const { id, source, reason } = rejection
    super(`The event ${id ?? '(without an id)'} of ${source ?? '(no source)'}: ${reason}`)
    this.rejection = rejection
  }
}
