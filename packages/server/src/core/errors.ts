/** Why something was refused. The code is the API; messages may improve. */
export type ErrorCode =
  | 'invalid_json'
  | 'invalid_event'
  | 'invalid_query'
  | 'invalid_cursor'
  | 'unauthorized'
  | 'invalid_signature'
  | 'forbidden'
  | 'not_found'
  | 'method_not_allowed'
  | 'conflict'
  | 'key_reused'
  | 'too_large'
  | 'too_costly'
  | 'unsupported_encoding'
  | 'rate_limited'
  | 'busy'
  | 'storage_full'
  | 'internal'

/** Where in a request the fault lies. */
export interface ErrorPlace {
  /** The event's place in the request's array, from 0. */
  readonly index?: number
  /** The field or parameter, in the caller's own spelling; nested ones joined by dots. */
  readonly field?: string
}

/**
 * The one error of the core. Every expected refusal is one of these, and a dialect turns it into its
 * vendor's envelope; anything else that is thrown is a fault of ours and becomes `internal`.
 */
export class EventwellError extends Error {
  override readonly name = 'EventwellError'
  readonly code: ErrorCode
  /** Each place at fault; none when the whole request is. */
  readonly places: readonly ErrorPlace[]
  /** When coming back helps, in seconds; undefined where the code alone says it, or it does not help. */
  readonly retryAfterSeconds: number | undefined

  constructor(
    code: ErrorCode,
    message: string,
    places: ErrorPlace | readonly ErrorPlace[] = [],
    cause?: unknown,
    retryAfterSeconds?: number,
  ) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.places = [places].flat()
    this.retryAfterSeconds = retryAfterSeconds
  }

  /** The first place at fault. */
  get place(): ErrorPlace {
    return this.places[0] ?? {}
  }
}

/** A refusal of one event: what is wrong, in which event of the request, at which field. */
export function invalidEvent(index: number, field: string, message: string): EventwellError {
  return new EventwellError('invalid_event', message, { index, field })
}

/** A refusal of a query parameter, named as the caller wrote it. */
export function invalidQuery(field: string, message: string): EventwellError {
  return new EventwellError('invalid_query', message, { field })
}
