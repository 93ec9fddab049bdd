import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { formatMs, instantOfMs, msOfInstant, parseInstant, parseMs } from './time.ts'

describe('time', () => {
  const read = [
    ['1970-01-01T00:00:00Z', 0n],
    ['1970-01-01T00:00:00.000000001Z', 1n],
    ['1969-12-31T23:59:59.999999999Z', -1n],
    ['2025-03-01T10:00:00.123456789+02:00', 1_740_816_000_123_456_789n],
    ['2024-02-29T00:00:00Z', 1_709_164_800_000_000_000n],
    ['0001-01-01T00:00:00Z', -62_135_596_800_000_000_000n],
    ['1970-01-01T00:00:00.0000000019Z', 1n],
  ] as const
  for (const [text, instant] of read) {
    it(`reads ${text}`, () => {
      assert.equal(parseInstant(text), instant)
      assert.equal(parseMs(text), msOfInstant(instant))
    })
  }

  const refused = [
    '2025-03-01',
    '2025-03-01T10:00:00',
    '2025-03-01 10:00:00Z',
    '2025-13-01T10:00:00Z',
    '2025-02-29T10:00:00Z',
    '2025-03-01T24:00:00Z',
    '2025-03-01T10:60:00Z',
    '2025-03-01T10:00:61Z',
    '2025-03-01T10:00:00+24:00',
    '2025-03-01T10:00:00+0200',
    '2025-03-01T10:00:00.Z',
    ' 2025-03-01T10:00:00Z',
    '0000-12-31T23:59:59Z',
    '0001-01-01T00:00:00+02:00',
    '9999-12-31T23:59:59-02:00',
    '2025-02-29T10:00:00.000Z',
    '2025-03-01T10:00:0x.000Z',
    '2025-03-01T24:00:00.000Z',
    '2016-12-31T23:59:60Z',
    '2024-02-29t00:00:00z',
    'now',
    '',
  ]
  for (const text of refused) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.equal(parseInstant(text), undefined)
      assert.equal(parseMs(text), undefined)
    })
  }

  it('reads back every millisecond that it writes', () => {
    const ms = fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 })
    fc.assert(
      fc.property(ms, (value) => {
        assert.equal(parseMs(formatMs(value)), value)
        assert.equal(parseInstant(formatMs(value)), instantOfMs(value))
        assert.equal(msOfInstant(instantOfMs(value) + 999_999n), value)
      }),
    )
  })
})
