import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { bodiesOf } from './batches.ts'
import { decodeEvent } from './decode.ts'
import { spellingOf, type LogspaceDialect } from './dialect.ts'
import { encodeEvent } from './encode.ts'
import type { LogspaceEvent, LogspaceProperties } from './event.ts'

const head = {
  id: '7',
  type: 'os/cpu',
  system: 'pear',
  agentId: 'os/cpu',
  timestamp: new Date('2015-05-18T14:07:00.120Z'),
} as const
const wireHead = '"id":"7","type":"os/cpu","system":"pear","agent-id":"os/cpu"'

const full: LogspaceEvent = {
  ...head,
  parentId: '6',
  globalId: '5',
  marker: 'blue',
  properties: {
    strings: { tag: ['a', '🍐'], quote: '"' },
    longs: { most: 2n ** 63n - 1n, some: 5, odd: 9007199254740993n },
    integers: { n: [4, -2147483648] },
    floats: { f: 0.5 },
    doubles: { d: [1.5e-9, NaN, -Infinity], zero: -0 },
    dates: { at: new Date('2015-05-18T14:07:00Z') },
    booleans: { b: true },
  },
}

const spelled: Readonly<Record<LogspaceDialect, string>> = {
  '0.2':
    `{${wireHead},"timestamp":"2015-05-18T14:07:00Z","pid":"6","gid":"5","marker":"blue",` +
    `"boolean-properties":{"b":true},"date-properties":{"at":"2015-05-18T14:07:00Z"},` +
    `"double-properties":{"d":1.5e-9,"d":"NaN","d":"-Infinity","zero":-0.0},"float-properties":{"f":0.5},` +
    `"integer-properties":{"n":4,"n":-2147483648},` +
    `"long-properties":{"most":9223372036854775807,"some":5,"odd":9007199254740993},` +
    `"string-properties":{"tag":"a","tag":"🍐","quote":"\\""}}`,
  documented:
    `{${wireHead},"timestamp":"2015-05-18T14:07:00.120Z","pid":"6","gid":"5","marker":"blue",` +
    `"boolean-properties":{"b":true},"date-properties":{"at":"2015-05-18T14:07:00Z"},` +
    `"double-properties":{"d":1.5e-9,"d":NaN,"d":-Infinity,"zero":-0.0},"float-properties":{"f":0.5},` +
    `"integer-properties":{"n":4,"n":-2147483648},` +
    `"long-properties":{"most":9223372036854775807,"some":5,"odd":9007199254740993},` +
    `"string-properties":{"tag":"a","tag":"🍐","quote":"\\""}}`,
  '0.3':
    `{${wireHead},"timestamp":"2015-05-18T14:07:00.120Z","pid":"6","gid":"5","marker":"blue",` +
    `"boolean-properties":{"b":[true]},"date-properties":{"at":["2015-05-18T14:07:00.000Z"]},` +
    `"double-properties":{"d":[1.5e-9,NaN,-Infinity],"zero":[-0.0]},"float-properties":{"f":[0.5]},` +
    `"integer-properties":{"n":[4,-2147483648]},` +
    `"long-properties":{"most":[9223372036854775807],"some":[5],"odd":[9007199254740993]},` +
    `"string-properties":{"tag":["a","🍐"],"quote":["\\""]}}`,
  '0.4': '',
}

describe('Encoding', () => {
  for (const dialect of ['0.2', 'documented', '0.3'] as const) {
    it(`spells every type of property as ${dialect} does`, () => {
      assert.equal(encodeEvent(full, dialect), spelled[dialect])
    })
  }

  it('spells as 0.3 by default, and 0.4 likewise', () => {
    assert.equal(encodeEvent(full), spelled['0.3'])
    assert.equal(encodeEvent(full, '0.4'), spelled['0.3'])
  })

  it('makes the sample of the Event API’s page', () => {
    const file = new URL('../../../server/test/clients/logspace-request.json', import.meta.url)
    const timestamp = new Date('2015-05-18T14:07:00Z')
    const events: LogspaceEvent[] = [
      {
        id: 'bbcca991-1070-4325-b719-dc9014816a2e',
        type: 'os/cpu',
        system: 'localhost',
        agentId: 'os/cpu',
        timestamp,
        properties: {
          integers: { processor_count: 4 },
          doubles: { system_cpu_load: 0.44324237001029815 },
        },
      },
      {
        id: 'a00f812e-ea08-4d38-9ce0-fa5973f0d411',
        type: 'os/memory',
        system: 'localhost',
        agentId: 'os/memory',
        timestamp,
        properties: {
          longs: {
            total_memory: 16490561536n,
            free_memory: 2074169344n,
            used_memory: 14416392192n,
            committed_virtual_memory: 5659140096n,
          },
        },
      },
    ]
    const page = JSON.stringify(JSON.parse(readFileSync(file, 'utf8')))
    for (const dialect of ['0.2', 'documented'] as const) {
      assert.deepEqual(bodiesOf(events, spellingOf(dialect)), [page])
    }
  })

  it('leaves out what is undefined, empty maps and properties without a value', () => {
    const properties = { strings: { s: undefined, t: [] }, longs: {}, dates: undefined }
    // The types forbid properties without a value; callers in JavaScript have them.
    const event = { ...head, type: undefined, properties } as unknown as LogspaceEvent
    const want = `{${wireHead.replace('"type":"os/cpu",', '')},"timestamp":"2015-05-18T14:07:00.120Z"}`
    assert.equal(encodeEvent(event), want)
  })

  it('takes the greatest float as Java spells it', () => {
    const event = decodeEvent(
      `{${wireHead},"timestamp":"2015-05-18T14:07:00Z","float-properties":{"f":[3.4028235E38]}}`,
    )
    assert.match(encodeEvent(event), /"f":\[3\.4028235e\+38\]/)
  })

  it('takes maps that have no prototype', () => {
    const longs = Object.assign(Object.create(null) as object, { n: 1n })
    assert.match(encodeEvent(withProperties({ longs })), /"long-properties":{"n":\[1\]}/)
  })
})

