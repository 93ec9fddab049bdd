import { membersOf } from '../members-of.ts'
import { RequestError, type SentRequest } from './request-error.ts'

/** An answer that is a refusal, read as far as it is of use. */
export interface Refusal {
  /** What was sent. */
  readonly request: SentRequest
  /** The HTTP status; 0 where a browser hides a redirect from its page. */
  readonly status: number
  /** The answer's headers; in a browser, those that the server lets a page see. */
  readonly headers: Headers
  /** The body: parsed where it is JSON, else its text; `undefined` where it is empty or could not be read. */
  readonly data: unknown
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined
}

/** The server answered with a status that is no success. */
export class HttpError extends RequestError {
  override name = 'HttpError'
  /** The HTTP status; 0 where a browser hides a redirect from its page. */
  readonly status: number
  /** The answer's headers; in a browser, those that the server lets a page see. */
  readonly headers: Headers
  /**
   * The answer's body: parsed where it is JSON, else its text; `undefined` where it is empty, longer than a
   * mebibyte, or broke off.
   */
  readonly data: unknown
  /** How long the server asks to wait before the next request, in milliseconds. */
  readonly retryAfterMs: number | undefined

  /** @param says What the server says of it; the status and the address are put before it. */
  constructor(refusal: Refusal, says?: string) {
    const { request, status } = refusal
    const what = says ?? saidIn(refusal)
    super(`${request.method} ${request.url} was answered ${status}${what && `: ${what}`}`, request)
    this.status = status
    this.headers = refusal.headers
    this.data = refusal.data
    this.retryAfterMs = refusal.retryAfterMs
  }
}

function saidIn({ status, data }: Refusal): string {
  // 304 says that nothing has changed.
  if (status === 0 || (status >= 300 && status < 400 && status !== 304)) {
    return 'a redirect, which is not followed, since it would take the key elsewhere'
  }
  if (typeof data === 'string') return data.slice(0, 200)
  const { message } = membersOf(data)
  return typeof message === 'string' ? message.slice(0, 200) : ''
}
