import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { decodeCursor, encodeCursor } from './cursor.ts'

const tag = '0f3a9c'
const head = Number.MAX_SAFE_INTEGER

describe('cursor', () => {
  it('comes back as the place it was made of, and is safe in a URL', () => {
    const place = fc.record(
      {
        position: fc.nat({ max: head }),
        instant: fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
      },
      { requiredKeys: ['position'], noNullPrototype: true },
    )
    fc.assert(
      fc.property(place, (given) => {
        const cursor = encodeCursor(tag, given)
        assert.match(cursor, /^[\w-]+$/)
        assert.deepEqual(decodeCursor(tag, head, cursor), given)
      }),
    )
  })

  const good = encodeCursor(tag, { position: 12 })
  const refused = [
    ['empty', '', /not a cursor/],
    ['a number', '12', /not a cursor/],
    ['followed by more', `${good}!`, /not a cursor/],
    ['cut', good.slice(0, -1), /not a cursor/],
    ['altered', good.replace(/.$/, (char) => (char === 'A' ? 'B' : 'A')), /not a cursor/],
    ['of another log', encodeCursor('abc', { position: 12 }), /another log/],
    ['ahead of the log', encodeCursor(tag, { position: 13 }), /ahead/],
  ] as const
  for (const [name, cursor, message] of refused) {
    it(`is refused when ${name}`, () => {
      assert.throws(() => decodeCursor(tag, 12, cursor), { code: 'invalid_cursor', message })
    })
  }

  it('is refused with any single character changed', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    for (let at = 0; at < good.length; at++) {
      for (const char of alphabet) {
        const other = good.slice(0, at) + char + good.slice(at + 1)
        if (other === good) continue
        assert.throws(() => decodeCursor(tag, 12, other), { code: 'invalid_cursor' }, other)
      }
    }
  })
})
