import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { farFromUtc } from '../../test/support/time-zone.ts'
import { dateOf } from './date-of.ts'

describe('The moment of a text', () => {
  // What has no zone must not be read as a time of the machine's.
  farFromUtc()

  for (const [text, want] of [
    ['2025-03-01T10:00:01.120Z', '2025-03-01T10:00:01.120Z'],
    ['2025-03-01t10:00:01z', '2025-03-01T10:00:01.000Z'],
    ['2025-03-01T10:00:00.123999999+02:00', '2025-03-01T08:00:00.123Z'],
    ['2025-03-01T10:00:00.5-0530', '2025-03-01T15:30:00.500Z'],
    ['2025-03-01T10:00:00+02', '2025-03-01T08:00:00.000Z'],
    ['2025-03-01T10:00Z', '2025-03-01T10:00:00.000Z'],
    ['2025-03-01T10:00:01.250', '2025-03-01T10:00:01.250Z'],
    ['2025-03-01 10:00:01', '2025-03-01T10:00:01.000Z'],
    ['2025-03-01', '2025-03-01T00:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['12345-01-01T00:00:00.000Z', '+012345-01-01T00:00:00.000Z'],
    ['+12345-01-01T00:00:00.000+0000', '+012345-01-01T00:00:00.000Z'],
    ['-0001-12-31T00:00:00Z', '-000001-12-31T00:00:00.000Z'],
  ] as const) {
    it(text, () => assert.equal(dateOf(text)?.toISOString(), want))
  }

  for (const text of [
    '',
    '1',
    'soon 5',
    'today',
    '2025',
    '2025-3-1',
    'Sat Mar 01 2025',
    '2025-02-30T00:00:00Z',
    '2025-02-29',
    '2025-13-01',
    '2025-03-01T25:00:00Z',
    '2025-03-01T10:00:60Z',
    '2025-03-01T10',
    '2025-03-01T10:00:00 UTC',
    ' 2025-03-01',
    '2025-03-01\n',
    '292278994-08-17T07:12:55.807Z',
    '999999-01-01T00:00:00Z',
  ]) {
    it(`${JSON.stringify(text)} is none`, () => assert.equal(dateOf(text), undefined))
  }

  it('of whatever a Date spells is that Date', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), (date) => {
        assert.deepEqual(dateOf(date.toISOString()), date)
      }),
    )
  })
})
