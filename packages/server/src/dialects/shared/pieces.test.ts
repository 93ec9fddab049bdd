import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Pieces } from './pieces.ts'

describe('pieces', () => {
  it('are whole again, in order, whatever their sizes', () => {
    const sizes = fc.array(
      fc.oneof(fc.constant(0), fc.integer({ max: 9, min: 1 }), fc.constant(2000)),
    )
    fc.assert(
      fc.property(sizes, (given) => {
        const pieces = new Pieces()
        const all = given.map((size, index) => Buffer.alloc(size, index))
        for (const piece of all) pieces.add(piece)
        assert.equal(pieces.bytes, Buffer.concat(all).length)
        assert.deepEqual(pieces.take(), Buffer.concat(all))
        assert.deepEqual([pieces.bytes, pieces.heldBytes], [0, 0])
      }),
    )
  })

  it('that are very small and many take hardly more than their bytes', () => {
    const pieces = new Pieces()
    for (let piece = 0; piece < 100_000; piece++) pieces.add(Buffer.from('x'))
    assert.ok(pieces.heldBytes < 400_000, `${pieces.heldBytes}`)
    assert.equal(pieces.take().length, 100_000)
  })
})
