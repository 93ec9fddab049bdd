import type { EventwellError } from '../../core/errors.ts'
import { messageOf } from '../shared/refusal.ts'

/**
 * The status of a refusal here. The vendor's clients wait and come back after a 429 in more versions than
 * after a 503, and know 422 for a value out of its range.
 */
export function statusOf(error: EventwellError, status: number): number {
  if (error.code === 'busy') return 429
  return error.code === 'invalid_query' && error.place.field === 'limit' ? 422 : status
}

/** The vendor's flat error body (contract section 2); clients look at `message` and `code`. */
export function failure(error: EventwellError): object {
  const { code, place } = error
  switch (code) {
    case 'unauthorized':
      return { message: 'Unauthorized' }
    case 'not_found':
      return { message: 'Not Found' }
    case 'busy':
    case 'rate_limited':
      return { message: 'Too many requests.', code: 'rate_limit_exceeded' }
    case 'invalid_query':
    case 'invalid_cursor':
      if (place.field === 'limit') return validationFailure(error)
      if (place.field === 'organization_id') return { message: error.message }
      return { message: error.message, code: 'invalid_events_request' }
    default:
      return { message: messageOf(error), code }
  }
}

/** The vendor's body for a value out of its range: `code` must be a string, clients join them. */
function validationFailure({ message, place }: EventwellError): object {
  return { message: 'Validation failed.', errors: [{ code: message, field: place.field }] }
}
