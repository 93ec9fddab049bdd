import { RequestError, type SentRequest } from './request-error.ts'

/** The answer did not come in time. It is not known what became of the request. */
export class TimeoutError extends RequestError {
  override name = 'TimeoutError'
  /** The bound that was reached, in milliseconds. */
  readonly timeoutMs: number

  /** @param timeoutMs The bound that was reached. */
  constructor(request: SentRequest, timeoutMs: number) {
    super(`${request.method} ${request.url} was not answered within ${timeoutMs} ms`, request)
    this.timeoutMs = timeoutMs
  }
}
