import { unknownName, type NamesOf } from '../http/known-names.ts'
import { dateText } from '../http/moment.ts'
import { isPlainObject } from '../http/plain-object.ts'
import { spellingOf, type LogspaceDialect, type Spelling } from './dialect.ts'
import type { LogspaceEvent, PropertyType } from './event.ts'
import { isOfFloat, propertyMaps } from './property-types.ts'

const ofEvent: NamesOf<LogspaceEvent> = {
  id: true,
  type: true,
  system: true,
  agentId: true,
  parentId: true,
  globalId: true,
  marker: true,
  timestamp: true,
  properties: true,
}
const ofProperties = Object.fromEntries(propertyMaps.map(([, name]) => [name, true]))

/**
 * An event as JSON text, as the vendor's agents write it: fields in the order that its HQ demands, every
 * digit of a long. It is JSON but for `NaN`, `Infinity` and `-Infinity`, which the vendor's dialects
 * write bare; where they occur, `decodeEvent` reads the text back, and `JSON.parse` does not.
 * @param dialect Which release's spelling; of `0.3` by default.
 * @throws TypeError for what is not of its type, RangeError for what is out of its bounds; both name it.
 */
export function encodeEvent(event: LogspaceEvent, dialect: LogspaceDialect = '0.3'): string {
  return encodeAs(spellingOf(dialect), event, 'event')
}

/** As `encodeEvent`. @param place What errors call the event. */
export function encodeAs(spelling: Spelling, event: LogspaceEvent, place: string): string {
  checkFields(event, ofEvent, place)
  const text = (value: unknown, name: string) => spellText(value, `${place}.${name}`)
  const members = [`"id":${text(nonEmpty(event.id, `${place}.id`), 'id')}`]
  if (event.type !== undefined) members.push(`"type":${text(event.type, 'type')}`)
  members.push(`"system":${text(event.system, 'system')}`)
  members.push(`"agent-id":${text(event.agentId, 'agentId')}`)
  members.push(`"timestamp":${spellDate(event.timestamp, spelling, `${place}.timestamp`)}`)
  if (event.parentId !== undefined) members.push(`"pid":${text(event.parentId, 'parentId')}`)
  if (event.globalId !== undefined) members.push(`"gid":${text(event.globalId, 'globalId')}`)
  if (event.marker !== undefined) members.push(`"marker":${text(event.marker, 'marker')}`)
  if (event.properties !== undefined) {
    checkPlain(event.properties, `${place}.properties`)
    checkFields(event.properties, ofProperties, `${place}.properties`)
    for (const [type, name] of propertyMaps) {
      const map: unknown = event.properties[name]
      if (map === undefined) continue
      const spelled = spellMap(map, type, spelling, `${place}.properties.${name}`)
      if (spelled !== '') members.push(`"${type}-properties":{${spelled}}`)
    }
  }
  return `{${members.join(',')}}`
}

function spellMap(map: unknown, type: PropertyType, spelling: Spelling, place: string): string {
  checkPlain(map, place)
  const members: string[] = []
  for (const [name, given] of Object.entries(map)) {
    if (given === undefined) continue
    const at = `${place}[${JSON.stringify(name)}]`
    const values = Array.isArray(given) ? (given as readonly unknown[]) : [given]
    const spelled = values.map((value) => spellValue(value, type, spelling, at))
    const key = spellText(name, at)
    // A property without a value is none: the vendor's readers take an empty array for that, too.
    if (spelled.length === 0) continue
    if (spelling.hasArrays) members.push(`${key}:[${spelled.join(',')}]`)
    else members.push(...spelled.map((value) => `${key}:${value}`))
  }
  return members.join(',')
}

function spellValue(value: unknown, type: PropertyType, spelling: Spelling, at: string): string {
  switch (type) {
    case 'boolean':
      if (typeof value === 'boolean') return String(value)
      throw new TypeError(`${at} must be true or false, not ${shown(value)}.`)
    case 'date':
      return spellDate(value, spelling, at)
    case 'double':
    case 'float':
      return spellReal(value, type, spelling, at)
    case 'integer':
      return spellWhole(value, 32, at)
    case 'long':
      return spellWhole(value, 64, at)
    case 'string':
      return spellText(value, at)
  }
}

function spellReal(
  value: unknown,
  type: 'double' | 'float',
  { quotesSpecialNumbers }: Spelling,
  at: string,
): string {
  if (typeof value !== 'number') throw new TypeError(`${at} must be a number, not ${shown(value)}.`)
  if (!Number.isFinite(value)) return quotesSpecialNumbers ? `"${value}"` : String(value)
  if (type === 'float' && !isOfFloat(value)) {
    throw new RangeError(`${at} is ${value}, which no float of 32 bits holds.`)
  }
  // JSON.stringify would drop the sign.
  return Object.is(value, -0) ? '-0.0' : String(value)
}

function spellWhole(value: unknown, bits: 32 | 64, at: string): string {
  if (typeof value !== 'number' && (bits === 32 || typeof value !== 'bigint')) {
    const wanted = bits === 32 ? 'a number' : 'a bigint or a number'
    throw new TypeError(`${at} must be ${wanted}, not ${shown(value)}.`)
  }
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    const hint = Number.isInteger(value) ? '; give it as a bigint' : ''
    throw new RangeError(`${at} is ${value}, which is no exact whole number${hint}.`)
  }
  const whole = BigInt(value)
  if (BigInt.asIntN(bits, whole) === whole) return String(whole)
  throw new RangeError(`${at} is ${value}, which ${bits} bits do not hold.`)
}

function spellText(value: unknown, at: string): string {
  if (typeof value !== 'string') throw new TypeError(`${at} must be a string, not ${shown(value)}.`)
  // It could not be sent as UTF-8, and would come back as another text.
  if (/\p{Surrogate}/u.test(value)) throw new RangeError(`${at} holds half of a surrogate pair.`)
  return JSON.stringify(value)
}

function nonEmpty(value: unknown, at: string): unknown {
  if (value === '') throw new RangeError(`${at} must not be empty.`)
  return value
}

function spellDate(value: unknown, { fraction }: Spelling, at: string): string {
  const text = dateText(at, value)
  if (fraction === 'always' || (fraction === 'if any' && !text.endsWith('.000Z'))) {
    return `"${text}"`
  }
  return `"${text.replace(/\.\d{3}Z$/, 'Z')}"`
}

/** What a `Map` holds, say, would be left out silently. */
function checkPlain(
  value: unknown,
  place: string,
): asserts value is Readonly<Record<string, unknown>> {
  if (!isPlainObject(value)) throw new TypeError(`${place} must be a plain object.`)
}

/** A name that is not known is a slip of the pen; left out silently, its value would be lost. */
function checkFields(object: object, names: object, place: string): void {
  if (typeof object !== 'object' || object === null)
    throw new TypeError(`${place} must be an object.`)
  const other = unknownName(object, names)
  if (other === undefined) return
  throw new TypeError(`${place} has ${JSON.stringify(other)}, which cannot be stored.`)
}

/** A value's kind, and not the value: it may be a secret. */
function shown(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  return `a value of type ${Array.isArray(value) ? 'array' : typeof value}`
}
