import type { Problem } from '@eventwell/client'
import { EventwellError, type ErrorCode, type ErrorPlace } from '../../core/errors.ts'
import { prefixes } from './prefixes.ts'

/** The media type of RFC 9457. */
export const problemType = 'application/problem+json'

const faultsMax = 100

/** The anchor of a code on the page of the documentation. */
export function anchorOf(code: string): string {
  return `error-${code}`
}

/**
 * A refusal of a body that is one event: the fields at fault are members of the body, which has no array's
 * indexes.
 */
export class RefusedOne extends EventwellError {
  constructor(error: EventwellError) {
    const places = error.places.map(({ field }): ErrorPlace =>
      field === undefined ? {} : { field },
    )
    super(error.code, error.message, places, error, error.retryAfterSeconds)
  }
}

/** What a problem says besides its error. */
export interface ProblemContext {
  readonly status: number
  /** The request, as a URI reference. */
  readonly instance?: string | undefined
  /** The address under which clients know the server, where that was set. */
  readonly publicUrl?: string | undefined
  /** Whether the body is one event. */
  readonly isOne?: boolean
}

/** A refusal as RFC 9457 problem details; faults of events are named by index and JSON pointer. */
export function problemOf(
  { code, message, place, places }: EventwellError,
  { status, instance, publicUrl, isOne = false }: ProblemContext,
): Problem {
  const faults = places.slice(0, faultsMax).flatMap(({ index, field }) => {
    if (index === undefined && !isOne) return []
    const pointer = pointerOf(index, field)
    return [{ ...(index !== undefined && { index }), pointer, detail: message }]
  })
  return {
    type: meaningOf(code, publicUrl),
    title: code.replaceAll('_', ' '),
    status,
    detail: message,
    code,
    ...(instance !== undefined && { instance }),
    ...(faults.length > 0 && { errors: faults }),
    ...(faults.length === 0 && place.field !== undefined && { parameter: place.field }),
  }
}

/** Where a code is explained: its place on the page of the documentation. */
function meaningOf(code: ErrorCode, publicUrl = ''): string {
  return `${publicUrl}${prefixes[0]}/docs#${anchorOf(code)}`
}

/** The JSON pointer to an event of a body, or to a field of it; without an index, the body is the event. */
export function pointerOf(index: number | undefined, field?: string): string {
  const event = index === undefined ? '' : `/${index}`
  return field === undefined ? event : `${event}/${escapePointer(field)}`
}

function escapePointer(field: string): string {
  return field.replaceAll('~', '~0').replaceAll('/', '~1')
}
