import type { StoredEvent } from '../../core/event.ts'
import { isJsonObject, parseJson, type JsonObject } from '../../core/json/json.ts'
import { valueOf } from '../../core/payload.ts'
import { spellTime } from './agent-time.ts'
import { mapOf, propertyTypes, type PropertyType } from './names.ts'

const smallestInteger = -(2n ** 31n)
const smallestLong = -(2n ** 63n)
const special = new Set(['NaN', 'Infinity', '-Infinity'])

/**
 * An event as the last release of HQ writes it (dialect C): fields in its order, an array for each property,
 * milliseconds, bare `NaN`. HQ's reader knows no further fields, so those that it does not know are left out.
 */
export function encodeEvent(stored: StoredEvent): string {
  const event = eventOf(stored)
  const members: string[] = []
  const add = (name: string, value: unknown) => {
    if (typeof value === 'string') members.push(`"${name}":${JSON.stringify(value)}`)
  }
  add('id', event['id'])
  if (event['type'] !== '') add('type', event['type'])
  add('system', event['system'])
  add('agent-id', event['agent-id'])
  add('timestamp', spellTime(String(event['timestamp'])))
  for (const name of ['pid', 'gid', 'marker']) add(name, event[name])
  for (const [type, properties] of propertiesByType(event)) {
    members.push(`"${mapOf(type)}":{${properties.join(',')}}`)
  }
  return `{${members.join(',')}}`
}

/** The event as it was kept (see decode.ts). */
export function eventOf({ data }: StoredEvent): JsonObject {
  const event = data === undefined ? undefined : parseJson(data)
  return isJsonObject(event) ? event : {}
}

/** The values of a property: it is kept as one, or as an array of them. */
export function valuesOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value]
}

/** The members of each map, spelled. A number goes to the map of the next larger type if it needs that. */
function propertiesByType(event: JsonObject): Map<PropertyType, string[]> {
  const found = new Map<PropertyType, string[]>()
  for (const type of propertyTypes) {
    const map = event[mapOf(type)]
    if (!isJsonObject(map)) continue
    for (const name in map) {
      const values = valuesOf(map[name])
      if (values.length === 0) continue
      const held = typeThatHolds(type, values)
      const spelled = values.map((value) => spellValue(value, held)).join(',')
      const members = found.get(held)
      const member = `${JSON.stringify(name)}:[${spelled}]`
      if (members === undefined) found.set(held, [member])
      else members.push(member)
    }
  }
  return found
}

/** HQ's reader fails at an integer beyond 32 bits, and at a long beyond 64: they come as long and double. */
function typeThatHolds(type: PropertyType, values: readonly unknown[]): PropertyType {
  if (type !== 'integer' && type !== 'long') return type
  const isWithin = (smallest: bigint) =>
    values.every((value) => {
      const number = (valueOf(value, 'number') ?? 0) as number | bigint
      return number >= smallest && number < -smallest
    })
  if (type === 'integer' && isWithin(smallestInteger)) return 'integer'
  return isWithin(smallestLong) ? 'long' : 'double'
}

function spellValue(value: unknown, type: PropertyType): string {
  switch (type) {
    case 'date':
      return `"${spellTime(String(value))}"`
    case 'double':
    case 'float':
      if (Object.is(value, -0)) return '-0.0'
      return special.has(value as string) ? String(value) : JSON.stringify(value)
    default:
      return JSON.stringify(value)
  }
}
