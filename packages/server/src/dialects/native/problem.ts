import type { Problem } from '@eventwell/client'
import type { ErrorCode, EventwellError } from '../../core/errors.ts'
import { prefixes } from './prefixes.ts'

/** The media type of RFC 9457. */
export const problemType = 'application/problem+json'

const faultsMax = 100

/** Where a code is explained: its place on the page of the documentation. */
export function meaningOf(code: ErrorCode): string {
  return `${prefixes[0]}/docs#${anchorOf(code)}`
}

/** The anchor of a code on that page. */
export function anchorOf(code: string): string {
  return `error-${code}`
}

/**
 * A refusal as RFC 9457 problem details; faults of events are named by index and JSON pointer. `instance`
 * names the request, as a URI reference.
 */
export function problemOf(error: EventwellError, status: number, instance?: string): Problem {
  const { code, message, place, places } = error
  const faults = places.slice(0, faultsMax).flatMap(({ index, field }) => {
    if (index === undefined) return []
    return [{ index, pointer: pointerOf(index, field), detail: message }]
  })
  return {
    type: meaningOf(code),
    title: code.replaceAll('_', ' '),
    status,
    detail: message,
    code,
    ...(instance !== undefined && { instance }),
    ...(faults.length > 0 && { errors: faults }),
    ...(faults.length === 0 && place.field !== undefined && { parameter: place.field }),
  }
}

/** The URI of a request, by its id, which its answer also carries as `x-request-id`. */
export function instanceOf({ id }: { readonly id: string }): string {
  return `urn:uuid:${id}`
}

/** The JSON pointer to an event of a request, or to a field of it. */
export function pointerOf(index: number, field?: string): string {
  return `/${index}${field === undefined ? '' : `/${escapePointer(field)}`}`
}

function escapePointer(field: string): string {
  return field.replaceAll('~', '~0').replaceAll('/', '~1')
}
