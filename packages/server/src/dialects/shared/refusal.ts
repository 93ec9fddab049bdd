import type { FastifyReply, FastifyRequest } from 'fastify'
import { EventwellError, type ErrorCode } from '../../core/errors.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Why the request was refused, once it was. */
    refusal?: ErrorCode
  }
}

/** The HTTP status of each code, where a vendor has no other. */
export const statusOfCode: Readonly<Record<ErrorCode, number>> = {
  invalid_json: 400,
  invalid_event: 400,
  invalid_query: 400,
  invalid_cursor: 400,
  unauthorized: 401,
  invalid_signature: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  key_reused: 422,
  too_large: 413,
  too_costly: 422,
  unsupported_encoding: 415,
  rate_limited: 429,
  internal: 500,
  busy: 503,
  storage_full: 503,
}
const usualRetrySeconds: Readonly<Partial<Record<ErrorCode, number>>> = {
  busy: 1,
  storage_full: 30,
}

/** A refusal with the HTTP status that goes with its code. */
export interface Refusal {
  readonly error: EventwellError
  readonly status: number
}

/** The core's names of fields in a vendor's spelling, for those of its own fields that the core bounds. */
export type Spelling = Readonly<Record<string, string>>

/**
 * Makes a refusal of whatever was thrown while a request was handled. A fault of ours is logged here,
 * once, and told to the caller without its inside. Sets `Retry-After` where coming back helps.
 */
export function refusalOf(
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  spelling: Spelling = {},
): Refusal {
  const error = respell(refine(thrown), spelling)
  request.refusal = error.code
  if (error.code === 'internal') request.log.error({ err: thrown }, 'request failed')
  const seconds = error.retryAfterSeconds ?? usualRetrySeconds[error.code]
  if (seconds !== undefined) reply.header('retry-after', String(seconds))
  return { error, status: statusOfCode[error.code] }
}

/** The message with its place: `[3].created_at must be …`; alone when the whole request is meant. */
export function messageOf({ message, place: { index, field } }: EventwellError): string {
  const event = index === undefined ? '' : `[${index}]`
  if (field === undefined) return event === '' ? message : `${event}: ${message}`
  if (!message.startsWith(`${field} `))
    return `${[event, field].filter(Boolean).join('.')}: ${message}`
  return event === '' ? message : `${event}.${message}`
}

function respell(error: EventwellError, spelling: Spelling): EventwellError {
  const field = error.place.field ?? ''
  if (!Object.hasOwn(spelling, field)) return error
  const places = error.places.map((place) => ({ ...place, field: spelling[field]! }))
  const message = error.message.replace(field, spelling[field]!)
  return new EventwellError(error.code, message, places, error, error.retryAfterSeconds)
}

function refine(thrown: unknown): EventwellError {
  if (thrown instanceof EventwellError) return thrown
  const { code, statusCode, message } = thrown as {
    code?: unknown
    statusCode?: number
    message?: string
  }
  const isBodyFault = typeof code === 'string' && code.startsWith('FST_ERR_CTP_')
  if (isBodyFault || (statusCode !== undefined && statusCode < 500)) {
    return new EventwellError('invalid_query', message ?? 'The request cannot be read.')
  }
  return new EventwellError(
    'internal',
    'Something went wrong here; nothing was stored.',
    [],
    thrown,
  )
}
