import type { Problem } from '@eventwell/client'
import type { EventwellError } from '../../core/errors.ts'

/** The media type of RFC 9457. */
export const problemType = 'application/problem+json'

const faultsMax = 100

/** A refusal as RFC 9457 problem details; faults of events are named by index and JSON pointer. */
export function problemOf(error: EventwellError, status: number): Problem {
  const { code, message, place, places } = error
  const faults = places.slice(0, faultsMax).flatMap(({ index, field }) => {
    if (index === undefined) return []
    const pointer = `/${index}${field === undefined ? '' : `/${escapePointer(field)}`}`
    return [{ index, pointer, detail: message }]
  })
  return {
    type: `urn:eventwell:error:${code}`,
    title: code.replaceAll('_', ' '),
    status,
    detail: message,
    code,
    ...(faults.length > 0 && { errors: faults }),
    ...(faults.length === 0 && place.field !== undefined && { parameter: place.field }),
  }
}

function escapePointer(field: string): string {
  return field.replaceAll('~', '~0').replaceAll('/', '~1')
}
