import { EventwellError, invalidEvent } from '../../core/errors.ts'
import { isJsonObject, jsonType, type JsonObject } from '../../core/json/json.ts'
import { defaultLimits } from '../../core/limits.ts'
import { parseMs } from '../../core/time.ts'

const shownCharsMax = 100

/**
 * The events of a body that is an array of objects, or one object where the dialect allows that.
 * @throws EventwellError `invalid_event` naming the element that is no object, `too_large` for too many.
 */
export function eventList(body: unknown, allowOne: 'one or many' | 'many'): JsonObject[] {
  if (isJsonObject(body) && allowOne === 'one or many') return [body]
  if (!Array.isArray(body)) {
    const wanted = allowOne === 'many' ? 'an array of events' : 'an event or an array of events'
    throw new EventwellError('invalid_event', `The body must be ${wanted}, not ${jsonType(body)}.`)
  }
  const { appendEventsMax } = defaultLimits
  if (body.length > appendEventsMax) {
    throw new EventwellError('too_large', `Send at most ${appendEventsMax} events in one request.`)
  }
  body.forEach((event, index) => {
    if (isJsonObject(event)) return
    const message = `An event must be an object, not ${jsonType(event)}.`
    throw new EventwellError('invalid_event', message, { index })
  })
  return body as JsonObject[]
}

/** A value as a message shows it: its JSON, cut where it is long. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length > shownCharsMax ? `${text.slice(0, shownCharsMax)}…` : text
}

/** A field that must be there and be a string with at least one character. */
export function requireText(event: JsonObject, field: string, index: number): string {
  const value = event[field]
  if (typeof value === 'string' && value !== '') return value
  if (value === undefined) throw invalidEvent(index, field, `${field} is missing.`)
  const found = value === '' ? 'an empty string' : jsonType(value)
  throw invalidEvent(index, field, `${field} must be a string with characters, not ${found}.`)
}

/** A field that is a string when it is there; null counts as absent. */
export function optionalText(event: JsonObject, field: string, index: number): string | undefined {
  const value = event[field]
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  throw invalidEvent(index, field, `${field} must be a string, not ${jsonType(value)}.`)
}

/** A field that is a string with at least one character when it is there; null counts as absent. */
export function optionalName(event: JsonObject, field: string, index: number): string | undefined {
  const value = optionalText(event, field, index)
  if (value !== '') return value
  throw invalidEvent(index, field, `${field} must not be empty; leave it out.`)
}

/** A field that must be there and be an RFC 3339 date-time with a zone. */
export function requireTime(event: JsonObject, field: string, index: number): string {
  return checkTime(requireText(event, field, index), field, index)
}

/** A text of the field that must be an RFC 3339 date-time with a zone. */
export function checkTime(text: string, field: string, index: number): string {
  if (parseMs(text) !== undefined) return text
  const message = `${field} must be a date-time like 2026-03-01T10:00:00.000Z, not ${shown(text)}.`
  throw invalidEvent(index, field, message)
}

/** A field that must be there and be an object. */
export function requireObject(event: JsonObject, field: string, index: number): JsonObject {
  const value = event[field]
  if (isJsonObject(value)) return value
  if (value === undefined) throw invalidEvent(index, field, `${field} is missing.`)
  throw invalidEvent(index, field, `${field} must be an object, not ${jsonType(value)}.`)
}

/**
 * A value by which an event can be found, where the vendor's event has one that serves: text that is not
 * empty and within the bounds of a facet. Else the event is simply not found by it.
 */
export function facetText(value: unknown): string | undefined {
  const serves =
    typeof value === 'string' &&
    value !== '' &&
    value.length <= defaultLimits.nameCharsMax &&
    value.isWellFormed()
  return serves ? value : undefined
}

/** The fields of an object that are not among those named; undefined when there are none. */
export function otherFields(
  event: JsonObject,
  known: ReadonlySet<string>,
): Record<string, unknown> | undefined {
  let others: Record<string, unknown> | undefined
  for (const name in event) {
    if (!known.has(name)) others = addField(others, name, event[name])
  }
  return others
}

function addField(
  fields: Record<string, unknown> = {},
  name: string,
  value: unknown,
): Record<string, unknown> {
  // Not by assignment: a field may be named __proto__.
  Object.defineProperty(fields, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  })
  return fields
}
