import { isHttpError } from '../http/errors/guards.ts'
import { HttpError, type Refusal } from '../http/errors/http-error.ts'
import { membersOf } from '../http/members-of.ts'

/** What Logspace's HQ calls its refusals (contract: the Event API's page, and HQ's own classes). */
export type LogspaceErrorType =
  | 'MISSING_SPACE_TOKEN'
  | 'INVALID_SPACE_TOKEN'
  | 'ORDER_NOT_FOUND'
  | 'REPORT_NOT_FOUND'
  | 'INVALID_CONTROLLER_ID'
  | 'INVALID_DATA_DEFINITION'
  | 'INVALID_OPERATION'
  | 'INVALID_PARAMETER_VALUE'
  | 'UNPARSABLE_PARAMETER_VALUE'
  | 'MISSING_QUERY_PARAMETER_VALUE'
  | 'EVENT_STORAGE_FAILED'
  | 'EVENT_RETRIEVAL_FAILED'
  | 'EVENT_STREAM_FAILED'
  | 'DATA_RETRIEVAL_FAILED'
  | 'DATA_STORAGE_FAILED'
  | 'DATA_DELETION_FAILED'

/**
 * The server refused, and says why as HQ does. A refusal without a `type`, such as HQ's own page for a
 * body that it cannot read, is an `HttpError` and none of these.
 */
export class LogspaceError extends HttpError {
  override name = 'LogspaceError' as const
  /**
   * What kind of refusal; servers other than HQ may have further ones, Eventwell has `INVALID_EVENT`,
   * say.
   */
  readonly type: LogspaceErrorType | (string & {})
  /** What the refusal is about; empty where nothing is said. */
  readonly parameters: Readonly<Record<string, unknown>>

  /** @param refusal The answer, with a `type` in its body. */
  constructor(refusal: Refusal, type: string, parameters: Readonly<Record<string, unknown>>) {
    super(refusal)
    this.type = type
    this.parameters = parameters
  }
}

/** Whether the server refused as HQ does; given a type, whether for that reason. */
export function isLogspaceError(error: unknown, type?: LogspaceErrorType): error is LogspaceError {
  if (!isHttpError(error) || error.name !== 'LogspaceError') return false
  return type === undefined || (error as LogspaceError).type === type
}

/** The error of a refusal. */
export function errorOf(refusal: Refusal): HttpError {
  const { type, parameters } = membersOf(refusal.data)
  if (typeof type !== 'string') return new HttpError(refusal)
  // HQ repeats the token that it does not know, which may be the right one of another server.
  if (type === 'INVALID_SPACE_TOKEN') {
    const data = { type, message: 'The space token is not known to this server.' }
    return new LogspaceError({ ...refusal, data }, type, {})
  }
  return new LogspaceError(refusal, type, membersOf(parameters))
}
