import { msOf, splitType, type NewEvent, type StoredEvent } from '../../core/event.ts'
import { formatMs } from '../../core/time.ts'
import { membersText, payloadObject } from '../shared/payload.ts'
import { foreignPayload } from './foreign-payload.ts'
import { viewId, webexSource } from './ids.ts'

const placedNames = new Set(['id', 'resource', 'type', 'actorId', 'orgId', 'created', 'data'])

/** A list body (contract 0.3). */
export function encodeList(events: readonly StoredEvent[]): string {
  return `{"items":[${events.map(encodeEvent).join(',')}]}`
}

/**
 * One event. Webex's own as they were sent, others by the same mapping. `created` is always in UTC with
 * three digits: the Python SDK parses nothing else (contract 3.3). Clients count on an `actorId`, so an
 * event that nobody is known to have caused shows its source there.
 */
export function encodeEvent(event: StoredEvent): string {
  const { resource, action } = splitType(event.type)
  const members = {
    id: viewId(event),
    resource,
    type: action,
    actorId: event.actor ?? event.source,
    orgId: event.organization,
    created: formatMs(msOf(event)),
  }
  const isOwn = event.source === webexSource
  const payload = isOwn ? payloadObject(event) : foreignPayload(event, resource)
  const rest = isOwn ? membersText(withoutPlaced(event.envelope)) : ''
  return `{${membersText(members).slice(1)},"data":${payload}${rest}}`
}

/** An audit event may have fields of its own that are called like those of an event that is none. */
function withoutPlaced(envelope: NewEvent['envelope'] = {}): NewEvent['envelope'] {
  const rest = Object.entries(envelope).filter(([name]) => !placedNames.has(name))
  return Object.fromEntries(rest)
}
