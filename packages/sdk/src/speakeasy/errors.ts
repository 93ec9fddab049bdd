import { isHttpError } from '../http/errors/guards.ts'
import { HttpError, type Refusal } from '../http/errors/http-error.ts'
import { membersOf } from '../http/members-of.ts'

/**
 * The server refused in Speakeasy's own form (contract: the schema Error). The vendor declares it for
 * statuses from 500 on; Eventwell uses it for every refusal. Any other body is an `HttpError` and none of
 * these.
 */
export class SpeakeasyError extends HttpError {
  override name = 'SpeakeasyError' as const
  /** The status as the body has it. */
  readonly statusCode: number
  /** What the server says, for developers. */
  readonly detail: string

  /** @param refusal The answer, whose body has a `message` and a `status_code`. */
  constructor(refusal: Refusal, statusCode: number, detail: string) {
    super(refusal)
    this.statusCode = statusCode
    this.detail = detail
  }
}

/** Whether the server refused in Speakeasy's own form. */
export function isSpeakeasyError(error: unknown): error is SpeakeasyError {
  return isHttpError(error) && error.name === 'SpeakeasyError'
}

/** The error of a refusal. */
export function errorOf(refusal: Refusal): HttpError {
  const { message, status_code: statusCode } = membersOf(refusal.data)
  return typeof message === 'string' && typeof statusCode === 'number'
    ? new SpeakeasyError(refusal, statusCode, message)
    : new HttpError(refusal)
}
