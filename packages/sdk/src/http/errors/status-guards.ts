import { isHttpError } from './guards.ts'
import type { HttpError } from './http-error.ts'

/**
 * A refusal with this status. It is a type of its own, so that what is no such refusal may still be another
 * one to the compiler.
 */
export type HttpErrorOf<Status extends number> = HttpError & { readonly status: Status }

type Digit = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9
type NumbersOf<Text> = Text extends `${infer N extends number}` ? N : never

/** 500 to 599. */
export type ServerErrorStatus = NumbersOf<`5${Digit}${Digit}`>

/** 400: the server cannot make sense of the request. */
export function isBadRequestError(error: unknown): error is HttpErrorOf<400> {
  return hasStatus(error, 400)
}

/** 401: there is no key, or an unknown or expired one. */
export function isUnauthorizedError(error: unknown): error is HttpErrorOf<401> {
  return hasStatus(error, 401)
}

/** 403: the key is known, and may not do that. */
export function isForbiddenError(error: unknown): error is HttpErrorOf<403> {
  return hasStatus(error, 403)
}

/** 404: there is nothing at that address. */
export function isNotFoundError(error: unknown): error is HttpErrorOf<404> {
  return hasStatus(error, 404)
}

/** 409: it does not go together with what is there. */
export function isConflictError(error: unknown): error is HttpErrorOf<409> {
  return hasStatus(error, 409)
}

/** 410: it was there, and is gone. */
export function isGoneError(error: unknown): error is HttpErrorOf<410> {
  return hasStatus(error, 410)
}

/** 422: a value is not allowed. */
export function isUnprocessableError(error: unknown): error is HttpErrorOf<422> {
  return hasStatus(error, 422)
}

/** 423: it is locked, or not ready yet. */
export function isLockedError(error: unknown): error is HttpErrorOf<423> {
  return hasStatus(error, 423)
}

/** 428: the server wants to be told on which condition. */
export function isPreconditionRequiredError(error: unknown): error is HttpErrorOf<428> {
  return hasStatus(error, 428)
}

/** 429: too many requests, after all repetitions; `retryAfterMs` says how long to wait. */
export function isRateLimitedError(error: unknown): error is HttpErrorOf<429> {
  return hasStatus(error, 429)
}

/** 500 to 599: the server failed, after all repetitions. */
export function isServerError(error: unknown): error is HttpErrorOf<ServerErrorStatus> {
  return isHttpError(error) && error.status >= 500 && error.status <= 599
}

function hasStatus(error: unknown, status: number): boolean {
  return isHttpError(error) && error.status === status
}
