import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { httpDateMs } from './http-date.ts'

// The first three are RFC 9110's own example, section 5.6.7.
const example = '1994-11-06T08:49:37Z'
const cases: [text: string, wanted: string | undefined, now?: string][] = [
  ['Sun, 06 Nov 1994 08:49:37 GMT', example],
  ['Sunday, 06-Nov-94 08:49:37 GMT', example],
  ['Sun Nov  6 08:49:37 1994', example],
  ['Wed Nov 16 08:49:37 1994', '1994-11-16T08:49:37Z'],
  ['Wednesday, 01-Mar-76 00:00:00 GMT', '2076-03-01T00:00:00Z'],
  ['Wednesday, 01-Mar-77 00:00:00 GMT', '1977-03-01T00:00:00Z'],
  ['Wednesday, 01-Mar-01 00:00:00 GMT', '2101-03-01T00:00:00Z', '2101-01-01T00:00:00Z'],
  ['Sun, 99 Nov 1994 08:49:37 GMT', undefined],
  ['Sun, 06 Xyz 1994 08:49:37 GMT', undefined],
  ['Sun Nov 6 08:49:37 1994', undefined],
  ['Sun, 06 Nov 1994 08:49:37 CET', undefined],
  ['Sun, 06 Nov 1994 08:49:37', undefined],
  ['1994-11-06T08:49:37Z', undefined],
  ['12 apples', undefined],
  ['-5', undefined],
  ['', undefined],
]

describe('A date of HTTP', () => {
  for (const [text, wanted, now = '2026-03-01T00:00:00Z'] of cases) {
    it(`${JSON.stringify(text)} is ${wanted ?? 'none'}`, () => {
      const wantedMs = wanted === undefined ? undefined : Date.parse(wanted)
      assert.equal(httpDateMs(text, Date.parse(now)), wantedMs)
    })
  }
})
