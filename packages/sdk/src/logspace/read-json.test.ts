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
    ['{"a":{"b":1},"a":{"b":2},"a":{"b":[3],"c":{}}}', { a: { b: [1, 2, 3], c: {} } }],
    ['{"a":{"b":1},"a":2,"a":{"b":3}}', { a: [{ b: 1 }, 2, { b: 3 }] }],
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
    '9'.repeat(1001),
    'nan',
  ]) {
    it(`refuses ${text.slice(0, 20)}`, () => assert.throws(() => readJson(text), SyntaxError))
  }

  it('goes 100 levels deep, and no deeper', () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
    assert.doesNotThrow(() => readJson(nested(100)))
    assert.throws(() => readJson(nested(102)), /^SyntaxError: It is more than 100 levels deep/)
    assert.throws(() => readJson('['.repeat(1_000_000)), SyntaxError)
    assert.throws(() => readJson('{"a":'.repeat(1_000_000)), SyntaxError)
  })

  for (const [what, member] of [
    ['values', () => '"a":1'],
    ['arrays', () => '"a":[1]'],
    ['objects', (n: number) => `"a":{"k${n}":1}`],
    ['objects with one name', () => '"a":{"b":{"c":1}}'],
  ] as const) {
    // In the square of their number, this many would take minutes.
    it(`takes a name that comes again 200,000 times, with ${what}`, { timeout: 20_000 }, () => {
      const { a } = readJson(
        `{${Array.from({ length: 200_000 }, (_, n) => member(n)).join(',')}}`,
      ) as {
        a: { b?: { c: unknown[] } }
      }
      assert.equal(Object.keys(a.b?.c ?? a).length, 200_000)
    })
  }

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
