import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import fc from 'fast-check'
import { Desk } from './test/desk.ts'
import {
  idOf,
  modelTypes,
  upload,
  type ModelEvent,
  type ModelType,
  type Value,
} from './test/model.ts'

const memory = new Desk()
const disk = Desk.onDisk()
after(() => Promise.all([memory.close(), disk.close()]))

const startMs = Date.UTC(2031, 1, 3, 4, 5, 6)
const moments = [0, 1, 2, 1000].map((step) => startMs + step)

// Few values of each kind, near each other where that is dangerous: neighbours of 2^53 are one double.
const values: Readonly<Record<ModelType, readonly Value[]>> = {
  boolean: [true, false],
  date: moments,
  double: [-1.5, 0, 0.1, 1.5e300],
  float: [0.25, -3],
  integer: [-2, -1, 0, 1, 10, 9],
  long: [
    0n,
    2n ** 53n - 1n,
    2n ** 53n,
    2n ** 53n + 1n,
    2n ** 53n + 2n,
    -(2n ** 63n),
    2n ** 63n - 1n,
  ],
  string: ['a', 'B', 'b', '10', '9', 'a"b\\', 'ü', 'true'],
}
const names = ['n', 'm']
const texts = {
  type: ['os/a', 'event', 'x'],
  system: ['h1', 'h2'],
  agent: ['a/1', 'a/2', 'plain'],
  group: ['g', 'G', 'g 2'],
}

const property = fc.constantFrom(...modelTypes).chain((type) =>
  fc.record({
    type: fc.constant(type),
    name: fc.constantFrom(...names),
    values: fc.array(fc.constantFrom(...values[type]), { minLength: 0, maxLength: 3 }),
  }),
)
const optional = (choices: readonly string[]) =>
  fc.option(fc.constantFrom(...choices), { nil: undefined })
