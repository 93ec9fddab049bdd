import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { holds } from './payload.ts'

describe('a payload filter', () => {
  const number = fc.oneof(fc.integer({ min: -20, max: 20 }), fc.bigInt({ min: -20n, max: 20n }))
  const range = fc.record({ from: number, to: number }, { requiredKeys: [] })

  it('holds for what lies in one of its ranges, in whatever order they stand and overlap', () => {
    fc.assert(
      fc.property(
        fc.array(range, { maxLength: 12 }),
        fc.integer({ min: -22, max: 22 }),
        (ranges, value) => {
          const expected = ranges.some(
            ({ from, to }) =>
              (from === undefined || value >= from) && (to === undefined || value <= to),
          )
          const filter = { paths: [['n']], as: 'number', ranges } as const
          assert.equal(holds({ n: value }, filter), expected)
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('is asked of a million values with a thousand ranges in no time to speak of', () => {
    const ranges = Array.from({ length: 1000 }, (_, n) => ({ from: 2 * n + 1, to: 2 * n + 1 }))
    const values = Array.from({ length: 1_000_000 }, (_, n) => 2 * (n % 1000))
    assert.equal(holds({ n: values }, { paths: [['n']], as: 'number', ranges }), false)
    assert.equal(holds({ n: [...values, 77] }, { paths: [['n']], as: 'number', ranges }), true)
  })
})
