import { invalidEvent } from '../../core/errors.ts'
import type { NewEvent } from '../../core/event.ts'
import { isJsonNumber, isJsonObject, jsonType, type JsonObject } from '../../core/json.ts'
import { parseMs } from '../../core/time.ts'
import {
  checkTime,
  eventList,
  facetText,
  optionalText,
  requireText,
  shown,
} from '../shared/event-list.ts'
import { withZone } from '../shared/lenient-time.ts'
import { parseAgentJson } from './json.ts'

/** The source of every event that comes in by this dialect. */
export const logspaceSource = 'logspace'

/** The type under which an event without one is found; agents may leave it out (contract 1.2). */
export const untyped = 'event'

const specialNumbers = ['NaN', 'Infinity', '-Infinity']
const isReal = (value: unknown) => isJsonNumber(value) || specialNumbers.includes(value as string)
const isDate = (value: unknown) => typeof value === 'string' && parseMs(value) !== undefined
const isScalar = (value: unknown) => typeof value !== 'object' || JSON.isRawJSON(value)

// The vendor's stored names (contract 1.5), which its filters use, and the fields they come from.
const facetFields = {
  system: 'system',
  agent_id: 'agent-id',
  parent_id: 'pid',
  global_id: 'gid',
  marker: 'marker',
} as const

// What a value of each property map must be. Strings take any scalar, as the vendor's own reader does.
const propertyMaps: readonly (readonly [string, string, (value: unknown) => boolean])[] = [
  ['boolean-properties', 'true or false', (value) => typeof value === 'boolean'],
  ['date-properties', 'a date-time like 2026-03-01T10:00:00.000Z', isDate],
  ['double-properties', 'a number', isReal],
  ['float-properties', 'a number', isReal],
  ['integer-properties', 'a number', isJsonNumber],
  ['long-properties', 'a number', isJsonNumber],
  ['string-properties', 'a string', (value) => value === null || isScalar(value)],
]

/**
 * The events of an upload, in any of the four dialects of the contract's section 0: one value or an
 * array for a property, names repeated or not, times with or without a fraction, fields in any order.
 * An agent keeps sending a batch that is refused, for ever, so only what cannot be understood is refused.
 * @throws EventwellError `invalid_json`, `invalid_event`.
 */
export function decodeEvents(text: string): NewEvent[] {
  return eventList(parseAgentJson(text), 'many').map(decodeEvent)
}

function decodeEvent(event: JsonObject, index: number): NewEvent {
  const timestamp = requireText(event, 'timestamp', index)
  const time = checkTime(withZone(timestamp), 'timestamp', index)
  for (const [map, wanted, isGood] of propertyMaps) checkMap(event, map, wanted, isGood, index)
  for (const field of ['system', 'agent-id']) requireText(event, field, index)
  for (const field of ['pid', 'gid', 'marker']) optionalText(event, field, index)
  const facets: Record<string, string> = {}
  for (const [facet, field] of Object.entries(facetFields)) {
    const value = facetText(event[field])
    if (value !== undefined) facets[facet] = value
  }
  return {
    source: logspaceSource,
    id: requireText(event, 'id', index),
    type: optionalText(event, 'type', index) || untyped,
    time,
    facets,
    data: JSON.stringify(event),
  }
}

function checkMap(
  event: JsonObject,
  map: string,
  wanted: string,
  isGood: (value: unknown) => boolean,
  index: number,
): void {
  const properties = event[map]
  if (properties === undefined || properties === null) return
  if (!isJsonObject(properties)) {
    throw invalidEvent(index, map, `${map} must be an object, not ${jsonType(properties)}.`)
  }
  for (const name in properties) {
    const value = properties[name]
    const bad = Array.isArray(value) ? value.find((one) => !isGood(one)) : value
    if (Array.isArray(value) ? value.every(isGood) : isGood(value)) continue
    const field = `${map}.${name}`
    throw invalidEvent(index, field, `${field} must be ${wanted}, not ${shown(bad)}.`)
  }
}
