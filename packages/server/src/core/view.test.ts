import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { scheduler } from 'node:timers/promises'
import { openMemoryStore } from '../stores/memory/index.ts'
import { EventwellError } from './errors.ts'
import type { NewEvent } from './event.ts'
import { EventLog } from './log.ts'
import type { EventStore } from './store.ts'
import { View, type ViewPlan } from './view.ts'

type Ids = { ids: string[] }

/** A view that lists ids, and counts how many events it was given. */
function planOf(taken: { events: number }, version = 1): ViewPlan<Ids> {
  return {
    name: 'view/ids',
    version,
    facets: [{ name: 'type', values: ['seen'] }],
    begin: () => ({ ids: [] }),
    take: (state, { id }) => {
      taken.events += 1
      state.ids.push(id)
    },
    write: (state) => JSON.stringify(state),
    read: (text) => JSON.parse(text) as Ids,
  }
}

function events(from: number, count: number): NewEvent[] {
  return Array.from({ length: count }, (_, index) => {
    const number = from + index
    return { source: '/s', id: `${number}`, type: number % 2 === 0 ? 'seen' : 'unseen' }
  })
}

const evens = (until: number) =>
  Array.from({ length: Math.ceil(until / 2) }, (_, index) => `${index * 2}`)

describe('a view', () => {
  it('shows every acknowledged event, and reads each only once', async () => {
    const log = new EventLog(openMemoryStore())
    const taken = { events: 0 }
    const view = new View(log, planOf(taken))
    assert.deepEqual((await view.of('w')).ids, [])
    for (let from = 0; from < 5000; from += 500) {
      await log.append('w', events(from, 500), 'refuse')
      assert.deepEqual((await view.of('w')).ids, evens(from + 500))
    }
    assert.equal(taken.events, 2500)
    assert.deepEqual((await view.of('other')).ids, [])
  })

  it('serves many at once, each with what was acknowledged before it asked', async () => {
    const log = new EventLog(openMemoryStore())
    const taken = { events: 0 }
    const view = new View(log, planOf(taken))
    const asked = Array.from({ length: 50 }, async (_, index) => {
      await log.append('w', events(index * 10, 10), 'refuse')
      const ids = new Set((await view.of('w')).ids)
      for (const id of evens(10)) assert.ok(ids.has(`${Number(id) + index * 10}`), id)
    })
    await Promise.all(asked)
    assert.equal(taken.events, 250)
  })

  it('goes on from its note after a restart, unless its rules or the log are others', async () => {
    const store = openMemoryStore()
    const log = new EventLog(store)
    const first = { events: 0 }
    await log.append('w', events(0, 6000), 'refuse')
    await new View(log, planOf(first)).of('w')
    await log.append('w', events(6000, 100), 'refuse')

    const again = { events: 0 }
    const state = await new View(log, planOf(again)).of('w')
    // It was noted after 2,000 of its 3,000 events.
    assert.deepEqual([state.ids, again.events], [evens(6100), 1050])

    const otherRules = { events: 0 }
    await new View(log, planOf(otherRules, 2)).of('w')
    assert.equal(otherRules.events, 3050)

    const note = (await store.notes('w', '')).get('view/ids')!
    const elsewhere = new EventLog(openMemoryStore())
    await elsewhere.putNote('w', 'view/ids', note)
    assert.deepEqual((await new View(elsewhere, planOf({ events: 0 })).of('w')).ids, [])
  })

  it('is read off the log anew when the note is lost, and after a failure', async () => {
    const store = openMemoryStore()
    let failures = 0
    const failing: EventStore = {
      ...store,
      async read(workspace, query) {
        if (failures-- > 0) throw new Error('The disk is gone.')
        return store.read(workspace, query)
      },
    }
    const log = new EventLog(failing)
    await log.append('w', events(0, 3000), 'refuse')
    const view = new View(log, planOf({ events: 0 }))
    failures = 1
    await assert.rejects(view.of('w'), /disk/)
    assert.deepEqual((await view.of('w')).ids, evens(3000))
    await log.putNote('w', 'view/ids', undefined)
    await log.append('w', events(3000, 10), 'refuse')
    assert.deepEqual((await view.of('w')).ids, evens(3010))
    assert.deepEqual((await new View(log, planOf({ events: 0 })).of('w')).ids, evens(3010))
  })

  it('settles before it is shown, and when that fails begins anew', async () => {
    const log = new EventLog(openMemoryStore())
    await log.append('w', events(0, 10), 'refuse')
    let settled = 0
    const view = new View<Ids>(log, {
      ...planOf({ events: 0 }),
      settle: async (state) => {
        settled += 1
        if (settled === 1) throw new Error('Not now.')
        state.ids.reverse()
      },
    })
    await assert.rejects(view.of('w'), /Not now/)
    assert.deepEqual((await view.of('w')).ids, evens(10).toReversed())
  })

  it('reads each event once however calls and appends meet', async () => {
    const store = openMemoryStore()
    const slow: EventStore = {
      ...store,
      async read(workspace, query) {
        await scheduler.wait(1)
        return store.read(workspace, query)
      },
    }
    const log = new EventLog(slow)
    const taken = { events: 0 }
    const view = new View(log, planOf(taken))
    await log.append('w', events(0, 4), 'refuse')
    const first = view.of('w')
    const second = view.of('w')
    await log.append('w', events(4, 4), 'refuse')
    await Promise.all([first, second, view.of('w')])
    assert.deepEqual((await view.of('w')).ids, evens(8))
    assert.equal(taken.events, 4)
  })

  it('is shown though its note cannot be written, or was garbled', async () => {
    const store = openMemoryStore()
    let isFull = true
    const log = new EventLog({
      ...store,
      async putNote(...given) {
        if (isFull) throw new EventwellError('storage_full', 'The disk is full.')
        return store.putNote(...given)
      },
    })
    await log.append('w', events(0, 6000), 'refuse')
    const view = new View(log, planOf({ events: 0 }))
    assert.deepEqual((await view.of('w')).ids, evens(6000))
    assert.equal(await log.note('w', 'view/ids'), undefined)
    isFull = false
    await log.append('w', events(6000, 6000), 'refuse')
    assert.deepEqual((await view.of('w')).ids, evens(12_000))
    assert.ok(await log.note('w', 'view/ids'))
    for (const garbled of ['', '{', '{"version":1}', '{"version":1,"tag":"x","position":0}\n{']) {
      await log.putNote('w', 'view/ids', garbled)
      assert.deepEqual((await new View(log, planOf({ events: 0 })).of('w')).ids, evens(12_000))
    }
  })
})
