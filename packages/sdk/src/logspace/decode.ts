import type { OneOrMore, PropertyType, StoredLogspaceEvent, StoredProperties } from './event.ts'
import { dateOf } from '../http/date-of.ts'
import { isOfFloat, propertyMaps } from './property-types.ts'
import { readJson } from './read-json.ts'

/**
 * An event of JSON text, in any of the vendor's spellings: bare values or arrays, names that come again,
 * times with or without a fraction, special numbers bare or in quotes, fields in any order. What is not
 * known, and what is not of its type, is kept in `extra`. A time without a zone is one of UTC.
 * @throws SyntaxError when it is no JSON; TypeError when it is no event: no object, or without one of
 *   `id`, `system`, `agent-id` and a `timestamp` that is a time.
 */
export function decodeEvent(text: string): StoredLogspaceEvent {
  return eventOf(readJson(text), 'event')
}

/** As `decodeEvent`, of parsed JSON. @param place What errors call the event. */
export function eventOf(value: unknown, place: string): StoredLogspaceEvent {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(`${place} is no object.`)
  }
  const rest = new Map<string, unknown>(Object.entries(value))
  // What a server spells out as null is absent.
  for (const [name, one] of rest) if (one === null) rest.delete(name)
  const take = (name: string) => {
    const one = rest.get(name)
    if (typeof one === 'string') rest.delete(name)
    return typeof one === 'string' ? one : undefined
  }
  const need = (name: string) => {
    const one = take(name)
    if (one === undefined) throw new TypeError(`${place} has no ${name} that is a text.`)
    return one
  }
  const needDate = (name: string) => {
    const text = need(name)
    const date = dateOf(text)
    if (date !== undefined) return date
    const shown = JSON.stringify(text.slice(0, 60))
    throw new TypeError(
      `${place} has a ${name} that is no time, or beyond those of Date: ${shown}.`,
    )
  }
  const optional = <Name extends string>(name: Name, wire: string) => {
    const one = take(wire)
    return (one === undefined ? {} : { [name]: one }) as { readonly [name in Name]?: string }
  }
  const event = {
    id: need('id'),
    ...optional('type', 'type'),
    system: need('system'),
    agentId: need('agent-id'),
    timestamp: needDate('timestamp'),
    ...optional('parentId', 'pid'),
    ...optional('globalId', 'gid'),
    ...optional('marker', 'marker'),
    properties: propertiesOf(rest),
  }
  return rest.size === 0 ? event : { ...event, extra: Object.fromEntries(rest) }
}

/** Takes the maps of properties out of what is left of an event; values of a wrong type stay behind. */
function propertiesOf(rest: Map<string, unknown>): StoredProperties {
  const maps = propertyMaps.map(([type, name]) => {
    const map = rest.get(`${type}-properties`)
    if (typeof map !== 'object' || map === null || Array.isArray(map)) return [name, {}]
    rest.delete(`${type}-properties`)
    const strange: [string, unknown][] = []
    const kept: [string, readonly unknown[]][] = []
    for (const [key, given] of Object.entries(map as Record<string, unknown>)) {
      const values = valuesOf(given as OneOrMore<unknown>, type)
      if (values === undefined) strange.push([key, given])
      else kept.push([key, values])
    }
    if (strange.length > 0) rest.set(`${type}-properties`, Object.fromEntries(strange))
    return [name, Object.fromEntries(kept)]
  })
  // The type of each map's values is that of its readers below.
  return Object.fromEntries(maps) as unknown as StoredProperties
}

function valuesOf(given: unknown, type: PropertyType): readonly unknown[] | undefined {
  const values = (Array.isArray(given) ? (given as unknown[]) : [given]).map(readers[type])
  return values.includes(undefined) ? undefined : values
}

const readers: Readonly<Record<PropertyType, (value: unknown) => unknown>> = {
  boolean: (value) => (typeof value === 'boolean' ? value : undefined),
  date: (value) => (typeof value === 'string' ? dateOf(value) : undefined),
  double: realOf,
  float: (value) => {
    const real = realOf(value)
    return real !== undefined && isOfFloat(real) ? real : undefined
  },
  // The operator makes a whole number of 32 bits of any.
  integer: (value) => (typeof value === 'number' && (value | 0) === value ? value : undefined),
  long: wholeOf,
  string: (value) => (typeof value === 'string' ? value : undefined),
}

function realOf(value: unknown): number | undefined {
  if (typeof value === 'bigint' || typeof value === 'number') return Number(value)
  // As release 0.2 spells them.
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value)
  return undefined
}

function wholeOf(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value ? value : undefined
  return Number.isSafeInteger(value) ? BigInt(value as number) : undefined
}
