import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Lanes } from './lanes.ts'
import { Slots } from './slots.ts'

describe('lanes', () => {
  it('let no more through at once than there are, and everybody in the end, in order', async () => {
    const lanes = new Lanes(3)
    let [now, most] = [0, 0]
    const ended: number[] = []
    const work = (n: number) =>
      lanes.pass(async () => {
        now += 1
        most = Math.max(most, now)
        await new Promise((resolve) => setImmediate(resolve))
        now -= 1
        ended.push(n)
        if (n % 5 === 0) throw new Error('failed')
      })
    const results = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => work(n)))
    assert.equal(most, 3)
    assert.deepEqual(
      ended,
      Array.from({ length: 20 }, (_, n) => n),
    )
    assert.equal(results.filter(({ status }) => status === 'rejected').length, 4)
  })
})

describe('slots', () => {
  it('are so many, so many of them one workspace’s, and free again afterwards', async () => {
    const slots = new Slots(3, 2, 'full')
    const gate = Promise.withResolvers<void>()
    const hold = (workspace: string) => slots.hold(workspace, () => gate.promise)
    const held = [hold('a'), hold('a'), hold('b')]
    await assert.rejects(hold('a'), { code: 'busy', message: 'full' })
    await assert.rejects(hold('c'), { code: 'busy' })
    gate.resolve()
    await Promise.all(held)
    await Promise.all([hold('a'), hold('a')])
  })
})
