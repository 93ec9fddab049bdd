import type { FastifyReply, FastifyRequest } from 'fastify'
import { EventwellError, type ErrorCode } from '../../core/errors.ts'

const statusOfCode: Readonly<Record<ErrorCode, number>> = {
  invalid_json: 400,
  invalid_event: 400,
  invalid_query: 400,
  invalid_cursor: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  unsupported_encoding: 415,
  internal: 500,
  busy: 503,
  storage_full: 503,
}
const retryAfterSeconds: Readonly<Partial<Record<ErrorCode, number>>> = {
  busy: 1,
  storage_full: 30,
}

/** A refusal with the HTTP status that goes with its code. */
export interface Refusal {
  readonly error: EventwellError
  readonly status: number
}

/**
 * Makes a refusal of whatever was thrown while a request was handled. A fault of ours is logged here,
 * once, and told to the caller without its inside. Sets `Retry-After` where coming back helps.
 */
export function refusalOf(thrown: unknown, request: FastifyRequest, reply: FastifyReply): Refusal {
  const error = refine(thrown)
  if (error.code === 'internal') request.log.error({ err: thrown }, 'request failed')
  const seconds = retryAfterSeconds[error.code]
  if (seconds !== undefined) reply.header('retry-after', String(seconds))
  return { error, status: statusOfCode[error.code] }
}

/** Where the fault lies, for a message: `[3].created_at: `; empty when the whole request is meant. */
export function placeText({ index, field }: EventwellError['place']): string {
  const place = `${index === undefined ? '' : `[${index}]`}${field === undefined ? '' : `.${field}`}`
  return place === '' ? '' : `${place.replace(/^\./, '')}: `
}

function refine(thrown: unknown): EventwellError {
  if (thrown instanceof EventwellError) return thrown
  const { code, statusCode, message } = thrown as {
    code?: string
    statusCode?: number
    message?: string
  }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new EventwellError(
      'too_large',
      'The body is too large; send the events in smaller parts.',
    )
  }
  if (code?.startsWith('FST_ERR_CTP_') || (statusCode !== undefined && statusCode < 500)) {
    return new EventwellError('invalid_query', message ?? 'The request cannot be read.')
  }
  return new EventwellError(
    'internal',
    'Something went wrong here; nothing was stored.',
    [],
    thrown,
  )
}
