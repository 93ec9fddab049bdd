import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { jsonDepthMax } from './json-look.ts'
import { parseByRules, standardRules } from './json-parser.ts'
import { decodeUtf8, parseJson, readJson } from './json.ts'

describe('json', () => {
  const kept = [
    '9007199254740993',
    '[-9223372036854775808,18446744073709551615]',
    '{"a":12345678901234567890,"b":{"c":[1,1e400,1E-400]}}',
    '{"price":0.1234567890123456789012}',
    `[0.${'0'.repeat(260)}86e-77,0.${'0'.repeat(400)}1]`,
    '{"epoch":1700000000.123456789,"dec":-123456789.123456789,"d17":0.12345678901234567}',
    '{"id":"12345678901234567890","n":1}',
    '{"__proto__":{"x":1},"constructor":null}',
    '"\\ud83d\\ude00"',
  ]
  for (const text of kept) {
    it(`gives back ${text}`, () => {
      const again = JSON.stringify(parseJson(text))
      assert.equal(again.replaceAll('😀', '\\ud83d\\ude00'), text)
    })
  }

  it('gives back any JSON, equal', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value)
        assert.deepEqual(JSON.parse(JSON.stringify(parseJson(text))), JSON.parse(text))
      }),
    )
  })

  it('gives back any whole number to the last digit', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }), (value) => {
        assert.equal(JSON.stringify(parseJson(`{"n": ${value}}`)), `{"n":${value}}`)
      }),
    )
  })

  it('gives back seconds with nanoseconds to the last digit', () => {
    const decimal = fc
      .tuple(fc.bigInt({ min: 1n, max: 10n ** 12n }), fc.integer({ min: 1, max: 999_999_999 }))
      .map(([whole, nanos]) => `${whole}.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`)
    fc.assert(fc.property(decimal, (text) => assert.equal(JSON.stringify(parseJson(text)), text)))
  })

  for (const text of ['', '{', '[1,]', '{"a":01}', 'NaN', '"\t"', '{"a":1}}']) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => readJson(text), { code: 'invalid_json' })
    })
  }

  it('reads nesting up to its bound, and refuses more before it is parsed', () => {
    const nested = (depth: number) => `${'[{"]":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`
    assert.equal(JSON.stringify(readJson(nested(jsonDepthMax))), nested(jsonDepthMax))
    assert.throws(() => readJson(nested(jsonDepthMax + 2)), { code: 'invalid_json' })
    assert.throws(() => readJson('['.repeat(32 * 1024 * 1024)), { code: 'invalid_json' })
    assert.equal(readJson(`"${'['.repeat(1000)}"`), '['.repeat(1000))
    const afterQuote = String.raw`{"a":"\"${'{'.repeat(1000)}","b":"\\"}`
    assert.deepEqual(readJson(afterQuote), JSON.parse(afterQuote))
  })

  it('refuses bytes that are not UTF-8, and drops a byte order mark', () => {
    assert.throws(() => decodeUtf8(new Uint8Array([0x22, 0xff, 0x22])), { code: 'invalid_json' })
    assert.equal(decodeUtf8(new Uint8Array([0xef, 0xbb, 0xbf, 0x5b, 0x5d])), '[]')
  })
})

describe('a name of one escaped character', () => {
  // V8 14.6 takes it for a backslash, once it has parsed that after the same names (see core/json/json.ts).
  for (const [backslash, name] of [
    ['"\\\\"', '\n'],
    ['"\\u005c"', '"'],
    ['"\\u005C" ', '\u0000'],
  ] as const) {
    it(`${JSON.stringify(name)} is itself, whatever was parsed before: ${backslash}`, () => {
      const first = JSON.stringify(`first of ${name}`)
      const text = `{${first}:1,${JSON.stringify(name)}:2}`
      for (let round = 0; round < 3; round++) {
        const poison = readJson(`{${first}:1,${backslash}:2}`)
        assert.equal(JSON.stringify(poison), `{${first}:1,"\\\\":2}`)
      }
      assert.equal(JSON.stringify(readJson(text)), text)
      assert.equal(JSON.stringify(parseJson(text)), text)
    })
  }

  it('is one value where a backslash stands twice', () => {
    assert.equal(
      JSON.stringify(readJson('{"\\\\":1,"a":[1.50,-0],"\\\\":2}')),
      '{"\\\\":2,"a":[1.5,0]}',
    )
  })
})

describe('JSON with very many values', () => {
  const many = (count: number) => `[${'1,'.repeat(count - 1)}1]`

  it('is refused, and taken up to the bound', () => {
    assert.equal((readJson(many(1_000_000)) as unknown[]).length, 1_000_000)
    assert.throws(() => readJson(many(2_000_002)), { code: 'too_large' })
    const nested = `[${`${'['.repeat(100)}${']'.repeat(100)},`.repeat(20_000)}1]`
    assert.throws(() => readJson(nested), { code: 'too_large' })
    assert.throws(() => parseByRules(many(2_000_002), standardRules), { code: 'too_large' })
  })
})
