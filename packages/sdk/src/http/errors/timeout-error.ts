import { RequestError, type SentRequest } from './request-error.ts'

/** The answer did not come in time. It is not known what became of the request. */
export class TimeoutError extends RequestError {
  // Literal, so that the types of errors are not the same to the compiler where their members are.
  override name = 'TimeoutError' as const
  /** The bound that was reached, in milliseconds. */
  readonly timeoutMs: number

  /** @param timeoutMs The bound that was reached. */
  constructor(request: SentRequest, timeoutMs: number) {
    super(`${request.method} ${request.url} was not answered within ${timeoutMs} ms`, request)
    this.timeoutMs = timeoutMs
  }
}