const withProperties = (properties: unknown) => ({ ...head, properties }) as LogspaceEvent
const refused: readonly [what: string, event: unknown, error: RegExp][] = [
  [
    'an integer of 33 bits',
    withProperties({ integers: { n: 2 ** 31 } }),
    /^RangeError: event\.properties\.integers\["n"\] is 2147483648, which 32 bits do not hold/,
  ],
  [
    'a fraction',
    withProperties({ integers: { n: [1, 1.5] } }),
    /^RangeError: .*integers\["n"\] is 1.5/,
  ],
  ['a bigint as an integer', withProperties({ integers: { n: 1n } }), /^TypeError: .*integers/],
  [
    'a rounded long',
    withProperties({ longs: { n: 2 ** 53 } }),
    /^RangeError: .*longs\["n"\].*give it as a bigint/,
  ],
  [
    'a long of 65 bits',
    withProperties({ longs: { n: 2n ** 63n } }),
    /^RangeError: .*longs\["n"\] is 9223372036854775808/,
  ],
  [
    'a long below them',
    withProperties({ longs: { n: -(2n ** 63n) - 1n } }),
    /^RangeError: .*64 bits/,
  ],
  ['NaN as a long', withProperties({ longs: { n: NaN } }), /^RangeError: .*longs/],
  ['a float of 64 bits', withProperties({ floats: { n: 1e39 } }), /^RangeError: .*floats\["n"\]/],
  ['a text as a double', withProperties({ doubles: { n: '1' } }), /^TypeError: .*doubles\["n"\]/],
  ['a text as a date', withProperties({ dates: { n: '2015' } }), /^TypeError: .*dates\["n"\]/],
  [
    'an invalid date',
    withProperties({ dates: { n: new Date(NaN) } }),
    /^RangeError: .*dates\["n"\] is a Date that is no time/,
  ],
  [
    'a date of the year 0',
    withProperties({ dates: { n: new Date('0000-12-31T23:59:59.999Z') } }),
    /^RangeError: .*\["n"\] is in no year from 1 to 9999/,
  ],
  [
    'a date of five digits',
    { ...head, timestamp: new Date(Date.UTC(10_000, 0, 1)) },
    /^RangeError: event\.timestamp is in no year from 1 to 9999/,
  ],
  [
    'a number as a boolean',
    withProperties({ booleans: { n: 1 } }),
    /^TypeError: .*booleans\["n"\]/,
  ],
  [
    'null as a text',
    withProperties({ strings: { n: null } }),
    /^TypeError: .*strings\["n"\] must be a string, not null/,
  ],
  ['half a character', withProperties({ strings: { n: 'a\ud800' } }), /^RangeError: .*surrogate/],
  [
    'half a character in a name',
    withProperties({ strings: { 'a\udc00': '' } }),
    /^RangeError: .*surrogate/,
  ],
  [
    'a map that is none',
    withProperties({ strings: ['a'] }),
    /^TypeError: .*properties\.strings must be a plain object/,
  ],
  [
    'a Map as a map',
    withProperties({ longs: new Map([['n', 1n]]) }),
    /^TypeError: event\.properties\.longs must be a plain object/,
  ],
  ['a Map of maps', withProperties(new Map([['longs', {}]])), /^TypeError: event\.properties must/],
  ['a float that rounds to none', withProperties({ floats: { n: 3.4028236e38 } }), /^RangeError/],
  ['a map of no type', withProperties({ numbers: {} }), /^TypeError: .*"numbers"/],
  ['a field that there is not', { ...head, agent: 'x' }, /^TypeError: .*"agent"/],
  ['what was read beyond the fields', { ...head, extra: { space: 'x' } }, /^TypeError: .*"extra"/],
  ['no id', { ...head, id: undefined }, /^TypeError: event\.id must be a string, not undefined/],
  ['an empty id', { ...head, id: '' }, /^RangeError: event\.id must not be empty/],
  ['no system', { ...head, system: undefined }, /^TypeError: event\.system/],
  ['no agent', { ...head, agentId: undefined }, /^TypeError: event\.agentId/],
  ['no time', { ...head, timestamp: undefined }, /^TypeError: event\.timestamp/],
  ['no event', null, /^TypeError: event must be an object/],
]

