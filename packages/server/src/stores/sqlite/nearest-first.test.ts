import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { NearestFirst } from './nearest-first.ts'

it('nearest first gives what a stable sort gives, in whatever parts it is taken', () => {
  const weights = fc.array(fc.constantFrom(-Infinity, -3, 0, 1, 1.5, 2, 7, Infinity))
  fc.assert(
    fc.property(weights, fc.integer({ min: 1, max: 9 }), (weightOf, part) => {
      const numbers = weightOf.map((_, number) => number)
      const sorted = numbers.toSorted((one, other) => {
        const [first, second] = [weightOf[one]!, weightOf[other]!]
        return first < second ? -1 : Number(first > second)
      })
      const nearest = new NearestFirst(numbers, (number) => weightOf[number]!)
      const taken: number[] = []
      for (let some = nearest.take(part); some.length > 0; some = nearest.take(part)) {
        taken.push(...some)
      }
      assert.deepEqual(taken, sorted)
    }),
  )
})
