import type { JsonObject } from '../../core/json/json.ts'
import { isJsonObject, jsonType } from '../../core/json/json.ts'
import { eventFields } from './decode.ts'
import { resources, type FieldKind, type Resource } from './matrix.ts'

const warningsMax = 100
const fieldCharsMax = 200
const undocumented = 'is not among the fields that Webex documents.'

/** Something about an event that is kept as it is, though the vendor's would not be so. */
export interface Warning {
  /** The event's place in the request's array, from 0. */
  readonly index: number
  readonly field: string
  readonly message: string
}

/** In what Webex-shaped events differ from the matrix (contract 3.1, 3.2); the first hundred differences. */
export function warningsOf(events: readonly JsonObject[]): Warning[] {
  const warnings: Warning[] = []
  for (const [index, event] of events.entries()) {
    for (const [field, message] of differencesOf(event)) {
      if (warnings.length === warningsMax) return warnings
      const named = field.slice(0, fieldCharsMax)
      warnings.push({ index, field: named, message: `${named} ${message}` })
    }
  }
  return warnings
}

const otherFields = ['appId', 'errors']
// What the audit feeds' events show as here.
const feeds: readonly unknown[] = ['adminAudit', 'securityAudit']

function* differencesOf(event: JsonObject): Generator<[string, string]> {
  const { resource, type, data } = event
  for (const name of Object.keys(event)) {
    if (!eventFields.has(name) && !otherFields.includes(name)) yield [name, undocumented]
  }
  const known = Object.hasOwn(resources, String(resource)) ? resources[String(resource)] : undefined
  if (feeds.includes(resource)) return
  if (known === undefined) {
    yield ['resource', `is none of Webex's: ${Object.keys(resources).join(', ')}.`]
    return
  }
  if (!known.types.includes(String(type))) {
    yield ['type', `is none of those of ${String(resource)}: ${known.types.join(', ')}.`]
  }
  yield* differencesOfData(data as JsonObject, known)
}

function* differencesOfData(
  data: JsonObject,
  { fields, isOpen }: Resource,
): Generator<[string, string]> {
  for (const [name, value] of Object.entries(data)) {
    const kind = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (kind === undefined) {
      if (isOpen !== true) yield [`data.${name}`, undocumented]
    } else if (!isOfKind(value, kind)) {
      yield [`data.${name}`, `${wanted[kind]}, not ${found(value)}: strict clients may fail on it.`]
    }
  }
}

const wanted: Readonly<Record<FieldKind, string>> = {
  string: 'should be a string',
  time: 'should be a time like 2026-03-01T10:00:00.000Z, or be left out',
  boolean: 'should be true or false',
  integer: 'should be a whole number',
  object: 'should be an object',
  array: 'should be an array',
  any: '',
}

function isOfKind(value: unknown, kind: FieldKind): boolean {
  switch (kind) {
    case 'string':
      return typeof value === 'string'
    case 'time':
      return typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)
    case 'boolean':
      return typeof value === 'boolean'
    case 'integer':
      return Number.isInteger(value)
    case 'object':
      return isJsonObject(value)
    case 'array':
      return Array.isArray(value)
    case 'any':
      return true
  }
}

function found(value: unknown): string {
  return typeof value === 'string' ? 'another string' : jsonType(value)
}
