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
import { foreignEvent, isPathSafe, webexSource } from './ids.ts'

const placedFields = new Set(['id', 'resource', 'type', 'actorId', 'orgId', 'created', 'data'])

/**
 * Webex-shaped events, one or many. Fields that have no place of their own are kept.
 * @throws EventwellError `invalid_event` for the first fault.
 */
export function decodeEvents(body: unknown): NewEvent[] {
  return eventList(body, 'one or many').map(decodeEvent)
}

function decodeEvent(event: JsonObject, index: number): NewEvent {
  const id = requireText(event, 'id', index)
  if (!isPathSafe(id)) {
    const message =
      'id must be made of letters, digits, "_", "-" and "=": clients put it in a path.'
    throw invalidEvent(index, 'id', message)
  }
  if (foreignEvent(id) !== undefined) {
    const message = 'id is one that this server gave to another event: it would hide that one.'
    throw invalidEvent(index, 'id', message)
  }
  const resource = requireText(event, 'resource', index)
  const type = requireText(event, 'type', index)
  if (type.includes('.')) throw invalidEvent(index, 'type', 'type must not contain a dot.')
  const data = requireObject(event, 'data', index)
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
