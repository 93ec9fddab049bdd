import type { CliEvent } from './cli-event.ts'
import { cliEventFields, cliEventRequired, wireName, type FieldKind } from './fields.ts'

const fields: readonly (readonly [name: string, wire: string, kind: FieldKind])[] = Object.entries(
  cliEventFields,
).map(([name, kind]) => [name, wireName(name), kind])
const wireNames: ReadonlySet<string> = new Set(fields.map(([, wire]) => wire))
const known: ReadonlySet<string> = new Set(['extra', ...Object.keys(cliEventFields)])

/**
 * The body of a request that posts events: a bare array; the fields in the order in which the vendor's
 * SDKs send them, absent ones left out.
 * @throws TypeError for what is missing, not known or not of its type; RangeError for what is out of its
 *   bounds, and for no event at all. Both name it.
 */
export function encodeEvents(events: readonly CliEvent[]): string {
  if (!Array.isArray(events)) throw new TypeError('events must be an array of events.')
  if (events.length === 0) throw new RangeError('There must be an event at least.')
  return JSON.stringify(
    events.map((event: CliEvent, index) => encodeEvent(event, `events[${index}]`)),
  )
}

function encodeEvent(event: CliEvent, place: string): Record<string, unknown> {
  if (typeof event !== 'object' || event === null)
    throw new TypeError(`${place} must be an object.`)
  const given = event as unknown as Readonly<Record<string, unknown>>
  // Left out silently, a name with a slip of the pen would lose its value.
  const other = Object.keys(given).find((name) => !known.has(name) && given[name] !== undefined)
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
  for (const [wire, value] of Object.entries(event.extra ?? {})) {
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
  if (kind === 'time') return timeText(value, place)
  const wanted = { text: 'string', whole: 'number', truth: 'boolean' } as const
  if (typeof value !== wanted[kind]) throw new TypeError(`${place} must be a ${wanted[kind]}.`)
  if (kind !== 'whole' || Number.isSafeInteger(value)) return value
  throw new RangeError(`${place} must be a whole number below 2^53; it is ${String(value)}.`)
}

/**
 * A time as the vendor's TypeScript SDK sends it: with milliseconds, in UTC.
 * @throws TypeError for what is no Date, RangeError for one that RFC 3339 cannot spell.
 */
export function timeText(value: unknown, place: string): string {
  // By its tag, since a date may come from another realm.
  if (Object.prototype.toString.call(value) !== '[object Date]') {
    throw new TypeError(`${place} must be a Date.`)
  }
  const date = value as Date
  if (Number.isNaN(date.getTime())) throw new RangeError(`${place} is an invalid Date.`)
  const text = date.toISOString()
  if (text.length !== 24) throw new RangeError(`${place} is in no year from 0 to 9999.`)
  return text
}
