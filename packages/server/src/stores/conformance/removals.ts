import assert from 'node:assert/strict'
import type { NewEvent } from '../../core/event.ts'
import type { Removal, RemovalReason } from '../../core/store.ts'
import { anEvent } from './events.ts'
import type { Suite } from './suite.ts'

/** Removing events: by what selects them, by identity, by time of receipt. */
export function removalCases(suite: Suite): void {
  /** Removes all that is wanted, part after part. */
  async function remove(
    removal: Removal,
    reason: RemovalReason = 'erased',
  ): Promise<{ events: number; last: number }> {
    let [events, last] = [0, 0]
    for (let after: number | undefined = 0; after !== undefined;) {
      const part = await suite.store.remove(suite.workspace, removal, reason, after)
      events += part.events
      last = Math.max(last, part.last)
      after = part.next
    }
    return { events, last }
  }

  const subjectOf = (index: number) => `person-${index % 7}`
  const events: readonly NewEvent[] = Array.from({ length: 1000 }, (_, index) =>
    anEvent({ id: `${index}`, subject: subjectOf(index), data: `{"note":"secret ${index}"}` }),
  )
  const idsWithout = (isGone: (index: number) => boolean) =>
    events.map(({ id }) => id).filter((id) => !isGone(Number(id)))

  suite.test('what is removed is found no more, and the rest is as it was', async () => {
    await suite.store.append(suite.workspace, events, 'refuse')
    const before = await suite.list({ limit: 1000 })
    const facets = [{ name: 'subject', values: ['person-3'] }]
    assert.deepEqual(await remove({ facets }), { events: 143, last: 998 })
    const isGone = (index: number) => index % 7 === 3
    assert.deepEqual(await suite.ids({ limit: 1000 }), idsWithout(isGone))
    assert.deepEqual(
      await suite.list({ limit: 1000 }),
      before.filter(({ id }) => !isGone(Number(id))),
    )
    assert.deepEqual(await suite.walk({ limit: 90, order: 'time' }), idsWithout(isGone))
    assert.deepEqual(await suite.ids({ facets }), [])
    assert.deepEqual(await suite.ids({ words: ['secret', '10'] }), [])
    assert.equal(await suite.store.at(suite.workspace, 4), undefined)
    assert.equal(await suite.store.find(suite.workspace, events[3]!), undefined)
    assert.equal(await suite.count(), 857)
    assert.equal(await suite.count({ facets }), 0)
    assert.deepEqual(await remove({ facets }), { events: 0, last: 0 })
  })

  suite.test('positions go on, and an identity that was removed is free', async () => {
    await suite.store.append(suite.workspace, events.slice(0, 3), 'refuse')
    assert.deepEqual(await remove({ identity: { source: events[2]!.source, id: '2' } }), {
      events: 1,
      last: 3,
    })
    assert.equal((await suite.store.state(suite.workspace)).head, 3)
    const { receipts } = await suite.store.append(suite.workspace, events.slice(1, 4), 'refuse')
    assert.deepEqual(receipts, [
      { outcome: 'exists', position: 2 },
      { outcome: 'created', position: 4 },
      { outcome: 'created', position: 5 },
    ])
    assert.deepEqual(await suite.ids(), ['0', '1', '2', '3'])
  })

  suite.test('states that were replaced expire, and do not come back', async () => {
    const [first, ...later] = Array.from({ length: 300 }, (_, n) =>
      anEvent({ id: 'a', data: `"${n}"` }),
    )
    for (const state of [first!, ...later]) {
      await suite.store.append(suite.workspace, [state], 'replace')
    }
    await new Promise((resolve) => setTimeout(resolve, 5))
    await suite.store.append(suite.workspace, [anEvent({ id: 'a', data: '"now"' })], 'replace')
    assert.deepEqual(await suite.ids({ limit: 1000 }), ['a'])
    const { receivedAtMs } = (await suite.store.at(suite.workspace, 301))!
    const removed = await remove({ receivedUntilMs: receivedAtMs }, 'expired')
    assert.deepEqual(removed, { events: 0, last: 0 })
    assert.deepEqual(await suite.ids({ limit: 1000 }), ['a'])
    assert.equal(await suite.count(), 1)
    assert.equal(await suite.store.at(suite.workspace, 5), undefined)
  })

  suite.test('events beyond a position stay', async () => {
    await suite.store.append(suite.workspace, events, 'refuse')
    const facets = [{ name: 'subject', values: ['person-3'] }]
    assert.deepEqual(await remove({ facets, through: 500 }), { events: 71, last: 494 })
    assert.equal(await suite.count({ facets }), 143 - 71)
    assert.deepEqual(await remove({ through: 130 }, 'expired'), { events: 111, last: 129 })
    assert.equal(await suite.count(), 1000 - 71 - 111)
  })

  suite.test('knows the first position of a time of receipt, whatever became of it', async () => {
    const position = (ms: number) => suite.store.firstSince(suite.workspace, ms)
    assert.equal(await position(0), 1)
    for (let batch = 0; batch < 4; batch++) {
      await suite.store.append(suite.workspace, events.slice(0, 150), 'replace')
      const anew = events.slice(0, 150).map((event) => anEvent({ ...event, data: `"${batch}"` }))
      await suite.store.append(suite.workspace, anew, 'replace')
      await suite.store.append(suite.workspace, [anEvent({ id: `kept ${batch}` })], 'refuse')
      await new Promise((resolve) => setTimeout(resolve, 3))
    }
    const kept = await suite.list({ limit: 1000 })
    for (const { receivedAtMs: ms } of kept) {
      const first = await position(ms)
      for (const event of kept) {
        assert.equal(
          event.position >= first,
          event.receivedAtMs >= ms,
          `${event.position} ${first}`,
        )
      }
    }
    // Before the first that is kept stand events that were replaced.
    assert.ok((await position(kept[0]!.receivedAtMs)) <= kept[0]!.position)
    const { head } = await suite.store.state(suite.workspace)
    assert.equal(await position(Date.now() + 60_000), head + 1)
  })

  suite.test('a state that was replaced goes with the event', async () => {
    const old = anEvent({ id: 'a', subject: 'person-1', data: '"old"' })
    await suite.store.append(suite.workspace, [old, anEvent({ id: 'b' })], 'replace')
    await suite.store.append(suite.workspace, [{ ...old, data: '"new"' }], 'replace')
    const facets = [{ name: 'subject', values: ['person-1'] }]
    assert.deepEqual(await remove({ facets }), { events: 1, last: 3 })
    assert.deepEqual(await suite.ids(), ['b'])
  })

  suite.test('whole blocks go by their time of receipt, except what is kept longer', async () => {
    await suite.store.append(suite.workspace, events, 'refuse')
    await new Promise((resolve) => setTimeout(resolve, 5))
    await suite.store.append(suite.workspace, [anEvent({ id: 'later' })], 'refuse')
    const last = await suite.store.at(suite.workspace, 1001)
    const except = [{ name: 'subject', values: ['person-3'], prefixes: ['person-5'] }]
    const receivedUntilMs = last!.receivedAtMs
    const isKept = (index: number) => [3, 5].includes(index % 7)
    const removed = await remove({ receivedUntilMs, except }, 'expired')
    assert.deepEqual(removed, { events: 1000 - 143 - 143, last: 999 })
    const kept = idsWithout((index) => !isKept(index))
    assert.deepEqual(await suite.ids({ limit: 1000 }), [...kept, 'later'])
    assert.equal((await remove({ receivedUntilMs }, 'expired')).events, 286)
    assert.deepEqual(await suite.ids({ limit: 1000 }), ['later'])
    assert.deepEqual(await suite.ids({ limit: 1000, direction: 'backward' }), ['later'])
    assert.deepEqual(await suite.ids({ after: { position: 500 } }), ['later'])
    assert.equal(await suite.store.at(suite.workspace, 500), undefined)
    assert.equal((await remove({}, 'expired')).events, 1)
    assert.deepEqual(await suite.ids(), [])
    const { receipts } = await suite.store.append(suite.workspace, events.slice(0, 1), 'refuse')
    assert.deepEqual(receipts, [{ outcome: 'created', position: 1002 }])
  })

  suite.test('erasures are counted, what expires is not', async () => {
    await suite.store.append(suite.workspace, events.slice(0, 10), 'refuse')
    const count = async () => (await suite.store.state(suite.workspace)).erasures
    assert.equal(await count(), 0)
    await remove({ facets: [{ name: 'subject', values: ['person-1'] }] })
    assert.equal(await count(), 1)
    await remove({ receivedUntilMs: 0 }, 'expired')
    assert.equal(await count(), 1)
  })

  suite.test('another workspace keeps its own', async () => {
    await suite.store.append(suite.workspace, events.slice(0, 10), 'refuse')
    await suite.store.append(`${suite.workspace}-other`, events.slice(0, 10), 'refuse')
    await remove({})
    assert.deepEqual(await suite.ids(), [])
    suite.workspace = `${suite.workspace}-other`
    assert.equal(await suite.count(), 10)
  })
}
