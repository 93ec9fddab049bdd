import { invalidEvent } from '../../core/errors.ts'
import type { NewEvent } from '../../core/event.ts'
import { isJsonObject, type JsonObject } from '../../core/json/json.ts'
import {
  eventList,
  facetText,
  otherFields,
  requireObject,
  requireText,
  requireTime,
} from '../shared/event-list.ts'
import { workosSource } from './ids.ts'

const placedFields = new Set(['object', 'id', 'event', 'created_at', 'data'])

/**
 * WorkOS-shaped events, one or many. Fields that the vendor's event does not have are kept.
 * @throws EventwellError `invalid_event` for the first fault.
 */
export function decodeEvents(body: unknown): NewEvent[] {
  return eventList(body, 'one or many').map(decodeEvent)
}

function decodeEvent(event: JsonObject, index: number): NewEvent {
  const id = requireText(event, 'id', index)
  if (!/^event_\S*$/.test(id)) {
    const message = 'id must begin with "event_", as WorkOS\'s ids do, and hold no blanks.'
    throw invalidEvent(index, 'id', message)
  }
  const type = requireText(event, 'event', index)
  const time = requireTime(event, 'created_at', index)
  const data = requireObject(event, 'data', index)
  if (event['context'] !== undefined && event['context'] !== null)
    requireObject(event, 'context', index)
  return {
    source: workosSource,
    id,
    type,
    subject: facetText(data['id']) ?? facetText(data['user_id']),
    time,
    actor: facetText(at(event, 'context', 'actor', 'id')) ?? facetText(data['actor_id']),
    organization: organizationOf(type, data),
    envelope: otherFields(event, placedFields),
    data: JSON.stringify(data),
  }
}

/** Whose event it is, by the payload rules of contract section 3.2. */
function organizationOf(type: string, data: JsonObject): string | undefined {
  if (/^organization\.[^.]+$/.test(type)) return facetText(data['id'])
  const owner = data['owner']
  return (
    facetText(data['organization_id']) ??
    facetText(at(data, 'user', 'organization_id')) ??
    facetText(at(data, 'group', 'organization_id')) ??
    facetText(at(data, 'organization_domain', 'organization_id')) ??
    facetText(at(data, 'sso', 'organization_id')) ??
    facetText(at(data, 'connection', 'organization_id')) ??
    facetText(at(owner, 'organization_id')) ??
    (at(owner, 'type') === 'organization' ? facetText(at(owner, 'id')) : undefined)
  )
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce((inner, name) => (isJsonObject(inner) ? inner[name] : undefined), value)
}
