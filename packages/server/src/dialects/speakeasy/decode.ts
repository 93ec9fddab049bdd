import { EventwellError, invalidEvent } from '../../core/errors.ts'
import type { NewEvent } from '../../core/event.ts'
import { jsonType, type JsonObject } from '../../core/json/json.ts'
import { parseMs } from '../../core/time.ts'
import { eventList, facetText, shown } from '../shared/event-list.ts'
import { withZone } from '../shared/lenient-time.ts'
import { optionalFields, requiredFields, type FieldKind } from './fields.ts'

/** The source of every event that comes in by this dialect. */
export const speakeasySource = 'speakeasy'

/** The fields that a search selects on, besides the type (contract section 1.4). */
export const searchFacets = [
  'execution_id',
  'generate_gen_lock_id',
  'source_revision_digest',
  'lint_report_digest',
  'openapi_diff_report_digest',
] as const

const fields = new Map<string, FieldKind>(Object.entries({ ...requiredFields, ...optionalFields }))

/**
 * The events of a CliEventBatch. The payload is the whole event as sent, unknown fields included.
 * @throws EventwellError `invalid_event` for the first fault: one bad event refuses the whole array.
 */
export function decodeEvents(body: unknown): NewEvent[] {
  const events = eventList(body, 'many')
  // The contract asks for at least one; `null` and `[]` are what clients send for "nothing" (1.4).
  if (events.length === 0) {
    throw new EventwellError('invalid_event', 'The array must hold at least one event.')
  }
  return events.map(decodeEvent)
}

function decodeEvent(event: JsonObject, index: number): NewEvent {
  for (const name in requiredFields) {
    if (event[name] === undefined || event[name] === null) {
      throw invalidEvent(index, name, `${name} is missing.`)
    }
  }
  for (const name in event) {
    const kind = fields.get(name)
    if (kind !== undefined && event[name] !== null) checkField(event[name], kind, name, index)
  }
  const facets: Record<string, string> = { success: String(event['success']) }
  for (const name of searchFacets) {
    const value = facetText(event[name])
    if (value !== undefined) facets[name] = value
  }
  return {
    source: speakeasySource,
    id: event['id'] as string,
    type: event['interaction_type'] as string,
    subject: facetText(event['generate_gen_lock_id']),
    // Python clients send their naive times without a zone (contract 3.1).
    time: withZone(event['created_at'] as string),
    actor: facetText(event['git_user_email']),
    facets,
    data: JSON.stringify(event),
  }
}

/** Whether a field of the contract holds a date-time. */
export function isTimeField(name: string): boolean {
  return fields.get(name) === 'time'
}

function checkField(value: unknown, kind: FieldKind, name: string, index: number): void {
  const fault = faultOf(value, kind)
  if (fault !== undefined) throw invalidEvent(index, name, `${name} must be ${fault}.`)
}

function faultOf(value: unknown, kind: FieldKind): string | undefined {
  const given = `not ${jsonType(value)}`
  switch (kind) {
    case 'text':
      return typeof value === 'string' ? undefined : `a string, ${given}`
    case 'truth':
      return typeof value === 'boolean' ? undefined : `true or false, ${given}`
    case 'whole':
      // Beyond 2^53 the vendor's TypeScript client cannot decode the answer that holds it.
      return Number.isSafeInteger(value)
        ? undefined
        : `a whole number below 2^53, not ${shown(value)}`
    case 'time':
      if (typeof value !== 'string') return `a date-time, ${given}`
      return parseMs(withZone(value)) === undefined
        ? `a date-time like 2026-03-01T10:00:00Z, not ${shown(value)}`
        : undefined
    default:
      return kind.includes(value as string)
        ? undefined
        : `one of ${kind.join(', ')}, not ${shown(value)}`
  }
}
