import { msOf, splitType, type NewEvent, type StoredEvent } from '../../core/event.ts'
import { formatMs } from '../../core/time.ts'
import { membersText, payloadObject } from '../shared/payload.ts'
import { eventFields, foldCase } from './decode.ts'
import { foreignPayload } from './foreign-payload.ts'
import { viewId, webexSource } from './ids.ts'

// Go's client compares names without regard to case.
const placedNames = new Set([...eventFields].map(foldCase))
const auditResources: readonly string[] = ['adminAudit', 'securityAudit']

/** A list body (contract 0.3). */
export function encodeList(events: readonly StoredEvent[]): string {
  return `{"items":[${events.map(encodeEvent).join(',')}]}`
}

/**
 * One event. Webex's own as they were sent; others, audit events among them, by one mapping. `created` is
 * always in UTC with three digits: the Python SDK parses nothing else (contract 3.3). Clients count on an
 * `actorId`, so an event that nobody is known to have caused shows its source there.
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
  const isAsSent = isOwn && !auditResources.includes(resource)
  const payload = isAsSent ? payloadObject(event) : foreignPayload(event, resource)
  const envelope = isAsSent ? event.envelope : withoutPlaced(event.envelope)
  const rest = isOwn ? membersText(envelope) : ''
  return `{${membersText(members).slice(1)},"data":${payload}${rest}}`
}

/** An audit event may have fields of its own that are called like those of an event that is none. */
function withoutPlaced(envelope: NewEvent['envelope'] = {}): NewEvent['envelope'] {
  const rest = Object.entries(envelope).filter(([name]) => !placedNames.has(foldCase(name)))
  return Object.fromEntries(rest)
}