const events = fc
  .array(
    fc.record({
      type: optional(texts.type),
      system: fc.constantFrom(...texts.system),
      agent: fc.constantFrom(...texts.agent),
      ms: fc.constantFrom(...moments),
      pid: optional(texts.group),
      gid: optional(texts.group),
      marker: optional(texts.group),
      properties: fc.uniqueArray(property, { selector: idOf, maxLength: 6 }),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((list) => list.map((one, index): ModelEvent => ({ ...one, id: `e${100 + index}` })))

/** What an element can be about: how an event's values are found, and the values to look for. */
interface Subject {
  readonly property: string
  readonly valuesOf: (event: ModelEvent) => readonly Value[]
  readonly wanted: readonly Value[]
  readonly isDate: boolean
}

const given = (value: string | undefined) => (value === undefined ? [] : [value])
const field = (
  property: string,
  wanted: readonly Value[],
  valuesOf: Subject['valuesOf'],
): Subject => ({ property, wanted, valuesOf, isDate: false })

function subjects(space: string): Subject[] {
  return [
    field('id', ['e100', 'e101', 'e104', 'E100'], ({ id }) => [id]),
    field('type', [...texts.type, 'os'], ({ type }) => given(type)),
    field('system', [...texts.system, 'h'], ({ system }) => [system]),
    field('agent_id', [...texts.agent, '1'], ({ agent }) => [agent]),
    field('parent_id', texts.group, ({ pid }) => given(pid)),
    field('global_id', texts.group, ({ gid }) => given(gid)),
    field('marker', texts.group, ({ marker }) => given(marker)),
    field('space', [space, 'other'], () => [space]),
    { ...field('timestamp', moments, ({ ms }) => [ms]), isDate: true },
    ...modelTypes.flatMap((type) =>
      names.map((name): Subject => ({
        property: `${type}_property_${name}`,
        wanted: values[type],
        isDate: type === 'date',
        valuesOf: ({ properties }) =>
          properties
            .filter((one) => one.type === type && one.name === name)
            .flatMap((one) => one.values),
      })),
    ),
  ]
}

type Range = readonly [from: Value | undefined, to: Value | undefined]

/** What one element says: some value in one of the ranges or, for AND, in each of them. */
interface Element {
  readonly subject: Subject
  readonly kind: 'value' | 'blank' | 'range' | 'OR' | 'AND'
  readonly values: readonly Value[]
  /** Numbers may stand in quotes, too. */
  readonly isQuoted: boolean
}

function anyElement(space: string): fc.Arbitrary<Element> {
  return fc.constantFrom(...subjects(space)).chain((subject) =>
    fc.record({
      subject: fc.constant(subject),
      kind: fc.constantFrom('value', 'blank', 'range', 'OR', 'AND'),
      values: fc.array(fc.constantFrom(...subject.wanted), { minLength: 2, maxLength: 3 }),
      isQuoted: fc.boolean(),
    }),
  )
}

function spellElement({ subject, kind, values, isQuoted }: Element): string {
  const all = values.map((value) => {
    if (subject.isDate) return JSON.stringify(new Date(Number(value)).toISOString())
    if (typeof value === 'string') return JSON.stringify(value)
    return isQuoted ? `"${value}"` : String(value)
  })
  const said = {
    value: `"value":${all[0]}`,
    blank: '"value":" "',
    range: `"from":${all[0]}${all.length > 2 ? '' : `,"to":${all[1]}`}`,
    OR: `"values":[${all.join()}],"operator":"OR"`,
    AND: `"values":[${all.join()}],"operator":"AND"`,
  }[kind]
  return `{"property":"${subject.property}",${said}}`
}

function spellFilter(elements: readonly Element[]): string {
  return `{"elements":[${elements.map(spellElement).join()}]}`
}

function isIn(value: Value, [from, to]: Range): boolean {
  const [one, low, high] = [value, from, to].map((end) =>
    typeof end === 'boolean' ? String(end) : end,
  )
  return (low === undefined || one! >= low) && (high === undefined || one! <= high)
}

/** The predicate, as plainly as it can be said. */
function holds(event: ModelEvent, { subject, kind, values }: Element): boolean {
  const found = subject.valuesOf(event)
  const has = (range: Range) => found.some((value) => isIn(value, range))
  const [first, second] = values
  switch (kind) {
    case 'blank':
      return found.length > 0
    case 'value':
      return has([first, first])
    case 'range':
      return has([first, values.length > 2 ? undefined : second])
    case 'OR':
      return values.some((value) => has([value, value]))
    case 'AND':
      return values.every((value) => has([value, value]))
  }
}

const cases = fc.tuple(events, fc.array(anyElement('SPACE'), { maxLength: 3 }))

/** The elements, about the space that a test takes. */
function inSpace(elements: readonly Element[], space: string): Element[] {
  return elements.map((element) => {
    const subject = subjects(space).find(({ property }) => property === element.subject.property)!
    return {
      ...element,
      subject,
      values: element.values.map((value) => (value === 'SPACE' ? space : value)),
    }
  })
}

for (const [name, desk, numRuns] of [
  ['in memory', memory, 1500],
  ['on disk', disk, 40],
] as const) {
  describe(`A filter of Logspace’s events, ${name}`, () => {
    it('selects what a plain predicate selects', async () => {
      await fc.assert(
        fc.asyncProperty(cases, async ([all, anywhere]) => {
          const space = desk.newSpace()
          const elements = inSpace(anywhere, space)
          await desk.put(space, upload(all))
          const expected = all
            .filter((event) => elements.every((element) => holds(event, element)))
            .toSorted((one, other) => one.ms - other.ms || (one.id < other.id ? -1 : 1))
          const filter = spellFilter(elements)
          assert.deepEqual(
            await desk.idsOf(space, filter),
            expected.map(({ id }) => id),
            filter,
          )
        }),
        { numRuns },
      )
    })
  })
}

describe('A filter of Logspace’s events finds', () => {
  const at = '2031-02-03T04:05:06.000Z'
  const one = (id: string, more = '', timestamp = at, system = 'plum', agent = 'a/1') =>
    `{"id":"${id}","system":"${system}","agent-id":"${agent}","timestamp":"${timestamp}"${more && `,${more}`}}`
  const date = (text: string) => `"date-properties":{"d":"${text}"}`
  const either = (property: string, ...values: string[]) => ({ property, values, operator: 'OR' })
  const from = '2031-01-01T00:00:00Z'

  const cases: readonly (readonly [
    name: string,
    sent: readonly string[],
    element: (space: string) => object,
    ids: readonly string[],
  ])[] = [
    [
      'by value before from and to, and these before values',
      [one('1'), one('2')],
      () => ({ property: 'id', value: '1', from: '2', values: ['3'] }),
      ['1'],
    ],
    [
      'by from before values',
      [one('1'), one('2')],
      () => ({ property: 'id', from: '2', values: ['1'], operator: 'OR' }),
      ['2'],
    ],
    [
      'by both ends of a range',
      [one('1'), one('2'), one('3'), one('4')],
      () => ({ property: 'id', from: '2', to: '3' }),
      ['2', '3'],
    ],
    [
      'the value beside nulls, as Java writes them',
      [one('1'), one('2')],
      () => ({ property: 'id', value: '1', from: null, to: null, values: null, operator: null }),
      ['1'],
    ],
    [
      'a name with quotes and a colon',
      [one('1', '"string-properties":{"a\\":[b":"x"}'), one('2')],
      () => ({ property: 'string_property_a":[b', value: 'x' }),
      ['1'],
    ],
    [
      'a time in HQ’s own spelling',
      [one('1'), one('2', '', '2031-02-03T04:05:07Z')],
      () => ({ property: 'timestamp', to: '2031-02-03T04:05:06.000+0000' }),
      ['1'],
    ],
    [
      'a time in milliseconds, as it comes back, of an event that was finer',
      [one('1', '', '2031-02-03T04:05:06.0005Z')],
      () => ({ property: 'timestamp', value: at }),
      ['1'],
    ],
    [
      'a time up to the one that comes back',
      [one('1', '', '2031-02-03T04:05:06.0005Z')],
      () => ({ property: 'timestamp', to: at }),
      ['1'],
    ],
    [
      'a date as it comes back, of one that was finer',
      [one('1', date('2031-02-03T04:05:06.0005Z'))],
      () => ({ property: 'date_property_d', value: at }),
      ['1'],
    ],
    [
      'one of several times, though the event’s was rolled over',
      [one('1', '', '2031-01-34T04:05:06Z'), one('2')],
      () => either('timestamp', at, from),
      ['1', '2'],
    ],
    [
      'a date that was rolled over',
      [one('1', date('2031-01-34T04:05:06.000Z'))],
      () => ({ property: 'date_property_d', value: at }),
      ['1'],
    ],
    [
      'any date, though it is of single digits',
      [one('1', date('2031-2-3T4:5:6Z'))],
      () => ({ property: 'date_property_d', value: '' }),
      ['1'],
    ],
    [
      'a date from a time on, though text follows its Z',
      [one('1', date('2031-02-03T04:05:06Z.'))],
      () => ({ property: 'date_property_d', from }),
      ['1'],
    ],
    [
      'any double, NaN among them',
      [one('1', '"double-properties":{"d":NaN}'), one('2')],
      () => ({ property: 'double_property_d', value: '' }),
      ['1'],
    ],
    [
      'infinity above all',
      [
        one('1', '"double-properties":{"d":Infinity}'),
        one('2', '"double-properties":{"d":-Infinity}'),
      ],
      () => ({ property: 'double_property_d', from: 5 }),
      ['1'],
    ],
    [
      'null that was taken as a string',
      [one('1', '"string-properties":{"s":null}')],
      () => ({ property: 'string_property_s', value: 'null' }),
      ['1'],
    ],
    [
      'a number that was taken as a string, by its text',
      [one('1', '"string-properties":{"s":1.50}')],
      () => ({ property: 'string_property_s', value: '1.50' }),
      ['1'],
    ],
    [
      'an agent by its global id',
      [one('1'), one('2', '', at, 'pear')],
      (space) => ({ property: 'global_agent_id', value: `${space}|pear|a/1` }),
      ['2'],
    ],
    [
      'either of two agents',
      [one('1'), one('2', '', at, 'pear'), one('3', '', at, 'fig')],
      (space) => either('global_agent_id', `${space}|pear|a/1`, `${space}|plum|a/1`),
      ['1', '2'],
    ],
    ['any agent', [one('1')], () => ({ property: 'global_agent_id', value: '' }), ['1']],
    [
      'an agent whose id has a bar',
      [one('1', '', at, 'plum', 'x|y')],
      (space) => ({ property: 'global_agent_id', value: `${space}|plum|x|y` }),
      ['1'],
    ],
    [
      'a system whose name has a bar',
      [one('1', '', at, 'plum|2')],
      (space) => ({ property: 'global_agent_id', value: `${space}|plum|2|a/1` }),
      ['1'],
    ],
    [
      'events with a property',
      [
        one('1', '"long-properties":{"n":1}'),
        one('2', '"integer-properties":{"n":1}'),
        one('3', '"long-properties":{"n":[]}'),
      ],
      () => ({ property: 'property_id', value: 'long_property_n' }),
      ['1'],
    ],
    [
      'events with either of two properties',
      [one('1', '"long-properties":{"n":1}'), one('2', '"integer-properties":{"n":1}'), one('3')],
      () => either('property_id', 'long_property_n', 'integer_property_n'),
      ['1', '2'],
    ],
    [
      'events with any property',
      [one('1', '"long-properties":{"n":1}'), one('2')],
      () => ({ property: 'property_id', value: '' }),
      ['1'],
    ],
    [
      'events with both of two properties',
      [one('1', '"long-properties":{"n":1}'), one('2', '"long-properties":{"n":1,"m":1}')],
      () => ({
        property: 'property_id',
        values: ['long_property_n', 'long_property_m'],
        operator: 'AND',
      }),
      ['2'],
    ],
    [
      'a system with a name that no index keeps',
      [one('1', '', at, 'z'.repeat(3000)), one('2')],
      () => ({ property: 'system', value: 'z'.repeat(3000) }),
      ['1'],
    ],
  ]
  for (const [name, sent, element, ids] of cases) {
    it(name, async () => {
      const space = memory.newSpace()
      await memory.put(space, `[${sent.join()}]`)
      assert.deepEqual(await memory.idsOf(space, { elements: [element(space)] }), ids)
    })
  }
})
