import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { readJson } from '../../core/json/json.ts'
import { decodeEvents } from './decode.ts'
import { parseAgentJson } from './json.ts'

const head = '"id":"1","type":"os/cpu","system":"h","agent-id":"os/cpu"'
const seconds = `${head},"timestamp":"2015-05-18T14:07:00Z"`
const milliseconds = `${head},"timestamp":"2015-05-18T14:07:00.000Z"`

function dataOf(event: string): unknown {
  return JSON.parse(decodeEvents(`[{${event}}]`)[0]!.data!)
}

describe('logspace decode', () => {
  const dialects = [
    [
      'A: seconds and scalars',
      `${seconds},"integer-properties":{"n":4}`,
      { 'integer-properties': { n: 4 } },
    ],
    [
      'B: milliseconds, a repeated name',
      `${milliseconds},"string-properties":{"tag":"a","tag":"b"}`,
      { 'string-properties': { tag: ['a', 'b'] } },
    ],
    [
      'C: arrays, a marker',
      `${milliseconds},"marker":"blue","integer-properties":{"n":[4]},"string-properties":{"tag":["a"],"tag":["b","c"]}`,
      {
        marker: 'blue',
        'integer-properties': { n: [4] },
        'string-properties': { tag: ['a', 'b', 'c'] },
      },
    ],
    [
      'one map given twice',
      `${milliseconds},"long-properties":{"a":1},"long-properties":{"b":2,"a":3}`,
      { 'long-properties': { a: [1, 3], b: 2 } },
    ],
    [
      'numbers that are none',
      `${seconds},"double-properties":{"x":NaN,"y":[Infinity,-Infinity],"z":"NaN","w":1.5E-9}`,
      { 'double-properties': { x: 'NaN', y: ['Infinity', '-Infinity'], z: 'NaN', w: 1.5e-9 } },
    ],
  ] as const
  for (const [name, event, expected] of dialects) {
    it(`reads ${name}`, () => {
      const { id, type, system, timestamp, ...rest } = dataOf(event) as Record<string, unknown>
      assert.ok(id && type && system && timestamp)
      assert.deepEqual({ ...rest, 'agent-id': undefined }, { ...expected, 'agent-id': undefined })
    })
  }

  it('keeps 64-bit longs to the last digit', () => {
    const [event] = decodeEvents(`[{${seconds},"long-properties":{"n":[-9223372036854775808]}}]`)
    assert.match(event!.data!, /"n":\[-9223372036854775808\]/)
  })

  it('finds the event by the vendor’s stored names', () => {
    const [event] = decodeEvents(
      `[{"timestamp":"2015-05-18T14:07:00.5Z",${head},"pid":"p","gid":"g"}]`,
    )
    const { data, ...found } = event!
    assert.ok(data)
    assert.deepEqual(found, {
      source: 'logspace',
      id: '1',
      type: 'os/cpu',
      time: '2015-05-18T14:07:00.5Z',
      facets: {
        system: 'h',
        agent_id: 'os/cpu',
        global_agent_id: 'h|os/cpu',
        parent_id: 'p',
        global_id: 'g',
      },
    })
  })

  it('takes an event without a type, and fields it does not know', () => {
    const [event] = decodeEvents(
      '[{"x-new":{"a":null},"id":"1","system":"h","agent-id":"a","timestamp":"2015-05-18T14:07:00Z","type":null}]',
    )
    assert.equal(event!.type, 'event')
    assert.deepEqual(JSON.parse(event!.data!)['x-new'], { a: null })
  })

  it('takes an empty array', () => {
    assert.deepEqual(decodeEvents(' [ ] '), [])
  })

  const refused = [
    ['an empty body', '', 'invalid_json', undefined],
    ['an object', '{}', 'invalid_event', undefined],
    ['an empty event', '[{}]', 'invalid_event', 'timestamp'],
    ['a trailing comma', `[{${seconds}},]`, 'invalid_json', undefined],
    ['more after the end', `[{${seconds}}] x`, 'invalid_json', undefined],
    ['a string that does not end', '[{"id":"', 'invalid_json', undefined],
    ['a control character', '["a\u0001"]', 'invalid_json', undefined],
    ['a number with a leading zero', '[01]', 'invalid_json', undefined],
    ['a word that is none', '[nul]', 'invalid_json', undefined],
    ['an id that is a number', `[{${seconds.replace('"1"', '1')}}]`, 'invalid_event', 'id'],
    ['no system', `[{${seconds.replace('system', 'sys')}}]`, 'invalid_event', 'system'],
    ['no agent-id', `[{${seconds.replace('agent-id', 'agent')}}]`, 'invalid_event', 'agent-id'],
    [
      'a time that cannot be',
      // One like 2015-13-45 rolls over, as in HQ's own reader; past the last year there is none.
      `[{${seconds.replace('2015-05-18', '9999-13-45')}}]`,
      'invalid_event',
      'timestamp',
    ],
    [
      'a map that is none',
      `[{${seconds},"long-properties":7}]`,
      'invalid_event',
      'long-properties',
    ],
    [
      'text in a numeric map',
      `[{${seconds},"integer-properties":{"n":[1,"2"]}}]`,
      'invalid_event',
      'integer-properties.n',
    ],
    [
      'a date that is none',
      `[{${seconds},"date-properties":{"d":"soon"}}]`,
      'invalid_event',
      'date-properties.d',
    ],
    ['nesting without end', '['.repeat(100_000), 'invalid_json', undefined],
  ] as const
  for (const [name, body, code, field] of refused) {
    it(`refuses ${name}`, () => {
      assert.throws(
        () => decodeEvents(body),
        (error: { code: string; place: { field?: string } }) => {
          assert.deepEqual([error.code, error.place.field], [code, field])
          return true
        },
      )
    })
  }
})

describe('agent JSON', () => {
  it('reads any JSON as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        assert.equal(JSON.stringify(parseAgentJson(text)), JSON.stringify(value))
      }),
    )
  })

  it('refuses what JSON.parse refuses, and reads all else alike', () => {
    const broken = fc
      .tuple(fc.jsonValue({ maxDepth: 3 }), fc.nat(), fc.constantFrom('', ',', '"', '}', '\\', '0'))
      .map(([value, at, other]) => {
        const text = JSON.stringify(value)
        const place = at % (text.length + 1)
        return text.slice(0, place) + other + text.slice(place + 1)
      })
    fc.assert(
      fc.property(broken, (text) => {
        let expected: unknown
        try {
          expected = readJson(text)
        } catch {
          assert.throws(() => parseAgentJson(text), { code: 'invalid_json' }, text)
          return
        }
        // Names that the change made equal are joined here and overwritten there.
        if (!/"(.*)".*"\1":/.test(text)) {
          // Numbers keep their spelling here.
          const again = readJson(JSON.stringify(parseAgentJson(text)))
          assert.equal(JSON.stringify(again), JSON.stringify(expected))
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('joins a name that is repeated a hundred thousand times', () => {
    const body = `{${Array.from({ length: 100_000 }, (_, index) => `"x":${index}`).join(',')}}`
    assert.equal((parseAgentJson(body) as { x: number[] }).x.length, 100_000)
  })

  it('says where the fault lies', () => {
    assert.throws(() => parseAgentJson('[\n  {"a": }\n]'), { message: /Line 2, column 9/ })
  })
})
