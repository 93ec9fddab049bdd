import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import fc from 'fast-check'
import { Desk } from './test/desk.ts'
import {
  idOf,
  modelTypes,
  spell,
  spellValue,
  upload,
  type ModelEvent,
  type ModelProperty,
  type ModelType,
  type Value,
} from './test/model.ts'

const memory = new Desk()
const disk = Desk.onDisk()
after(() => Promise.all([memory.close(), disk.close()]))

const startMs = Date.UTC(2032, 6, 1)
const stretchMs = 20_000

// Doubles whose sums do not depend on the order, and longs that a double holds.
const values: Readonly<Record<ModelType, fc.Arbitrary<Value>>> = {
  boolean: fc.boolean(),
  date: fc.integer({ min: -5000, max: 5000 }).map((step) => startMs + step * 37),
  double: fc.oneof(
    fc.integer({ min: -99, max: 99 }).map((n) => n / 4),
    fc.constantFrom(NaN, Infinity, -Infinity),
  ),
  float: fc.oneof(
    fc.integer({ min: -9, max: 9 }).map((n) => n / 2),
    fc.constant(NaN),
  ),
  integer: fc.integer({ min: -1000, max: 1000 }),
  long: fc.bigInt({ min: -(2n ** 40n), max: 2n ** 40n }),
  string: fc.constantFrom(
    '',
    'x',
    'semi;colon',
    '"quoted"',
    'two\r\nlines',
    ' blank ',
    'ü🥝',
    ',',
    'x\ny',
    '=1+1',
  ),
}
const property = fc.constantFrom(...modelTypes).chain((type) =>
  fc.record({
    type: fc.constant(type),
    name: fc.constantFrom('n', 'm;"'),
    values: fc.array(values[type], { maxLength: 3 }),
  }),
)
const events = fc
  .array(
    fc.record({
      type: fc.option(fc.constantFrom('t;1', 't2'), { nil: undefined }),
      system: fc.constantFrom('h1', 'h1', 'h1', 'h2'),
      agent: fc.constantFrom('a/1', 'a/1', 'a/2'),
      ms: fc
        .oneof(
          fc.nat(stretchMs),
          fc.nat(20).map((n) => n * 1000),
          fc.integer({ min: -3000, max: 0 }),
        )
        .map((step) => startMs + step),
      marker: fc.option(fc.constantFrom('red', 'blue'), { nil: undefined }),
      properties: fc.uniqueArray(property, { selector: idOf, minLength: 3, maxLength: 9 }),
    }),
    { maxLength: 40 },
  )
  .map((list) => list.map((one, index): ModelEvent => ({ ...one, id: `e${100 + index}` })))

const allowed: Readonly<Record<ModelType, readonly string[]>> = {
  boolean: ['count'],
  string: ['count'],
  date: ['count', 'min', 'max', 'avg'],
  integer: ['count', 'min', 'max', 'avg', 'sum'],
  long: ['count', 'min', 'max', 'avg', 'sum'],
  float: ['count', 'min', 'max', 'avg', 'sum'],
  double: ['count', 'min', 'max', 'avg', 'sum'],
}

/** A filter of a series, and what it says: elements on one property are alternatives. */
interface Filter {
  readonly elements: readonly object[]
  readonly holds: (event: ModelEvent) => boolean
}
const red = { property: 'marker', value: 'red' }
const blue = { property: 'marker', value: 'blue' }
const later = { property: 'timestamp', from: new Date(startMs + 7000).toISOString() }
const early = { property: 'timestamp', to: new Date(startMs + 2000).toISOString() }
const filters: readonly (Filter | undefined)[] = [
  undefined,
  { elements: [], holds: () => true },
  { elements: [red], holds: ({ marker }) => marker === 'red' },
  { elements: [red, blue], holds: ({ marker }) => marker !== undefined },
  { elements: [red, later], holds: ({ marker, ms }) => marker === 'red' && ms >= startMs + 7000 },
  {
    elements: [later, blue, early],
    holds: ({ marker, ms }) => marker === 'blue' && (ms >= startMs + 7000 || ms <= startMs + 2000),
  },
]

interface Definition {
  readonly system: string
  readonly agent: string
  readonly type: ModelType
  readonly name: string
  readonly aggregate: string
  readonly from: number
  readonly lengthMs: number
  readonly gap: number
  readonly filter: Filter | undefined
}

