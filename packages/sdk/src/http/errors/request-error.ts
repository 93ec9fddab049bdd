/** What was sent, as far as it may be shown: no header and no body, since those carry keys and payloads. */
export interface SentRequest {
  /** `GET`, `POST` and so on. */
  readonly method: string
  /** The whole address. */
  readonly url: string
}

/**
 * A request that did not succeed: the base of every error that a client of this package throws for what
 * happened on the wire. A caller's own abort is not among them: what it gave as the reason is thrown as
 * it is, as `fetch` does. Nor is a mistake in the caller's arguments: that is a `TypeError` or
 * `RangeError`, before anything is sent.
 */
export class RequestError extends Error {
  override name = 'RequestError'
  /** What was sent. */
  readonly request: SentRequest

  /** @param message What happened, with no secret in it. */
  constructor(message: string, request: SentRequest, options?: ErrorOptions) {
    super(message, options)
    this.request = { method: request.method, url: request.url }
  }
}
