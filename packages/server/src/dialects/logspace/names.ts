import { isJsonObject, type JsonObject } from '../../core/json/json.ts'
import type { Path, ValueKind } from '../../core/payload.ts'

/** The types of properties, each with a map of its own in an event (contract 1.2). */
export const propertyTypes = [
  'boolean',
  'date',
  'double',
  'float',
  'integer',
  'long',
  'string',
] as const

/** A type of properties. */
export type PropertyType = (typeof propertyTypes)[number]

/** A property by its stored name: `double_property_system_cpu_load` (contract 1.5). */
export interface Property {
  readonly type: PropertyType
  readonly name: string
}

/**
 * HQ's stored names of an event's own fields, which are the vocabulary of its filters, and the fields of the
 * uploaded event that they come from.
 */
export const fieldOfStoredName = {
  id: 'id',
  type: 'type',
  system: 'system',
  agent_id: 'agent-id',
  parent_id: 'pid',
  global_id: 'gid',
  marker: 'marker',
  timestamp: 'timestamp',
} as const

/** The name of the map that holds the properties of a type. */
export function mapOf(type: PropertyType): `${PropertyType}-properties` {
  return `${type}-properties`
}

/** The stored name of a property. */
export function propertyId({ type, name }: Property): string {
  return `${type}_property_${name}`
}

/** The property of a stored name; undefined when it is not one. */
export function parsePropertyId(id: string): Property | undefined {
  const [, type, name] = /^([a-z]+)_property_(.*)$/s.exec(id) ?? []
  const known = propertyTypes.find((one) => one === type)
  return known === undefined || name === undefined ? undefined : { type: known, name }
}

/** Where a property stands in an event as it was sent. */
export function pathOf({ type, name }: Property): Path {
  return [mapOf(type), name]
}

/** What a property's values are compared as. */
export function kindOf(type: PropertyType): Exclude<ValueKind, 'presence'> {
  if (type === 'date') return 'time'
  return type === 'boolean' || type === 'string' ? 'text' : 'number'
}

/** The properties of an event as it was sent that have a value. */
export function propertiesOf(event: JsonObject): Property[] {
  const found: Property[] = []
  for (const type of propertyTypes) {
    const map = event[mapOf(type)]
    if (!isJsonObject(map)) continue
    for (const name in map) {
      const value = map[name]
      if (!(Array.isArray(value) && value.length === 0)) found.push({ type, name })
    }
  }
  return found
}

/** The name of an agent within a space: its system and its id. */
export function agentName(system: string, agentId: string): string {
  return `${system}|${agentId}`
}

/** HQ's name of an agent across all spaces: `space|system|agent-id` (contract 1.5). */
export function globalAgentId(space: string, name: string): string {
  return `${space}|${name}`
}

/** The name within a space of an agent by its global id; undefined when it is none of that space. */
export function agentNameIn(space: string, globalId: string): string | undefined {
  return globalId.startsWith(`${space}|`) ? globalId.slice(space.length + 1) : undefined
}