const definition: fc.Arbitrary<Definition> = fc.constantFrom(...modelTypes).chain((type) =>
  fc.record({
    // Mostly the same agent and most of the time, so that series have events, and share some.
    system: fc.constantFrom('h1', 'h1', 'h1', 'h1', 'h2', 'none'),
    agent: fc.constantFrom('a/1', 'a/1', 'a/1', 'a/2'),
    type: fc.constant(type),
    name: fc.constantFrom('n', 'm;"'),
    aggregate: fc.constantFrom(...allowed[type]),
    from: fc
      .oneof(fc.integer({ min: -2000, max: 5000 }), fc.constant(0))
      .map((step) => startMs + step),
    lengthMs: fc.oneof(
      fc.integer({ min: 1, max: stretchMs }),
      fc.constant(10_000),
      fc.constant(stretchMs),
    ),
    gap: fc.integer({ min: 1, max: 30 }),
    filter: fc.constantFrom(...filters),
  }),
)

/** A definition as it is sent. */
function sent(
  space: string,
  { system, agent, type, name, aggregate, from, lengthMs, gap, filter }: Definition,
): object {
  const [start, end] = [from, from + lengthMs].map((ms) => new Date(ms).toISOString())
  return {
    timeWindow: { start, end, gap },
    globalAgentId: `${space}|${system}|${agent}`,
    propertyId: `${type}_property_${name}`,
    aggregate,
    ...(filter !== undefined && { filter: { elements: filter.elements } }),
  }
}

/** The events of a series, in order of arrival. */
function eventsIn(
  all: readonly ModelEvent[],
  { system, agent, type, name, from, lengthMs, filter }: Definition,
): ModelEvent[] {
  const isOfSeries = (event: ModelEvent) =>
    event.system === system &&
    event.agent === agent &&
    event.ms >= from &&
    event.ms < from + lengthMs
  const hasProperty = (one: ModelProperty) =>
    one.type === type && one.name === name && one.values.length > 0
  return all.filter(
    (event) =>
      isOfSeries(event) && event.properties.some(hasProperty) && (filter?.holds(event) ?? true),
  )
}

/** What a series has, each stretch on its own. */
function naiveSeries(all: readonly ModelEvent[], definition: Definition): unknown[] {
  const { type, name, aggregate, from, lengthMs, gap } = definition
  const found = eventsIn(all, definition)
  return Array.from({ length: Math.ceil(lengthMs / (gap * 1000)) }, (_, index) => {
    const start = from + index * gap * 1000
    const inside = found.filter(({ ms }) => ms >= start && ms < start + gap * 1000)
    if (aggregate === 'count') return inside.length
    const numbers = inside
      .flatMap(({ properties }) =>
        properties.filter((one) => one.type === type && one.name === name),
      )
      .flatMap((one) => one.values.map(Number))
      .filter((number) => Number.isFinite(number))
    if (numbers.length === 0) return null
    const sum = numbers.reduce((one, other) => one + other, 0)
    const value = {
      sum,
      avg: sum / numbers.length,
      min: Math.min(...numbers),
      max: Math.max(...numbers),
    }[aggregate]!
    return type === 'date' ? new Date(value).toISOString().replace('Z', '+0000') : value
  })
}

