import { isHttpError } from '../http/errors/guards.ts'
import type { WorkOSError } from './error.ts'
import type { WebhookSignatureError } from './webhook-error.ts'

/** Whether WorkOS, or the server that stands in for it, refused. */
export function isWorkOSError(error: unknown): error is WorkOSError {
  return isHttpError(error) && error.name === 'WorkOSError'
}

/** 400: no name, an unknown one, an unknown organization, a range or cursor that is none. */
export function isBadRequestError(error: unknown): error is WorkOSError {
  return hasStatus(error, 400)
}

/** 401: the key is not known. */
export function isUnauthorizedError(error: unknown): error is WorkOSError {
  return hasStatus(error, 401)
}

/** 403: the key may not do that. */
export function isForbiddenError(error: unknown): error is WorkOSError {
  return hasStatus(error, 403)
}

/** 404: there is nothing at that address. */
export function isNotFoundError(error: unknown): error is WorkOSError {
  return hasStatus(error, 404)
}

/** 409: something else is there already. */
export function isConflictError(error: unknown): error is WorkOSError {
  return hasStatus(error, 409)
}

/** 422: a parameter is out of its range; `errors` says which. */
export function isUnprocessableEntityError(error: unknown): error is WorkOSError {
  return hasStatus(error, 422)
}

/** 429: too many requests, after all repetitions; `retryAfterMs` says how long to wait. */
export function isRateLimitedError(error: unknown): error is WorkOSError {
  return hasStatus(error, 429)
}

/** 500 and above: WorkOS's own fault, after all repetitions. */
export function isServerError(error: unknown): error is WorkOSError {
  return isWorkOSError(error) && error.status >= 500
}

/** Whether a webhook could not be shown to be WorkOS's; `reason` says why. */
export function isWebhookSignatureError(error: unknown): error is WebhookSignatureError {
  const { name, reason } = (error ?? {}) as { name?: unknown; reason?: unknown }
  return name === 'WebhookSignatureError' && typeof reason === 'string'
}

function hasStatus(error: unknown, status: number): error is WorkOSError {
  return isWorkOSError(error) && error.status === status
}