describe('Refused before it is sent', () => {
  for (const [what, event, error] of refused) {
    it(what, () => assert.throws(() => encodeEvent(event as LogspaceEvent), error))
  }

  it('a dialect that there is not', () => {
    assert.throws(() => encodeEvent(head, '0.5' as LogspaceDialect), /^RangeError: dialect/)
  })
})

describe('Batches', () => {
  const many = (length: number, more: Partial<LogspaceEvent> = {}) =>
    Array.from({ length }, (_, n): LogspaceEvent => ({ ...head, id: `e-${n}`, ...more }))
  const idsOf = (body: string) => (JSON.parse(body) as { id: string }[]).map(({ id }) => id)

  for (const [length, sizes] of [
    [0, []],
    [1, [1]],
    [1000, [1000]],
    [1001, [1000, 1]],
    [2501, [1000, 1000, 501]],
  ] as const) {
    it(`of ${length} events`, () => {
      const bodies = bodiesOf(many(length), spellingOf('0.3'))
      assert.deepEqual(
        bodies.map((body) => idsOf(body).length),
        sizes,
      )
      assert.deepEqual(
        bodies.flatMap(idsOf),
        many(length).map(({ id }) => id),
      )
    })
  }

  it('are cut at 8 Mi characters, too; a longer event is alone', () => {
    const large = many(5, { properties: { strings: { s: 'x'.repeat(3 * 1024 * 1024) } } })
    const huge = many(1, { properties: { strings: { s: 'x'.repeat(9 * 1024 * 1024) } } })
    const bodies = bodiesOf([...large, ...huge, ...many(1)], spellingOf('0.3'))
    assert.deepEqual(
      bodies.map((body) => idsOf(body).length),
      [2, 2, 1, 1, 1],
    )
  })

  it('an event that cannot be sent is named by its place', () => {
    const events = [head, { ...head, id: '' }]
    assert.throws(() => bodiesOf(events, spellingOf('0.3')), /events\[1\]\.id must not be empty/)
  })
})

describe('Whatever an event holds', () => {
  const text = fc.string({ unit: 'binary', maxLength: 20 })
  const name = fc.oneof(text, fc.constantFrom('__proto__', 'constructor', '1', ''))
  const mapOf = <T>(value: fc.Arbitrary<T>) =>
    fc.option(fc.dictionary(name, fc.oneof(value, fc.array(value, { maxLength: 3 }))), {
      nil: undefined,
    })
  const date = fc.date({
    min: new Date('0001-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  })
  const event: fc.Arbitrary<LogspaceEvent> = fc.record(
    {
      id: text.filter((id) => id !== ''),
      type: text,
      system: text,
      agentId: text,
      timestamp: date,
      parentId: text,
      globalId: text,
      marker: text,
      properties: fc.record({
        booleans: mapOf(fc.boolean()),
        dates: mapOf(date),
        doubles: mapOf(fc.double()),
        floats: mapOf(fc.float()),
        integers: mapOf(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
        longs: mapOf(
          fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.maxSafeInteger()),
        ),
        strings: mapOf(text),
      }),
    },
    { requiredKeys: ['id', 'system', 'agentId', 'timestamp'] },
  )

  for (const dialect of ['documented', '0.3', '0.4'] as const) {
    it(`comes back as it was, by ${dialect}`, () => {
      fc.assert(
        fc.property(event, (one) => {
          assert.deepEqual(decodeEvent(encodeEvent(one, dialect)), normal(one))
        }),
      )
    })
  }

  it('is the same, spelled again after it was read', () => {
    fc.assert(
      fc.property(event, (one) => {
        const text = encodeEvent(one)
        assert.equal(encodeEvent(decodeEvent(text)), text)
      }),
    )
  })

  it('is JSON, but for special numbers', () => {
    fc.assert(
      fc.property(event, ({ properties, ...rest }) => {
        const strict = { ...properties, doubles: undefined, floats: undefined }
        JSON.parse(encodeEvent({ ...rest, properties: strict }))
      }),
    )
  })
})

/** An event as it must be read: arrays everywhere, longs as bigint, properties without a value left out. */
function normal({ properties = {}, ...rest }: LogspaceEvent): object {
  const maps = ['booleans', 'dates', 'doubles', 'floats', 'integers', 'longs', 'strings'] as const
  const read = maps.map((map) => {
    const given: NonNullable<LogspaceProperties[typeof map]> = properties[map] ?? {}
    const members = Object.entries(given)
      .map(([name, value]): [string, unknown[]] => [name, [value].flat() as unknown[]])
      .filter(([, values]) => values.length > 0)
      .map(([name, values]) => [
        name,
        map === 'longs' ? values.map((n) => BigInt(n as number)) : values,
      ])
    return [map, Object.fromEntries(members)]
  })
  const fields = Object.entries(rest).filter(([, value]) => value !== undefined)
  return { ...Object.fromEntries(fields), properties: Object.fromEntries(read) }
}
