import { HttpError, type Refusal } from '../http/errors/http-error.ts'
import { isHttpError } from '../http/errors/guards.ts'
import { membersOf } from '../http/members-of.ts'

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
  override name = 'WebexError' as const
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

/** Whether Webex, or the server that stands in for it, refused, whatever the reason. */
export function isWebexError(error: unknown): error is WebexError {
  return isHttpError(error) && error.name === 'WebexError'
}

function isDetail(value: unknown): value is WebexErrorDetail {
  return typeof value === 'object' && value !== null
}
