import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { decodeEvent } from './decode.ts'
import type {
  LogspaceEvent,
  LogspaceProperties,
  PropertyType,
  StoredLogspaceEvent,
  StoredProperties,
} from './event.ts'
import { ArraySplitter } from './split-array.ts'

const head = '"id":"7","system":"pear","agent-id":"a","timestamp":"2015-05-18T14:07:00.000Z"'
const none = {
  booleans: {},
  dates: {},
  doubles: {},
  floats: {},
  integers: {},
  longs: {},
  strings: {},
}
const read = {
  id: '7',
  system: 'pear',
  agentId: 'a',
  timestamp: new Date('2015-05-18T14:07:00Z'),
}

/** `true` when two types are the same, `false` otherwise. */
type Equal<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false
type RequiredOf<T> = { [Name in keyof T]-?: undefined extends T[Name] ? never : Name }[keyof T]
const holds = <Claim extends true>(claim: Claim): void => assert.ok(claim)

it('The types: what is needed, and what is read', () => {
  holds<Equal<RequiredOf<LogspaceEvent>, 'id' | 'system' | 'agentId' | 'timestamp'>>(true)
  holds<Equal<RequiredOf<LogspaceProperties>, never>>(true)
  holds<Equal<StoredProperties['longs'], Readonly<Record<string, readonly bigint[]>>>>(true)
  holds<StoredLogspaceEvent extends LogspaceEvent ? true : false>(true)
  holds<Equal<`${PropertyType}s`, keyof LogspaceProperties>>(true)
  holds<Equal<keyof StoredProperties, keyof LogspaceProperties>>(true)
})

describe('Reading an event', () => {
  const cases: [what: string, members: string, want: object][] = [
    ['with the required fields alone', '', { properties: none }],
    [
      'with all others',
      '"pid":"6","gid":"5","marker":"m","type":"t"',
      { type: 't', parentId: '6', globalId: '5', marker: 'm', properties: none },
    ],
    ['with nulls', '"type":null,"pid":null,"long-properties":null', { properties: none }],
    [
      'with bare values and arrays',
      '"long-properties":{"a":1,"b":[2,9007199254740993]}',
      { properties: { ...none, longs: { a: [1n], b: [2n, 9007199254740993n] } } },
    ],
    [
      'with a name and a map that come again',
      '"string-properties":{"t":"a","t":"b"},"string-properties":{"t":["c"],"u":"d"}',
      { properties: { ...none, strings: { t: ['a', 'b', 'c'], u: ['d'] } } },
    ],
    [
      'with special numbers, bare and in quotes',
      '"double-properties":{"a":[NaN,"NaN",-Infinity]},"float-properties":{"b":"Infinity"}',
      { properties: { ...none, doubles: { a: [NaN, NaN, -Infinity] }, floats: { b: [Infinity] } } },
    ],
    [
      'with a whole double of many digits',
      '"double-properties":{"a":12345678901234567890}',
      { properties: { ...none, doubles: { a: [Number('12345678901234567890')] } } },
    ],
    [
      'with dates as HQ and Java spell them',
      '"date-properties":{"a":["2015-05-18T14:07:00Z","2015-05-18T14:07:00.000+0000","12345-01-01T00:00:00.000Z"]}',
      {
        properties: {
          ...none,
          dates: { a: [read.timestamp, read.timestamp, new Date(Date.UTC(12345, 0, 1))] },
        },
      },
    ],
    [
      'with what Logspace does not know',
      '"space":"development","numbers":{"n":1}',
      { properties: none, extra: { space: 'development', numbers: { n: 1 } } },
    ],
    [
      'with numbers of too many bits',
      '"integer-properties":{"n":-2147483648,"x":2147483648,"y":[1,-2147483649],"z":5000000000000000000000},' +
        '"long-properties":{"n":[-9223372036854775808],"x":9223372036854775808},' +
        '"float-properties":{"n":3.4028235E38,"x":1E39}',
      {
        properties: {
          ...none,
          integers: { n: [-2147483648] },
          longs: { n: [-(2n ** 63n)] },
          floats: { n: [3.4028235e38] },
        },
        extra: {
          'integer-properties': { x: 2147483648, y: [1, -2147483649], z: 5n * 10n ** 21n },
          'long-properties': { x: 2n ** 63n },
          'float-properties': { x: 1e39 },
        },
      },
    ],
    [
      'with values of a wrong type',
      '"type":5,"integer-properties":{"n":4,"x":1.5,"y":"1"},"boolean-properties":[true]',
      {
        properties: { ...none, integers: { n: [4] } },
        extra: {
          type: 5,
          'integer-properties': { x: 1.5, y: '1' },
          'boolean-properties': [true],
        },
      },
    ],
  ]
  for (const text of ['1', 'soon 5', '', '2015-02-30T00:00:00Z', '292278994-08-17T07:12:55.807Z']) {
    const wire = { ok: ['2015-05-18T14:07:00'], odd: [text, '2015-05-18'] }
    cases.push([
      `with a date that is none: ${JSON.stringify(text)}`,
      `"date-properties":${JSON.stringify(wire)}`,
      {
        properties: { ...none, dates: { ok: [read.timestamp] } },
        extra: { 'date-properties': { odd: wire.odd } },
      },
    ])
  }
  for (const [what, members, want] of cases) {
    it(what, () => {
      const text = `{${members === '' ? '' : `${members},`}${head}}`
      assert.deepEqual(decodeEvent(text), { ...read, ...want })
    })
  }

  for (const [what, text, error] of [
    ['no JSON', '{', SyntaxError],
    ['an array', '[]', TypeError],
    ['no id', `{${head.replace('"id":"7",', '')}}`, TypeError],
    ['a number as id', `{${head.replace('"7"', '7')}}`, TypeError],
    [
      'a timestamp that is none',
      `{${head.replace(/"2015.*"/, '"yesterday"')}}`,
      /event has a timestamp.*"yesterday"/,
    ],
    ['a timestamp of a day that is none', `{${head.replace('05-18', '02-30')}}`, TypeError],
    ['no timestamp', '{"id":"7","system":"pear","agent-id":"a"}', TypeError],
  ] as const) {
    it(`refuses ${what}`, () => assert.throws(() => decodeEvent(text), error))
  }

  it('keeps whatever else an event has', () => {
    const known = /^(id|type|system|agent-id|timestamp|pid|gid|marker|[a-z]+-properties)$/
    const name = fc.oneof(fc.string(), fc.constant('__proto__')).filter((one) => !known.test(one))
    const rest = fc.dictionary(name, fc.oneof(fc.string(), fc.boolean(), fc.integer()))
    fc.assert(
      fc.property(rest, (extra) => {
        const text = `{${[head, ...Object.entries(extra).map((one) => one.map((part) => JSON.stringify(part)).join(':'))].join(',')}}`
        const { extra: found = {} } = decodeEvent(text)
        assert.deepEqual(Object.entries(found).toSorted(), Object.entries(extra).toSorted())
      }),
    )
  })
})

