import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { CursorTrail } from './cursor-trail.ts'

/** How many steps a walk makes before it is noticed: `lead` places, then a circle of so many. */
function stepsUntilNoticed(lead: number, circle: number): number {
  const trail = new CursorTrail()
  for (let step = 0; ; step += 1) {
    const place = String(step < lead ? step : lead + ((step - lead) % circle))
    if (trail.has(place)) return step
    trail.add(place)
  }
}

describe('a trail of cursors', () => {
  it('notices a circle of up to a thousand at once', () => {
    for (const [lead, circle] of [
      [0, 1],
      [7, 1],
      [0, 2],
      [5000, 3],
      [100, 999],
      [12_345, 1000],
    ] as const) {
      assert.equal(stepsUntilNoticed(lead, circle), lead + circle)
    }
  })

  it('notices a longer one, too, within a few rounds', () => {
    const lengths = fc.record({
      lead: fc.integer({ min: 0, max: 6000 }),
      circle: fc.integer({ min: 1001, max: 6000 }),
    })
    fc.assert(
      fc.property(lengths, ({ lead, circle }) => {
        return stepsUntilNoticed(lead, circle) <= 3 * (lead + circle)
      }),
      { numRuns: 40 },
    )
  })

  it('takes no new place for an old one', () => {
    const trail = new CursorTrail()
    for (let n = 0; n < 20_000; n += 1) {
      assert.ok(!trail.has(`event_${n}`))
      trail.add(`event_${n}`)
    }
  })
})
