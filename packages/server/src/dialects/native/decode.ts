import { EventwellError, invalidEvent } from '../../core/errors.ts'
import type { NewEvent, Stamps } from '../../core/event.ts'
import { isJsonObject, jsonType, type JsonObject } from '../../core/json/json.ts'
import {
  checkTime,
  eventList,
  optionalName,
  optionalText,
  otherFields,
  requireText,
} from '../shared/event-list.ts'
import { cursorAttribute } from './encode.ts'
import { vendorRoutes } from './vendor-sources.ts'

const attributesMax = 128

/** CloudEvents' own attributes that stay in the envelope. */
const textAttributes = new Set(['data_base64', 'datacontenttype', 'dataschema'])

/** What servers note on the events that they show. */
const stampNames = ['sequence', 'recordedtime', cursorAttribute] as const

/** What no URI and no reference to one may have. */
const notInUris = /[\s\p{Cc}<>"{}|\\^`]/u

/** The attributes that have a field of their own in the log; all others stay in the envelope. */
const placed = new Set<string>([
  'specversion',
  'id',
  'source',
  'type',
  'subject',
  'time',
  'authid',
  'organization',
  'data',
  ...stampNames,
])
const checked = new Set<string>(stampNames)

/**
 * CloudEvents in structured mode (one object) or batch mode (an array).
 * @throws EventwellError `invalid_event` for the first fault.
 */
export function decodeEvents(body: unknown): NewEvent[] {
  return eventList(body, 'one or many').map(decodeEvent)
}

/**
 * One CloudEvent that stands at an index of its request.
 * @throws EventwellError `invalid_event` for the first fault.
 */
export function decodeItem(value: unknown, index: number): NewEvent {
  if (isJsonObject(value)) return decodeEvent(value, index)
  const message = `An event must be an object, not ${jsonType(value)}.`
  throw new EventwellError('invalid_event', message, { index })
}

function decodeEvent(event: JsonObject, index: number): NewEvent {
  if (event['specversion'] !== '1.0') {
    const given = event['specversion'] === undefined ? 'missing' : 'another'
    throw invalidEvent(index, 'specversion', `specversion must be "1.0"; it is ${given}.`)
  }
  checkCount(event, index)
  for (const name in event) {
    if (!placed.has(name) || checked.has(name)) checkAttribute(name, event[name], index)
  }
  const source = requireText(event, 'source', index)
  if (notInUris.test(source)) {
    throw invalidEvent(
      index,
      'source',
      'source must be a URI reference: no blanks, none of <>"{}|\\^`.',
    )
  }
  const route = vendorRoutes.get(source)
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
    envelope: otherFields(withoutNulls(event), placed),
    stamps: stampsOf(event),
    data: event['data'] === undefined ? undefined : JSON.stringify(event['data']),
  }
}

function stampsOf(event: JsonObject): Stamps | undefined {
  const there = stampNames.filter((name) => (event[name] ?? null) !== null)
  if (there.length === 0) return undefined
  return Object.fromEntries(there.map((name) => [name, event[name]])) as Stamps
}

/** Null is CloudEvents' word for an attribute that is not set. */
function withoutNulls(event: JsonObject): JsonObject {
  const isSet = Object.values(event).every((value) => value !== null)
  return isSet
    ? event
    : Object.fromEntries(Object.entries(event).filter(([, value]) => value !== null))
}

function checkCount(event: JsonObject, index: number): void {
  if (Object.keys(event).length <= attributesMax) return
  const message = `An event may have ${attributesMax} attributes; put more into data.`
  throw new EventwellError('invalid_event', message, { index })
}

/** CloudEvents section 3.1: names of lower-case letters and digits, values without structure. */
function checkAttribute(name: string, value: unknown, index: number): void {
  if (value === null) return
  if (name !== 'data_base64' && !/^[a-z0-9]{1,64}$/.test(name)) {
    const message = "An attribute's name is made of lower-case letters and digits, at most 64."
    throw invalidEvent(index, name, message)
  }
  const fault = textAttributes.has(name) ? faultOfText(name, value) : faultOfValue(value)
  if (fault !== undefined) throw invalidEvent(index, name, `${name} must be ${fault}.`)
}

function faultOfText(name: string, value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return 'a string with characters'
  if (name === 'dataschema') return isUri(value) ? undefined : 'an absolute URI'
  if (name !== 'data_base64') return undefined
  const isBase64 = Buffer.from(value, 'base64').toString('base64') === value
  return isBase64 ? undefined : 'base64 as RFC 4648 spells it, with padding'
}

function isUri(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:./i.test(text) && !notInUris.test(text)
}

function faultOfValue(value: unknown): string | undefined {
  if (typeof value === 'string' || typeof value === 'boolean') return undefined
  if (typeof value === 'number' && value === (value | 0)) return undefined
  return `a string, a boolean or a whole number of 32 bits, not ${jsonType(value)}`
}
