import { HttpError, type Refusal } from '../http/errors/http-error.ts'
import { isHttpError } from '../http/errors/guards.ts'

/** One of the reasons that an answer names. */
export interface WebexErrorDetail {
  /** The reason, in a sentence. */
  readonly description?: string
  /** A number of the service's own; some send it. */
  readonly errorCode?: number
  readonly [field: string]: unknown
}

/** Webex answered with a status that is no success. What the body has is in `data`, too. */
export class WebexError extends HttpError {
  override name = 'WebexError'
  /** The vendor's name for the request, to give to its support; from the body, else from the header. */
  readonly trackingId: string | undefined
  /**
   * What the answer says in full; empty where it says nothing. The error's own message has its beginning.
   */
  readonly description: string
  /** The reasons that the answer names, usually one that says the same. */
  readonly errors: readonly WebexErrorDetail[]

  /** @param refusal The answer. */
  constructor(refusal: Refusal) {
    const { message, errors, trackingId } = membersOf(refusal.data)
    const details = Array.isArray(errors) ? (errors as unknown[]).filter(isDetail) : []
    const named = details.find((detail) => typeof detail.description === 'string')?.description
    const description = typeof message === 'string' ? message : (named ?? '')
    super(refusal, description === '' ? undefined : description.slice(0, 200))
    this.description = description
    this.errors = details
    this.trackingId =
      typeof trackingId === 'string' ? trackingId : (refusal.headers.get('trackingid') ?? undefined)
  }
}

/**
 * Whether the server refused, whatever the reason: the error has `status`, `trackingId` and `description`.
 */
export function isWebexError(error: unknown): error is WebexError {
  return isHttpError(error) && 'trackingId' in error
}

/** Whether the token is missing, unknown or expired: 401. */
export function isAuthError(error: unknown): error is WebexError {
  return isWebexError(error) && error.status === 401
}

/** Whether the token is known, but must not do this: 403. It lacks a scope, a role or a licence. */
export function isForbidden(error: unknown): error is WebexError {
  return isWebexError(error) && error.status === 403
}

/** Whether there is no such event: 404. */
export function isNotFound(error: unknown): error is WebexError {
  return isWebexError(error) && error.status === 404
}

/** Whether the request is against a rule of the service's: 409. */
export function isConflict(error: unknown): error is WebexError {
  return isWebexError(error) && error.status === 409
}

/** Whether the thing was here and is deleted: 410. */
export function isGone(error: unknown): error is WebexError {
  return isWebexError(error) && error.status === 410
}

/** Whether the thing is not ready yet, a file still being scanned, say: 423. */
export function isLocked(error: unknown): error is WebexError {
  return isWebexError(error) && error.status === 423
}

/** Whether the service wants it confirmed that the content may be unsafe: 428. */
export function isPreconditionRequired(error: unknown): error is WebexError {
  return isWebexError(error) && error.status === 428
}

/** Whether there were too many requests, and waiting did not help within the times of the call: 429. */
export function isRateLimited(error: unknown): error is WebexError {
  return isWebexError(error) && error.status === 429
}

/** Whether the service failed: 500 to 599. */
export function isServerError(error: unknown): error is WebexError {
  return isWebexError(error) && error.status >= 500 && error.status < 600
}

function membersOf(data: unknown): Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {}
}

function isDetail(value: unknown): value is WebexErrorDetail {
  return typeof value === 'object' && value !== null
}
