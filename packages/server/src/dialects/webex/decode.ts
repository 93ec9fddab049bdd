import { invalidEvent } from '../../core/errors.ts'
import type { NewEvent } from '../../core/event.ts'
import { isJsonObject, jsonType, toJson, type JsonObject } from '../../core/json.ts'
import { parseMs } from '../../core/time.ts'
import { eventList, optionalName, otherFields, requireText } from '../shared/event-list.ts'
import { isPathSafe, webexSource } from './ids.ts'

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
  const resource = requireText(event, 'resource', index)
  const type = requireText(event, 'type', index)
  if (type.includes('.')) throw invalidEvent(index, 'type', 'type must not contain a dot.')
  const created = requireText(event, 'created', index)
  if (parseMs(created) === undefined) {
    const message = `created must be a date-time like 2026-03-01T10:00:00.000Z, not "${created}".`
    throw invalidEvent(index, 'created', message)
  }
  const data = event['data']
  if (data === undefined) throw invalidEvent(index, 'data', 'data is missing.')
  if (!isJsonObject(data)) {
    throw invalidEvent(index, 'data', `data must be an object, not ${jsonType(data)}.`)
  }
  return {
    source: webexSource,
    id,
    type: `${resource}.${type}`,
    subject: typeof data['id'] === 'string' && data['id'] !== '' ? data['id'] : undefined,
    time: created,
    actor: requireText(event, 'actorId', index),
    organization: optionalName(event, 'orgId', index),
    envelope: otherFields(event, placedFields),
    data: toJson(data),
  }
}