describe('An array that comes in pieces', () => {
  it('gives its elements, wherever it is cut', () => {
    const element = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.string({ unit: fc.constantFrom(...'"\\[]{},: x') }),
    )
    fc.assert(
      fc.property(
        fc.array(element),
        fc.array(fc.nat()),
        fc.constantFrom(undefined, 1),
        (list, cuts, indent) => {
          const text = ` ${JSON.stringify(list, null, indent)}\n`
          const places = [...new Set(cuts.map((cut) => cut % text.length))].toSorted(
            (a, b) => a - b,
          )
          const splitter = new ArraySplitter()
          const found: string[] = []
          let from = 0
          for (const to of [...places, text.length]) {
            assert.equal(splitter.isDone && text.slice(from).trim() !== '', false)
            found.push(...splitter.push(text.slice(from, to)))
            from = to
          }
          assert.ok(splitter.isDone)
          assert.deepEqual(
            found.map((one) => JSON.parse(one)),
            JSON.parse(JSON.stringify(list)),
          )
        },
      ),
    )
  })

  for (const text of ['{}', '[1]]', '[1] x', 'null', '<html>']) {
    it(`refuses ${text}`, () => assert.throws(() => new ArraySplitter().push(text), SyntaxError))
  }

  it('has an element that is none behind each comma too many', () => {
    assert.deepEqual(new ArraySplitter().push('[1,]'), ['1', ''])
    assert.deepEqual(new ArraySplitter().push('[,1]'), ['', '1'])
    assert.deepEqual(new ArraySplitter().push('[ ]'), [])
  })

  it('has not ended before its bracket', () => {
    const splitter = new ArraySplitter()
    assert.deepEqual(splitter.push('[{"a":"]"},{'), ['{"a":"]"}'])
    assert.equal(splitter.isDone, false)
  })

  it('may have no element beyond 32 Mi characters', () => {
    const splitter = new ArraySplitter()
    splitter.push('["')
    const mebi = 'x'.repeat(1024 * 1024)
    for (let pieces = 0; pieces < 31; pieces += 1) splitter.push(mebi)
    assert.throws(() => splitter.push(mebi + mebi), RangeError)
  })
})
