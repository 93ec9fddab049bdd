import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { readJson } from './read-json.ts'

describe('Reading JSON', () => {
  it('is what JSON.parse does, where numbers are not rounded', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(undefined, 2), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), null, indent)
        assert.deepEqual(readJson(text), exact(JSON.parse(text)))
      }),
    )
  })

  it('keeps every digit of a whole number', () => {
    fc.assert(
      fc.property(fc.bigInt(), (whole) => {
        const read = readJson(`{"n":[${whole}]}`) as { n: [number | bigint] }
        assert.equal(BigInt(read.n[0]), whole)
        assert.equal(typeof read.n[0] === 'number', Number.isSafeInteger(Number(whole)))
      }),
    )
  })

  it('refuses what JSON.parse refuses', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:\\ 01.eE+-tn') }), (text) => {
        let isJson = true
        try {
          JSON.parse(text)
        } catch {
          isJson = false
        }
        // Names may come again, to which `joined` gives arrays; whether it is JSON is what counts here.
        if (isJson) assert.doesNotThrow(() => readJson(text))
        else assert.throws(() => readJson(text), SyntaxError)
      }),
      { numRuns: 2000 },
    )
  })

  for (const [text, want] of [
    ['[NaN,Infinity,-Infinity]', [NaN, Infinity, -Infinity]],
    ['{"a":1,"a":2,"a":3}', { a: [1, 2, 3] }],
    ['{"a":[1],"a":[2,3]}', { a: [1, 2, 3] }],
    ['{"m":{"a":1},"m":{"a":2,"b":3}}', { m: { a: [1, 2], b: 3 } }],
    [' "\\u00fc\\\\" ', 'ü\\'],
    ['-0', -0],
    ['1e400', Infinity],
    ['123456789012345678901234567890', 123456789012345678901234567890n],
  ] as const) {
    it(text, () => assert.deepEqual(readJson(text), want))
  }

  for (const text of [
    '',
    '[1,]',
    '{"a":1,}',
    '[1 2]',
    '01',
    '1.',
    '"',
    '"\\',
    "{'a':1}",
    '[',
    '[]]',
    '[+1]',
    'nan',
  ]) {
    it(`refuses ${text}`, () => assert.throws(() => readJson(text), SyntaxError))
  }

  it('goes 100 levels deep, and no deeper', () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
    assert.doesNotThrow(() => readJson(nested(100)))
    assert.throws(() => readJson(nested(102)), SyntaxError)
  })

  it('takes a text of many megabytes', () => {
    const text = 'x\n"'.repeat(3_000_000)
    assert.equal(readJson(JSON.stringify(text)), text)
  })
})

/** What JSON.parse made, with whole numbers that it may have rounded as they are read here. */
function exact(value: unknown): unknown {
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    const text = String(value)
    return /e/.test(text) ? value : BigInt(text)
  }
  if (Array.isArray(value)) return value.map(exact)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, exact(one)]))
}
