import { unknownName } from '../http/known-names.ts'
import { dateText } from '../http/moment.ts'
import { isPlainObject } from '../http/plain-object.ts'
import type { CliEvent } from './cli-event.ts'
import { cliEventFields, cliEventRequired, wireName, type FieldKind } from './fields.ts'

const fields: readonly (readonly [name: string, wire: string, kind: FieldKind])[] = Object.entries(
  cliEventFields,
).map(([name, kind]) => [name, wireName(name), kind])
const wireNames: ReadonlySet<string> = new Set(fields.map(([, wire]) => wire))
const known = { ...cliEventFields, extra: true }

/**
 * The body of a request that posts events: a bare array; the fields in the order in which the vendor's
 * SDKs send them, absent ones left out.
 * @throws TypeError for what is missing, not known or not of its type; RangeError for what is out of its
 *   bounds. Both name it.
 */
export function encodeEvents(events: readonly CliEvent[]): string {
  if (!Array.isArray(events)) throw new TypeError('events must be an array of events.')
  return JSON.stringify(
    events.map((event: CliEvent, index) => encodeEvent(event, `events[${index}]`)),
  )
}

function encodeEvent(event: CliEvent, place: string): Record<string, unknown> {
  if (typeof event !== 'object' || event === null)
    throw new TypeError(`${place} must be an object.`)
  const given = event as unknown as Readonly<Record<string, unknown>>
  // Left out silently, a name with a slip of the pen would lose its value.
  const other = unknownName(given, known)
  if (other !== undefined) {
    throw new TypeError(`${place}.${other} is no field; further ones belong in extra.`)
  }
  const missing = cliEventRequired.find((name) => given[name] === undefined)
  if (missing !== undefined) throw new TypeError(`${place}.${missing} is missing.`)
  const members: [string, unknown][] = []
  for (const [name, wire, kind] of fields) {
    const value = given[name]
    if (value !== undefined) members.push([wire, encodeValue(value, kind, `${place}.${name}`)])
  }
  const { extra = {} } = event
  if (!isPlainObject(extra)) throw new TypeError(`${place}.extra must be a plain object.`)
  for (const [wire, value] of Object.entries(extra)) {
    if (wireNames.has(wire)) throw new TypeError(`${place}.extra.${wire} has a field of its own.`)
    members.push([wire, value])
  }
  // Also a name like `__proto__` becomes a member like any other.
  return Object.fromEntries(members)
}

function encodeValue(value: unknown, kind: FieldKind, place: string): unknown {
  if (typeof kind !== 'string') {
    if (kind.includes(value as string)) return value
    throw new RangeError(`${place} must be one of ${kind.join(', ')}.`)
  }
  if (kind === 'time') return dateText(place, value)
  const wanted = { text: 'string', whole: 'number', truth: 'boolean' } as const
  if (typeof value !== wanted[kind]) throw new TypeError(`${place} must be a ${wanted[kind]}.`)
  if (kind !== 'whole' || Number.isSafeInteger(value)) return value
  throw new RangeError(`${place} must be a whole number below 2^53; it is ${String(value)}.`)
}
