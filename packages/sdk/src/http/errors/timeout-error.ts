import { RequestError, type SentRequest } from './request-error.ts'

/**
 * The answer did not come in time, and it is not known what became of the request; or, as the message then
 * says, it was not even sent in time.
 */
export class TimeoutError extends RequestError {
  // Literal, so that the types of errors are not the same to the compiler where their members are.
  override name = 'TimeoutError' as const
  /** The bound that was reached, in milliseconds. */
  readonly timeoutMs: number

  /**
   * @param timeoutMs The bound that was reached.
   * @param what What did not happen within it.
   */
  constructor(request: SentRequest, timeoutMs: number, what = 'was not answered') {
    super(`${request.method} ${request.url} ${what} within ${timeoutMs} ms`, request)
    this.timeoutMs = timeoutMs
  }
}
