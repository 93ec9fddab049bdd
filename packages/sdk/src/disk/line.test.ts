import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { crc32 } from './crc32.ts'
import { bytesOf, lineOf, linesIn } from './line.ts'

describe('CRC-32', () => {
  // The check value of the catalogue of CRCs, and two that `gzip` gives.
  for (const [text, want] of [
    ['123456789', 'cbf43926'],
    ['', '00000000'],
    ['a', 'e8b7be43'],
  ] as const) {
    it(`of ${JSON.stringify(text)} is ${want}`, () => {
      assert.equal(crc32(Buffer.from(text)), want)
    })
  }
})

const record = fc.string({ unit: 'grapheme' }).filter((text) => !/[\t\n]/.test(text))
const groups = fc.array(fc.array(record, { minLength: 1, maxLength: 4 }), { maxLength: 6 })

describe('lines of records', () => {
  it('come back as they were written, and say where they stand', () => {
    fc.assert(
      fc.property(groups, (added) => {
        const file = Buffer.concat(added.map(lineOf))
        const lines = linesIn(file, 1000)
        assert.deepEqual(
          lines.map(({ records }) => records),
          added,
        )
        let start = 1000
        for (const [index, line] of lines.entries()) {
          assert.equal(line.start, start)
          const bytes = added[index]!.map(bytesOf).reduce((sum, one) => sum + one, 0)
          start += bytes
          assert.equal(line.end, start)
        }
      }),
    )
  })

  it('with any one byte changed are not taken for what was written', () => {
    const changes = fc.tuple(groups, fc.nat(), fc.integer({ min: 1, max: 255 }))
    fc.assert(
      fc.property(changes, ([added, place, change]) => {
        const file = Buffer.concat(added.map(lineOf))
        fc.pre(file.length > 0)
        file[place % file.length]! ^= change
        const wanted = new Set(added.map((one) => JSON.stringify(one)))
        const got = linesIn(file, 0).filter(({ records }) => records !== undefined)
        assert.ok(got.length < added.length)
        for (const { records } of got) assert.ok(wanted.has(JSON.stringify(records)))
      }),
    )
  })

  it('that are not whole are left', () => {
    const line = lineOf(['{"a":1}', '{"b":2}'])
    for (let length = 0; length < line.length; length += 1) {
      assert.deepEqual(linesIn(line.subarray(0, length), 0), [])
    }
  })

  for (const bad of ['a\tb', 'a\nb']) {
    it(`refuse ${JSON.stringify(bad)}`, () => {
      assert.throws(() => lineOf(['good', bad]), TypeError)
    })
  }
})
