import { invalidEvent } from '../../core/errors.ts'
import type { NewEvent } from '../../core/event.ts'
import { isJsonNumber, isJsonObject, jsonType, type JsonObject } from '../../core/json/json.ts'
import { eventList, facetText, optionalText, requireText, shown } from '../shared/event-list.ts'
import { agentTime, isFarTime } from './agent-time.ts'
import { parseAgentJson } from './json.ts'
import { agentName } from './names.ts'

/** The source of every event that comes in by this dialect. */
export const logspaceSource = 'logspace'

/** The type under which an event without one is found; agents may leave it out (contract 1.2). */
export const untyped = 'event'

/** The fields that an event is found by, besides its type, under the vendor's stored names (contract 1.5). */
export const facetNames = [
  'system',
  'agent_id',
  'global_agent_id',
  'parent_id',
  'global_id',
  'marker',
] as const

const specialNumbers: readonly unknown[] = ['NaN', 'Infinity', '-Infinity']
const ifNumber = (value: unknown) => (isJsonNumber(value) ? value : undefined)
const ifReal = (value: unknown) => (specialNumbers.includes(value) ? value : ifNumber(value))
const ifTruth = (value: unknown) => (typeof value === 'boolean' ? value : undefined)

function ifDate(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  return isFarTime(value) ? value : agentTime(value)
}

/** Any scalar is text to HQ's own reader: the JSON that it is. */
function ifScalar(value: unknown): unknown {
  if (typeof value === 'string') return value
  const isScalar = typeof value !== 'object' || value === null || JSON.isRawJSON(value)
  return isScalar ? JSON.stringify(value) : undefined
}

// What a value of each property map must be, and the value that is kept; undefined when it is none of these.
const propertyMaps: readonly (readonly [string, string, (value: unknown) => unknown])[] = [
  ['boolean-properties', 'true or false', ifTruth],
  ['date-properties', 'a date-time like 2026-03-01T10:00:00.000Z', ifDate],
  ['double-properties', 'a number', ifReal],
  ['float-properties', 'a number', ifReal],
  ['integer-properties', 'a number', ifNumber],
  ['long-properties', 'a number', ifNumber],
  ['string-properties', 'a string', ifScalar],
]

/**
 * The events of an upload, in any of the four dialects of the contract's section 0: one value or an
 * array for a property, names repeated or not, times with or without a fraction, fields in any order.
 * An agent keeps sending a batch that is refused, for ever, so only what cannot be understood is refused.
 * Dates and texts that only HQ's reader understands are kept as it understands them, all else as sent.
 * @throws EventwellError `invalid_json`, `invalid_event`.
 */
export function decodeEvents(text: string): NewEvent[] {
  return eventList(parseAgentJson(text), 'many').map(decodeEvent)
}

function decodeEvent(event: JsonObject, index: number): NewEvent {
  const time = timeOf(event, index)
  if (time !== undefined) event['timestamp'] = time
  for (const [map, wanted, read] of propertyMaps) readMap(event, map, wanted, read, index)
  const system = requireString(event, 'system', index)
  const agentId = requireString(event, 'agent-id', index)
  const found: Readonly<Record<(typeof facetNames)[number], string | undefined>> = {
    system,
    agent_id: agentId,
    global_agent_id: agentName(system, agentId),
    parent_id: optionalText(event, 'pid', index),
    global_id: optionalText(event, 'gid', index),
    marker: optionalText(event, 'marker', index),
  }
  const facets: Record<string, string> = {}
  for (const name of facetNames) {
    const value = facetText(found[name])
    if (value !== undefined) facets[name] = value
  }
  return {
    source: logspaceSource,
    id: requireText(event, 'id', index),
    type: facetText(optionalText(event, 'type', index)) ?? untyped,
    time,
    facets,
    data: JSON.stringify(event),
  }
}

/** A field that must be there, and may be empty: HQ's agents let their names be. */
function requireString(event: JsonObject, field: string, index: number): string {
  return event[field] === '' ? '' : requireText(event, field, index)
}

/** When it happened; undefined for a year that cannot be: then it happened when it was received. */
function timeOf(event: JsonObject, index: number): string | undefined {
  const timestamp = requireText(event, 'timestamp', index)
  if (isFarTime(timestamp)) return undefined
  const time = agentTime(timestamp)
  if (time !== undefined) return time
  const wanted = 'a time like 2026-03-01T10:00:00.000Z'
  throw invalidEvent(index, 'timestamp', `timestamp must be ${wanted}, not ${shown(timestamp)}.`)
}

/** Checks the values of a map, and puts in place of each the value that is kept. */
function readMap(
  event: JsonObject,
  map: string,
  wanted: string,
  read: (value: unknown) => unknown,
  index: number,
): void {
  const properties = event[map]
  if (properties === undefined || properties === null) return
  if (!isJsonObject(properties)) {
    throw invalidEvent(index, map, `${map} must be an object, not ${jsonType(properties)}.`)
  }
  const keep = (name: string, value: unknown) => {
    const kept = read(value)
    if (kept !== undefined) return kept
    const field = `${map}.${name}`
    throw invalidEvent(index, field, `${field} must be ${wanted}, not ${shown(value)}.`)
  }
  for (const name in properties) {
    const value = properties[name]
    properties[name] = Array.isArray(value)
      ? value.map((one) => keep(name, one))
      : keep(name, value)
  }
}
