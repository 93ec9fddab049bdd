import { invalidEvent } from '../../core/errors.ts'
import type { NewEvent } from '../../core/event.ts'
import { jsonType, toJson, type JsonObject } from '../../core/json.ts'
import {
  checkTime,
  eventList,
  optionalName,
  optionalText,
  otherFields,
  requireText,
} from '../shared/event-list.ts'

/** The sources that the vendors' doors give to events; nobody else may speak for them. */
const vendorSources: Readonly<Record<string, string>> = {
  speakeasy: 'POST /v1/workspace/{workspace}/events',
  logspace: 'PUT /events',
  workos: 'POST /workos/events',
  webex: 'POST /webex/v1/events',
}

/** The attributes that have a field of their own in the log; all others stay in the envelope. */
const placed = new Set([
  'specversion',
  'id',
  'source',
  'type',
  'subject',
  'time',
  'authid',
  'organization',
  'data',
])

/**
 * CloudEvents in structured mode (one object) or batch mode (an array).
 * @throws EventwellError `invalid_event` for the first fault.
 */
export function decodeEvents(body: unknown): NewEvent[] {
  return eventList(body, 'one or many').map(decodeEvent)
}

function decodeEvent(event: JsonObject, index: number): NewEvent {
  if (event['specversion'] !== '1.0') {
    const given = event['specversion'] === undefined ? 'missing' : 'another'
    throw invalidEvent(index, 'specversion', `specversion must be "1.0"; it is ${given}.`)
  }
  for (const name in event) if (!placed.has(name)) checkAttribute(name, event[name], index)
  const source = requireText(event, 'source', index)
  const route = Object.hasOwn(vendorSources, source) ? vendorSources[source] : undefined
  if (route !== undefined) {
    const message = `The source "${source}" is for events that come in by ${route}; send it there.`
    throw invalidEvent(index, 'source', message)
  }
  const time = optionalText(event, 'time', index)
  if (time !== undefined) checkTime(time, 'time', index)
  if (event['data'] !== undefined && event['data_base64'] !== undefined) {
    throw invalidEvent(index, 'data_base64', 'Send data or data_base64, not both.')
  }
  return {
    source,
    id: requireText(event, 'id', index),
    type: requireText(event, 'type', index),
    subject: optionalName(event, 'subject', index),
    time,
    actor: optionalName(event, 'authid', index),
    organization: optionalName(event, 'organization', index),
    envelope: otherFields(event, placed),
    data: event['data'] === undefined ? undefined : toJson(event['data']),
  }
}

/** CloudEvents section 3.1: names of lower-case letters and digits, values without structure. */
function checkAttribute(name: string, value: unknown, index: number): void {
  if (name !== 'data_base64' && !/^[a-z0-9]{1,64}$/.test(name)) {
    const message = "An attribute's name is made of lower-case letters and digits, at most 64."
    throw invalidEvent(index, name, message)
  }
  if (value === null || !['object', 'undefined'].includes(typeof value) || JSON.isRawJSON(value)) {
    return
  }
  const message = `An attribute must be a string, a number or a boolean, not ${jsonType(value)}.`
  throw invalidEvent(index, name, message)
}