/** RFC 4180 with semicolons: lines of cells. */
function parseCsv(text: string): string[][] {
  const lines: string[][] = []
  let [cells, at] = [[] as string[], 0]
  while (at < text.length) {
    let cell = ''
    if (text[at] === '"') {
      for (at += 1; ; at++) {
        if (text[at] !== '"') cell += text[at]
        else if (text[at + 1] === '"') {
          cell += '"'
          at += 1
        } else break
      }
      at += 1
    } else {
      const end = /[;\r\n"]/g
      end.lastIndex = at
      const stop = end.exec(text)!.index
      cell = text.slice(at, stop)
      at = stop
    }
    cells.push(cell)
    if (text[at] === ';') at += 1
    else {
      assert.equal(text.slice(at, at + 2), '\r\n', `after ${JSON.stringify(cell)}`)
      at += 2
      lines.push(cells)
      cells = []
    }
  }
  assert.deepEqual(cells, [], 'the last line ends as all others do')
  return lines
}

const fields = ['id', 'type', 'system', 'agent-id', 'timestamp', 'pid', 'gid', 'marker']

/** The cells of a line: those of the event’s fields, and those that are not empty by their column. */
function cellsOf({
  id,
  type,
  system,
  agent,
  ms,
  marker,
  properties,
}: ModelEvent): Record<string, string> {
  const own = {
    id,
    type: type ?? '',
    system,
    'agent-id': agent,
    timestamp: new Date(ms).toISOString(),
    pid: '',
    gid: '',
    marker: marker ?? '',
  }
  const found = properties
    .filter((one) => one.values.length > 0)
    .map((one): [string, string] => {
      const [first, ...others] = one.values.map((value) => plain(value, one.type))
      if (others.length > 0)
        return [idOf(one), `[${one.values.map((value) => quoted(value, one.type)).join()}]`]
      return [idOf(one), first!]
    })
  return { ...own, ...Object.fromEntries(found) }
}

function plain(value: Value, type: ModelType): string {
  return typeof value === 'string' ? value : spellValue(value, type).replaceAll('"', '')
}

/** A value in a cell that is a JSON array; that has no NaN, so it is text there. */
function quoted(value: Value, type: ModelType): string {
  return typeof value === 'number' && !Number.isFinite(value)
    ? `"${value}"`
    : spellValue(value, type)
}

const definitions = fc.array(definition, { minLength: 1, maxLength: 5 })

for (const [name, desk, numRuns] of [
  ['in memory', memory, 600],
  ['on disk', disk, 25],
] as const) {
  describe(`Charts of Logspace’s events, ${name}`, () => {
    it('have in every stretch what a plain reckoning has', async () => {
      await fc.assert(
        fc.asyncProperty(events, definitions, async (all, wanted) => {
          const space = desk.newSpace()
          await desk.put(space, upload(all))
          const body = { definitions: wanted.map((one) => sent(space, one)) }
          const answer: unknown = JSON.parse(await desk.read(space, '/time-series', body))
          const { from, lengthMs, gap } = wanted.at(-1)!
          const [start, end] = [from, from + lengthMs].map((ms) =>
            new Date(ms).toISOString().replace('Z', '+0000'),
          )
          assert.deepEqual(answer, {
            timeWindow: { start, end, gap, steps: Math.ceil(lengthMs / (gap * 1000)) },
            data: wanted.map((one) => naiveSeries(all, one)),
          })
        }),
        { numRuns },
      )
    })

    it('are downloaded with every event of the series once, and each cell right', async () => {
      await fc.assert(
        fc.asyncProperty(events, definitions, async (all, wanted) => {
          const space = desk.newSpace()
          await desk.put(space, upload(all))
          const text = await desk.read(space, '/download', {
            definitions: wanted.map((one) => sent(space, one)),
          })
          const [names, ...lines] = parseCsv(text)
          assert.deepEqual(names!.slice(0, fields.length), fields)
          const columns = names!.slice(fields.length)
          assert.deepEqual(columns, [...new Set(columns)].toSorted())
          const found = lines.map((cells) => {
            assert.equal(cells.length, names!.length)
            const filled = cells.map((cell, index): [string, string] => [names![index]!, cell])
            return Object.fromEntries(
              filled.filter(([column, cell]) => fields.includes(column) || cell !== ''),
            )
          })
          const expected = all.filter((event) =>
            wanted.some((one) => eventsIn(all, one).includes(event)),
          )
          const withoutEmpty = expected.map((event) => {
            const cells = Object.entries(cellsOf(event))
            for (const [column] of cells) assert.ok(names!.includes(column), column)
            return Object.fromEntries(
              cells.filter(([column, cell]) => fields.includes(column) || cell !== ''),
            )
          })
          const byId = (one: Record<string, string>, other: Record<string, string>) =>
            one['id']! < other['id']! ? -1 : 1
          assert.deepEqual(found.toSorted(byId), withoutEmpty.toSorted(byId))
        }),
        { numRuns },
      )
    })
  })
}

describe('A time series of Logspace', () => {
  const at = '2032-07-01T00:00:00.000Z'
  const event = (id: string, more: string, agent = 'a') =>
    `{"id":"${id}","system":"s","agent-id":"${agent}","timestamp":"${at}",${more}}`
  const timeWindow = { start: '2032-07-01T00:00:00Z', end: '2032-07-02T00:00:00Z', gap: 86_400 }
  const cases: readonly (readonly [
    name: string,
    properties: string,
    change: { readonly agent?: string; readonly propertyId: string; readonly aggregate: string },
    data: unknown,
  ])[] = [
    [
      'a date that rolled over',
      '"date-properties":{"d":"2032-06-31T00:00:00.000Z"}',
      { propertyId: 'date_property_d', aggregate: 'max' },
      '2032-07-01T00:00:00.000+0000',
    ],
    [
      'a date of single digits',
      '"date-properties":{"d":"2032-6-3T0:0:0Z"}',
      { propertyId: 'date_property_d', aggregate: 'min' },
      '2032-06-03T00:00:00.000+0000',
    ],
    [
      'a string that was null',
      '"string-properties":{"s":null}',
      { propertyId: 'string_property_s', aggregate: 'count' },
      1,
    ],
    [
      'NaN alone',
      '"double-properties":{"d":NaN}',
      { propertyId: 'double_property_d', aggregate: 'count' },
      1,
    ],
    [
      'a name with a line end',
      '"long-properties":{"a\\nb":7}',
      { propertyId: 'long_property_a\nb', aggregate: 'sum' },
      7,
    ],
    [
      'an agent whose id has a bar',
      '"long-properties":{"n":7}',
      { agent: 'x|y', propertyId: 'long_property_n', aggregate: 'sum' },
      7,
    ],
  ]
  for (const [name, properties, { agent = 'a', ...change }, data] of cases) {
    it(`counts ${name}`, async () => {
      const space = memory.newSpace()
      await memory.put(space, `[${event('1', properties, agent)}]`)
      const body = {
        definitions: [{ timeWindow, globalAgentId: `${space}|s|${agent}`, ...change }],
      }
      assert.deepEqual(JSON.parse(await memory.read(space, '/time-series', body)).data, [[data]])
    })
  }

  it('has ten thousand stretches at most', async () => {
    const space = memory.newSpace()
    const asked = async (seconds: number) => {
      const end = new Date(Date.UTC(2032, 6, 1) + seconds * 1000).toISOString()
      const window = { start: timeWindow.start, end, gap: 1 }
      const one = {
        globalAgentId: `${space}|s|a`,
        propertyId: 'long_property_n',
        aggregate: 'count',
      }
      const body = { definitions: [{ ...one, timeWindow: window }] }
      return memory.ask({ path: '/time-series', key: `r:${space}`, body })
    }
    const most = (await asked(10_000)).json<{ data: number[][] }>()
    assert.deepEqual(most.data, [Array(10_000).fill(0)])
    // Not even a part of one more.
    assert.equal((await asked(10_000.001)).statusCode, 400)
  })

  it('takes its own window back, with the steps that HQ reckons', async () => {
    const space = memory.newSpace()
    const one = { globalAgentId: `${space}|s|a`, propertyId: 'long_property_n', aggregate: 'count' }
    const ask = (window: object) =>
      memory.read(space, '/time-series', { definitions: [{ ...one, timeWindow: window }] })
    const first = await ask(timeWindow)
    assert.equal(await ask(JSON.parse(first).timeWindow), first)
  })
})

describe('A download of Logspace', () => {
  const timeWindow = { start: '2032-07-01T00:00:00Z', end: '2032-07-02T00:00:00Z', gap: 60 }
  const wanted = (space: string) => ({
    definitions: [
      {
        timeWindow,
        globalAgentId: `${space}|s|a`,
        propertyId: 'long_property_n',
        aggregate: 'sum',
      },
    ],
  })

  it('is a file of that name', async () => {
    const space = memory.newSpace()
    const { headers, statusCode } = await memory.ask({
      path: '/download',
      key: `r:${space}`,
      body: wanted(space),
    })
    assert.equal(statusCode, 200)
    assert.equal(headers['content-type'], 'text/csv;charset=UTF-8')
    assert.equal(headers['content-disposition'], 'attachment; filename=Events.csv')
  })

  const whole: readonly (readonly [
    name: string,
    properties: string,
    column: string,
    cell: string,
  ])[] = [
    ['a property with an empty name', '"string-properties":{"":"x"}', 'string_property_', 'x'],
    [
      'longs to the last digit',
      '"long-properties":{"l":[9007199254740993,9223372036854775807]}',
      'long_property_l',
      '[9007199254740993,9223372036854775807]',
    ],
    [
      'null that was taken as a string',
      '"string-properties":{"s":null}',
      'string_property_s',
      'null',
    ],
    [
      'a number that was taken as a string',
      '"string-properties":{"s":12}',
      'string_property_s',
      '12',
    ],
    [
      'names that are words of JavaScript',
      '"string-properties":{"__proto__":"x"}',
      'string_property___proto__',
      'x',
    ],
  ]
  for (const [name, properties, column, cell] of whole) {
    it(`has ${name}`, async () => {
      const space = memory.newSpace()
      const more = properties.startsWith('"long')
        ? properties.replace('{', '{"n":1,')
        : `"long-properties":{"n":1},${properties}`
      await memory.put(
        space,
        `[{"id":"1","system":"s","agent-id":"a","timestamp":"2032-07-01T00:00:00.000Z",${more}}]`,
      )
      const [names, line] = parseCsv(await memory.read(space, '/download', wanted(space)))
      assert.equal(line![names!.indexOf(column)], cell)
    })
  }

  it('has more events than a page', async () => {
    const space = memory.newSpace()
    const ids = Array.from({ length: 2345 }, (_, n) => `e${n}`)
    const event = (id: string): ModelEvent => ({
      id,
      system: 's',
      agent: 'a',
      ms: startMs,
      properties: [{ type: 'long', name: 'n', values: [1n] }],
    })
    await memory.put(space, `[${ids.map((id) => spell(event(id))).join()}]`)
    const [, ...lines] = parseCsv(await memory.read(space, '/download', wanted(space)))
    assert.deepEqual(lines.map(([id]) => id).toSorted(), ids.toSorted())
  })
})

describe('The activity of Logspace’s agents', () => {
  // Stretches of three days: an event in the middle of one is far from where the clock decides.
  const [durationSeconds, steps] = [2_592_000, 10]
  const stepMs = (durationSeconds * 1000) / steps
  const sorts = ['count desc', 'count asc', 'index asc', 'index desc'] as const
  const sentEvents = fc.array(
    fc.record({
      system: fc.constantFrom('h1', 'h2', 'h|3'),
      agent: fc.constantFrom('a', 'b/1'),
      step: fc.integer({ min: -1, max: steps }),
    }),
    { maxLength: 60 },
  )
  const paging = fc.record({
    start: fc.nat(6),
    count: fc.integer({ min: 1, max: 8 }),
    sort: fc.constantFrom(...sorts),
  })

  for (const [name, desk, numRuns] of [
    ['in memory', memory, 200],
    ['on disk', disk, 20],
  ] as const) {
    it(`is what a plain count says, ${name}`, async () => {
      await fc.assert(
        fc.asyncProperty(sentEvents, paging, async (list, { start, count, sort }) => {
          const space = desk.newSpace()
          const begin = Date.now() - durationSeconds * 1000
          // Before the first stretch, in each of them, and after now.
          const all = list.map(({ system, agent, step }, index): ModelEvent => ({
            id: `e${index}`,
            system,
            agent,
            ms: Math.round(begin + (step + 0.5) * stepMs),
            properties: [],
          }))
          await desk.put(space, upload(all))
          const answer = await desk.ask({
            method: 'GET',
            key: `r:${space}`,
            path: `/agent-activity?start=${start}&count=${count}&duration=${durationSeconds}&steps=${steps}&sort=${encodeURIComponent(sort)}`,
          })
          const histories = new Map<string, number[]>()
          for (const { system, agent, step } of list) {
            if (step < 0 || step >= steps) continue
            const id = `${space}|${system}|${agent}`
            const history = histories.get(id) ?? Array<number>(steps).fill(0)
            history[step]! += 1
            histories.set(id, history)
          }
          const found = [...histories].map(([globalAgentId, history]) => ({
            globalAgentId,
            eventCount: history.reduce((one, other) => one + other, 0),
            history,
          }))
          found.sort((one, other) => (one.globalAgentId < other.globalAgentId ? -1 : 1))
          if (sort === 'index desc') found.reverse()
          if (sort === 'count asc') found.sort((one, other) => one.eventCount - other.eventCount)
          if (sort === 'count desc') found.sort((one, other) => other.eventCount - one.eventCount)
          const agentActivities = found.slice(start, start + count)
          assert.deepEqual(answer.json(), {
            offset: start,
            totalCount: found.length,
            maxHistoryValue: Math.max(0, ...agentActivities.flatMap(({ history }) => history)),
            agentActivities,
          })
        }),
        { numRuns },
      )
    })
  }

  it('is told of a thousand agents in a thousand steps', async () => {
    const space = memory.newSpace()
    const ms = Date.now() - 1_296_000_000
    const all = Array.from({ length: 1000 }, (_, n): ModelEvent => ({
      id: `e${n}`,
      system: 's',
      agent: `a${n}`,
      ms,
      properties: [],
    }))
    await memory.put(space, upload(all))
    const answer = await memory.ask({
      method: 'GET',
      key: `r:${space}`,
      path: '/agent-activity?count=1000&duration=2592000&steps=1000',
    })
    assert.equal(answer.statusCode, 200, answer.body.slice(0, 300))
    const { totalCount, maxHistoryValue } = answer.json<{
      totalCount: number
      maxHistoryValue: number
    }>()
    assert.deepEqual([totalCount, maxHistoryValue], [1000, 1])
  })
})
