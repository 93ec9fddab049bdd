// What every entry of the package gives besides its own client.
export { AnswerError } from './errors/answer-error.ts'
export { HttpError, type Refusal } from './errors/http-error.ts'
export { NetworkError } from './errors/network-error.ts'
export { RequestError, type SentRequest } from './errors/request-error.ts'
export { TimeoutError } from './errors/timeout-error.ts'
export {
  isAnswerError,
  isHttpError,
  isNetworkError,
  isRequestError,
  isTimeoutError,
} from './errors/guards.ts'
export {
  isBadRequestError,
  isConflictError,
  isForbiddenError,
  isGoneError,
  isLockedError,
  isNotFoundError,
  isPreconditionRequiredError,
  isRateLimitedError,
  isServerError,
  isUnauthorizedError,
  isUnprocessableError,
  type HttpErrorOf,
  type ServerErrorStatus,
} from './errors/status-guards.ts'
export type { Moment } from './moment.ts'
export type { CallOptions, ClientOptions, Fetch } from './options.ts'
export type { RetryChanges, RetryPolicy } from './retry.ts'
export type { Clock } from './clock.ts'
