import { membersOf } from '../members-of.ts'
import type { AnswerError } from './answer-error.ts'
import type { HttpError } from './http-error.ts'
import type { NetworkError } from './network-error.ts'
import type { RequestError } from './request-error.ts'
import type { TimeoutError } from './timeout-error.ts'

// By name and shape and not by `instanceof`: an error may come from another realm (a frame, a worker, a test
// runner's context) or from a second copy of the package. Node's own `TimeoutError` has no `request`.

/** Whether an error is of a request that did not succeed, of any kind. */
export function isRequestError(error: unknown): error is RequestError {
  if (!isErrorLike(error) || !('request' in error)) return false
  const { url, headers } = membersOf(error.request)
  // Errors of other packages have a request, too: without an address, or with headers, which ours never has.
  return typeof url === 'string' && headers === undefined
}

/** Whether the server refused: the error has `status`, `headers` and `data`. */
export function isHttpError(error: unknown): error is HttpError {
  if (!isRequestError(error) || !('headers' in error)) return false
  return 'retryAfterMs' in error && typeof membersOf(error.headers)['get'] === 'function'
}

/** Whether no whole answer came, since the connection failed or broke off. */
export function isNetworkError(error: unknown): error is NetworkError {
  return isRequestError(error) && error.name === 'NetworkError'
}

/** Whether an answer took too long. */
export function isTimeoutError(error: unknown): error is TimeoutError {
  return isRequestError(error) && error.name === 'TimeoutError'
}

/** Whether a success had a body that cannot be understood. */
export function isAnswerError(error: unknown): error is AnswerError {
  return isRequestError(error) && error.name === 'AnswerError'
}

function isErrorLike(error: unknown): error is Error {
  return error instanceof Error || Object.prototype.toString.call(error) === '[object Error]'
}
