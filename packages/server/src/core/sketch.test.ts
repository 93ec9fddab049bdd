import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { addToSketch, mergeSketch, quantiles, type Sketch } from './sketch.ts'

function sketchOf(values: readonly number[]): Sketch {
  const sketch: Sketch = new Map()
  for (const value of values) addToSketch(sketch, value)
  return sketch
}

describe('a sketch', () => {
  it('of nothing has no percentiles', () => assert.equal(quantiles(new Map(), [0.5])[0], undefined))

  it('tells every percentile to within one percent, also merged from parts', () => {
    const values = fc.array(
      fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.constant(0)),
      { minLength: 1, maxLength: 200 },
    )
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(values, fc.nat(), share, (all, cut, wanted) => {
        const at = cut % all.length
        const merged = sketchOf(all.slice(0, at))
        mergeSketch(merged, sketchOf(all.slice(at)))
        const rank = Math.max(Math.ceil(wanted * all.length), 1)
        const exact = all.toSorted((one, other) => one - other)[rank - 1]!
        for (const sketch of [merged, sketchOf(all)]) {
          const found = quantiles(sketch, [wanted])[0]!
          const error = Math.abs(found - exact)
          assert.ok(error <= Math.abs(exact) * 0.0101 + 1e-299, `${found} for ${exact}`)
        }
      }),
    )
  })

  it('stays small, however many values it has counted', () => {
    const sketch: Sketch = new Map()
    for (let n = 0; n < 100_000; n++) addToSketch(sketch, n)
    assert.ok(sketch.size < 600, `${sketch.size}`)
  })
})
