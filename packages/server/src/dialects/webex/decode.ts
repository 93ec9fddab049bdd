import { invalidEvent } from '../../core/errors.ts'
import type { NewEvent } from '../../core/event.ts'
import { isJsonObject, type JsonObject } from '../../core/json/json.ts'
import {
  eventList,
  facetText,
  optionalName,
  optionalText,
  otherFields,
  requireObject,
  requireText,
  requireTime,
} from '../shared/event-list.ts'
import { requireOwnId, webexSource } from './ids.ts'

/** The fields of an event that have a place of their own in the log (contract 1.5). */
export const eventFields: ReadonlySet<string> = new Set([
  'id',
  'resource',
  'type',
  'actorId',
  'orgId',
  'created',
  'data',
])

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
  checkEnvelope(event, index)
  return {
    source: webexSource,
    id,
    type: `${resource}.${type}`,
    subject: facetText(data['id']),
    time: requireTime(event, 'created', index),
    actor: requireText(event, 'actorId', index),
    organization: optionalName(event, 'orgId', index),
    envelope: otherFields(event, eventFields),
    data: JSON.stringify(data),
  }
}

const knownNames = new Map(
  [...eventFields, 'appId', 'errors'].map((name) => [foldCase(name), name]),
)

/** A name without its case, as Go's decoder compares names (it takes `ſ` for `s`, too). */
export function foldCase(name: string): string {
  return name.toUpperCase().toLowerCase()
}

/** Checks what readers of `/v1/events` decode beside the fields with a place: one wrong fails a page for Go. */
export function checkEnvelope(event: JsonObject, index: number): void {
  for (const name of Object.keys(event)) {
    const known = knownNames.get(foldCase(name))
    if (known === undefined || known === name) continue
    const message = `${name} must be spelled ${known}: clients take the one for the other.`
    throw invalidEvent(index, name, message)
  }
  optionalText(event, 'appId', index)
  checkErrors(event, index)
}

/** What could not be had of an event: `{"<field>": {"code": "…", "reason": "…"}}`, or Go's client fails. */
function checkErrors(event: JsonObject, index: number): void {
  if (event['errors'] === undefined) return
  for (const [name, error] of Object.entries(requireObject(event, 'errors', index))) {
    const isError = isJsonObject(error) && [error['code'], error['reason']].every(isTextOrNone)
    if (isError) continue
    const message = `errors.${name} must be an object with "code" and "reason", which are strings.`
    throw invalidEvent(index, `errors.${name}`, message)
  }
}

function isTextOrNone(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'string'
}

/** What happened to the resource. A dot would move the place where a type is split into the two. */
export function requireVerb(event: JsonObject, field: string, index: number): string {
  const verb = requireText(event, field, index)
  if (verb.includes('.')) throw invalidEvent(index, field, `${field} must not contain a dot.`)
  return verb
}
