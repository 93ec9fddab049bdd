import assert from 'node:assert/strict'
import { aQuery, anEvent } from './events.ts'
import type { Suite } from './suite.ts'

/** Pages: orders, directions, limits and bounds of characters. */
export function pageCases(suite: Suite): void {
  suite.test(
    'pages follow each other without gap or repeat, in both orders and directions',
    async () => {
      const timeAt = (index: number) => new Date(1.7e12 + ((index * 7919) % 100) * 10).toISOString()
      const events = Array.from({ length: 400 }, (_, index) =>
        anEvent({ id: `${index}`, time: timeAt(index), subject: `s${index % 3}` }),
      )
      await suite.store.append(suite.workspace, events, 'refuse')
      const facets = [{ name: 'subject', values: ['s0', 's2'] }]
      const byTime = (one: number, other: number) =>
        Date.parse(timeAt(one)) - Date.parse(timeAt(other)) || one - other
      const wanted = events.map((_, index) => index).filter((index) => index % 3 !== 1)
      for (const order of ['position', 'time'] as const) {
        const sorted = order === 'time' ? wanted.toSorted(byTime) : wanted
        for (const direction of ['forward', 'backward'] as const) {
          const expected = (direction === 'forward' ? sorted : sorted.toReversed()).map(String)
          const query = { facets, order, direction, limit: 7 }
          assert.deepEqual(await suite.walk(query), expected, `${order} ${direction}`)
        }
      }
    },
  )

  suite.test(
    'times are told apart to the nanosecond, however far the events stand apart',
    async () => {
      // Stores may know of a group of events only the milliseconds between which they lie.
      const nanosOf = (index: number) => ((index * 379) % 400) * 2500
      const timeAt = (index: number) =>
        `2026-03-01T10:00:00.00${Math.floor(nanosOf(index) / 1e6)}${String(nanosOf(index) % 1e6).padStart(6, '0')}Z`
      const events = Array.from({ length: 400 }, (_, index) => {
        return anEvent({ id: `${index}`, time: timeAt(index), subject: `s${index % 3}` })
      })
      for (let start = 0; start < 400; start += 80) {
        await suite.store.append(suite.workspace, events.slice(start, start + 80), 'refuse')
      }
      for (const facets of [[], [{ name: 'subject', values: ['s0', 's2'] }]]) {
        const wanted = events
          .map((_, index) => index)
          .filter((index) => facets.length === 0 || index % 3 !== 1)
          .toSorted((one, other) => nanosOf(one) - nanosOf(other))
        for (const direction of ['forward', 'backward'] as const) {
          const expected = (direction === 'forward' ? wanted : wanted.toReversed()).map(String)
          const walked = await suite.walk({ facets, order: 'time', direction, limit: 7 })
          assert.deepEqual(walked, expected, direction)
        }
      }
    },
  )

  suite.test('a page ends at its bound of characters, and says that there is more', async () => {
    const events = Array.from({ length: 9 }, (_, index) =>
      anEvent({ id: `${index}`, data: `"${'x'.repeat(1000)}"` }),
    )
    await suite.store.append(suite.workspace, events, 'refuse')
    const page = await suite.store.read(suite.workspace, aQuery({ charsMax: 2500 }))
    assert.deepEqual([page.events.length, page.more], [3, true])
    assert.equal((await suite.walk({ charsMax: 2500 })).length, 9)
    assert.equal(
      (await suite.walk({ charsMax: 1, order: 'time', direction: 'backward' })).length,
      9,
    )
  })

  suite.test('what is in the envelope counts as the payload does', async () => {
    const envelope = { data_base64: 'A'.repeat(1000) }
    const events = Array.from({ length: 9 }, (_, index) =>
      anEvent({ id: `${index}`, data: undefined, envelope }),
    )
    await suite.store.append(suite.workspace, events, 'refuse')
    for (const order of ['position', 'time'] as const) {
      const page = await suite.store.read(suite.workspace, aQuery({ order, charsMax: 2500 }))
      assert.deepEqual([page.events.length, page.more], [3, true], order)
    }
  })

  suite.test('a bound of characters that is met anywhere loses no event', async () => {
    // Some stores keep events in groups by number or size: let the bound fall on every kind of border.
    const sizes = [300_000, 300_000, ...Array.from({ length: 140 }, () => 1000), 300_000, 500_000]
    const events = sizes.map((size, index) => {
      const time = new Date(1.7e12 + index * 1000).toISOString()
      return anEvent({ id: `${index}`, data: `"${'x'.repeat(size - 2)}"`, time })
    })
    for (const event of events) await suite.store.append(suite.workspace, [event], 'refuse')
    const all = events.map(({ id }) => id)
    for (const charsMax of [1, 128_000, 140_000, 300_000, 600_000, 740_000, 1_040_000]) {
      for (const order of ['position', 'time'] as const) {
        for (const direction of ['forward', 'backward'] as const) {
          const walked = await suite.walk({ charsMax, order, direction })
          const expected = direction === 'forward' ? all : all.toReversed()
          assert.deepEqual(walked, expected, `${charsMax} ${order} ${direction}`)
        }
      }
    }
  })
}
