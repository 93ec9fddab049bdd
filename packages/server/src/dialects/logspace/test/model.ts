import fc from 'fast-check'

/** The types of properties, in the order in which the last release writes their maps. */
export const modelTypes = [
  'boolean',
  'date',
  'double',
  'float',
  'integer',
  'long',
  'string',
] as const

export type ModelType = (typeof modelTypes)[number]

/** A value as the tests reckon with it: longs are bigints, all other numbers numbers, dates milliseconds. */
export type Value = string | number | bigint | boolean

export interface ModelProperty {
  readonly type: ModelType
  readonly name: string
  readonly values: readonly Value[]
}

/** An event as the tests know it. */
export interface ModelEvent {
  readonly id: string
  readonly type?: string | undefined
  readonly system: string
  readonly agent: string
  readonly ms: number
  readonly pid?: string | undefined
  readonly gid?: string | undefined
  readonly marker?: string | undefined
  readonly properties: readonly ModelProperty[]
}

/** The stored name of a property. */
export function idOf({ type, name }: Pick<ModelProperty, 'type' | 'name'>): string {
  return `${type}_property_${name}`
}

/** A value as the last release spells it. */
export function spellValue(value: Value, type: ModelType): string {
  if (type === 'date') return JSON.stringify(new Date(Number(value)).toISOString())
  if (typeof value === 'bigint') return String(value)
  return typeof value === 'number' && !Number.isFinite(value)
    ? String(value)
    : JSON.stringify(value)
}

/** An event as the last release writes it: arrays, milliseconds. */
export function spell(event: ModelEvent, time = new Date(event.ms).toISOString()): string {
  return spellWith(
    event,
    time,
    ({ type, values }) => `[${values.map((value) => spellValue(value, type)).join()}]`,
  )
}

/** An event in any spelling of its time and of its properties; what has no value is left out. */
export function spellWith(
  event: ModelEvent,
  time: string,
  spellProperty: (property: ModelProperty) => string,
): string {
  const fields = { id: event.id, type: event.type, system: event.system, 'agent-id': event.agent }
  const more = { pid: event.pid, gid: event.gid, marker: event.marker }
  const members = [fields, { timestamp: time }, more].map((part) =>
    JSON.stringify(part).slice(1, -1),
  )
  for (const type of modelTypes) {
    const found = event.properties.filter((one) => one.type === type && one.values.length > 0)
    const spelled = found.map((one) => `${JSON.stringify(one.name)}:${spellProperty(one)}`)
    if (spelled.length > 0) members.push(`"${type}-properties":{${spelled.join()}}`)
  }
  return `{${members.filter((member) => member !== '').join()}}`
}

/** The text of an upload of events. */
export function upload(events: readonly ModelEvent[]): string {
  return `[${events.map((event) => spell(event)).join()}]`
}

/** Any text of UTF-16, halves of pairs among it. */
export const wildText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc
    .array(fc.integer({ min: 0xd7f0, max: 0xe010 }), { maxLength: 3 })
    .map((codes) => String.fromCharCode(...codes)),
  fc.constantFrom('__proto__', 'constructor', '', '"', '\\', 'a.b', '7', 'ß', 'NaN', 'null', ' x '),
)

/** Unicode that is not empty and has no halves of pairs: what events are found by. */
export const goodText: fc.Arbitrary<string> = fc.string({
  unit: 'binary',
  minLength: 1,
  maxLength: 12,
})

const dateMs = fc.integer({ min: Date.UTC(1900, 0), max: Date.UTC(2200, 0) })
// A negative zero has a test of its own.
const withoutSign = (value: number) => (value === 0 ? 0 : value)

/** Any value of each type. */
export const anyValue: Readonly<Record<ModelType, fc.Arbitrary<Value>>> = {
  boolean: fc.boolean(),
  date: dateMs,
  double: fc.double().map(withoutSign),
  float: fc.float().map(withoutSign),
  integer: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  long: fc.oneof(
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.bigInt({ min: 2n ** 53n - 5n, max: 2n ** 53n + 5n }),
  ),
  string: wildText,
}

// A name of one backslash has a test of its own: after it, V8's JSON.parse misreads others.
const wildName = wildText.map((name) => (name === '\\' ? '\\\\' : name))

/** Properties of any names and values, no name twice in a map; some without a value. */
export const anyProperties: fc.Arbitrary<ModelProperty[]> = fc.uniqueArray(
  fc.constantFrom(...modelTypes).chain((type) =>
    fc.record({
      type: fc.constant(type),
      name: wildName,
      values: fc.array(anyValue[type], { maxLength: 4 }),
    }),
  ),
  { selector: idOf, maxLength: 12 },
)

/** Any event, but for its time of day it is like those of a real agent. */
export const anyEvent: fc.Arbitrary<ModelEvent> = fc.record({
  id: goodText,
  type: fc.option(goodText, { nil: undefined }),
  system: goodText,
  agent: goodText,
  ms: dateMs,
  pid: fc.option(wildText, { nil: undefined }),
  gid: fc.option(wildText, { nil: undefined }),
  marker: fc.option(wildText, { nil: undefined }),
  properties: anyProperties,
})
