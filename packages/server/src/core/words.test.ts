import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { eachWord, hasWords, wordsOf } from './words.ts'

function wordsIn(json: string): string[] {
  const words: string[] = []
  eachWord(json, (word) => words.push(word))
  return words
}

describe('words', () => {
  const cases = [
    ['"Payment FAILED: card_expired"', ['payment', 'failed', 'card', 'expired']],
    ['{"name":"value"}', ['value']],
    ['{"name" : {"inner": ["a", "b"]}}', ['a', 'b']],
    ['{"n":12.5,"m":-3e10,"t":true,"z":null}', ['12', '5', '3e10', 'true', 'null']],
    ['"caf\\u00e9 \\ud83d\\ude00 x\\ny\\tz"', ['café', 'x', 'y', 'z']],
    ['"a\\\\nb \\"c\\" d\\/e"', ['a', 'nb', 'c', 'd', 'e']],
    ['{"with \\" quote":"v","colon:":"w:"}', ['v', 'w']],
    ['"İstanbul 東京"', ['i\u0307stanbul', '東京']],
    ['"ΟΔΟΣ.pdf ΣΑΣ"', ['οδοσ', 'pdf', 'σασ']],
    ['"हिन्दी cafe\u0301 ﬁne Ⅷ"', ['हिन्दी', 'café', 'fine', 'viii']],
    ['""', []],
    ['{}', []],
  ] as const
  for (const [json, expected] of cases) {
    it(`of ${json}`, () => assert.deepEqual(wordsIn(json), expected))
  }

  it('are those of the values, however a payload is spelled', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 20 })
    const payload = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        text,
        fc.integer(),
        fc.boolean(),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(text, tie('value'), { maxKeys: 4 }),
      ),
    })).value
    const expectedOf = (value: unknown): string[] => {
      if (typeof value !== 'object' || value === null) return wordsOf(String(value))
      return Object.values(value).flatMap(expectedOf)
    }
    fc.assert(
      fc.property(payload, (value) => {
        const expected = expectedOf(value)
        for (const json of [JSON.stringify(value), JSON.stringify(value, null, 2)]) {
          const oneLine = json.replaceAll('\n', ' ')
          assert.deepEqual(wordsIn(oneLine), expected)
          assert.ok(hasWords(oneLine, expected))
          assert.ok(!hasWords(oneLine, [...expected, 'neverthere']))
        }
      }),
    )
  })
})
