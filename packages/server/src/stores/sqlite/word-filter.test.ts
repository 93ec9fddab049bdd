import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mayHaveWord, wordFilterOf } from './word-filter.ts'

const payloads = Array.from({ length: 128 }, (_, n) =>
  JSON.stringify({ id: `user_${n}x${n * 7919}`, text: 'the same text in all', n }),
)

describe('a filter of words', () => {
  it('knows every word that it was given, and hardly another', () => {
    const filter = wordFilterOf(payloads)
    for (let n = 0; n < 128; n++) {
      for (const word of ['user', `${n}x${n * 7919}`, 'same', `${n}`]) {
        assert.ok(mayHaveWord(filter, word), word)
      }
    }
    const strangers = Array.from({ length: 10_000 }, (_, n) => `stranger${n * 31}`)
    const mistaken = strangers.filter((word) => mayHaveWord(filter, word))
    assert.ok(mistaken.length < 200, `${mistaken.length} of 10,000 are mistaken for known ones`)
  })

  it('of nothing knows nothing', () => {
    assert.equal(mayHaveWord(wordFilterOf([]), 'word'), false)
    assert.equal(mayHaveWord(wordFilterOf(['{}', '[]', '""']), 'word'), false)
  })

  it('has a bound, beyond which it errs more often, but never misses a word', () => {
    const many = Array.from({ length: 60_000 }, (_, n) => `w${n}`)
    const filter = wordFilterOf([JSON.stringify(many.join(' '))])
    assert.ok(filter.length <= 32 * 1024)
    assert.ok(many.every((word) => mayHaveWord(filter, word)))
  })
})
