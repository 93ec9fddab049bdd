import { invalidEvent } from '../../core/errors.ts'
import type { NewEvent } from '../../core/event.ts'
import { type JsonObject } from '../../core/json.ts'
import {
  eventList,
  facetText,
  optionalName,
  otherFields,
  requireObject,
  requireText,
  requireTime,
} from '../shared/event-list.ts'
import { requireOwnId, webexSource } from './ids.ts'

const placedFields = new Set(['id', 'resource', 'type', 'actorId', 'orgId', 'created', 'data'])

/**
 * Webex-shaped events, one or many. Fields that have no place of their own are kept.
 * @throws EventwellError `invalid_event` for the first fault.
 */
export function decodeEvents(body: unknown): NewEvent[] {
  return eventList(body, 'one or many').map(decodeEvent)
}

function decodeEvent(event: JsonObject, index: number): NewEvent {
  const id = requireOwnId(event, index)
  const resource = requireText(event, 'resource', index)
  const type = requireVerb(event, 'type', index)
  const data = requireObject(event, 'data', index)
  if (event['errors'] !== undefined) requireObject(event, 'errors', index)
  return {
    source: webexSource,
    id,
    type: `${resource}.${type}`,
    subject: facetText(data['id']),
    time: requireTime(event, 'created', index),
    actor: requireText(event, 'actorId', index),
    organization: optionalName(event, 'orgId', index),
    envelope: otherFields(event, placedFields),
    data: JSON.stringify(data),
  }
}

/** What happened to the resource. A dot would move the place where a type is split into the two. */
export function requireVerb(event: JsonObject, field: string, index: number): string {
  const verb = requireText(event, field, index)
  if (verb.includes('.')) throw invalidEvent(index, field, `${field} must not contain a dot.`)
  return verb
}
