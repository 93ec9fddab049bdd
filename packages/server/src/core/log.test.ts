import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { scheduler } from 'node:timers/promises'
import { openMemoryStore } from '../stores/memory/index.ts'
import { EventLog } from './log.ts'
import { defaultLimits, type Limits } from './limits.ts'
import type { NewEvent } from './event.ts'
import type { EventStore } from './store.ts'

const limits = { ...defaultLimits, appendEventsMax: 3, idCharsMax: 8, nameCharsMax: 10 }
const anEvent = (fields: Partial<NewEvent> = {}): NewEvent => {
  return { source: '/s', id: 'a', type: 't', ...fields }
}
const list = { order: 'position', direction: 'forward', limit: 10 } as const

describe('log', () => {
  const refused = [
    ['too many events', [1, 2, 3, 4].map((id) => anEvent({ id: `${id}` })), 'too_large', {}],
    ['an empty id', [anEvent({ id: '' })], 'invalid_event', { index: 0, field: 'id' }],
    [
      'a long id',
      [anEvent(), anEvent({ id: 'x'.repeat(9) })],
      'invalid_event',
      { index: 1, field: 'id' },
    ],
    [
      'a long subject',
      [anEvent({ subject: 'x'.repeat(11) })],
      'invalid_event',
      { index: 0, field: 'subject' },
    ],
    [
      'a long time',
      [anEvent({ time: `2026-01-01T00:00:00.${'1'.repeat(60)}Z` })],
      'invalid_event',
      { index: 0, field: 'time' },
    ],
    [
      'a large payload',
      [anEvent({ data: `"${'x'.repeat(limits.eventCharsMax)}"` })],
      'too_large',
      { index: 0, field: 'data' },
    ],
    [
      'too many facets',
      [
        anEvent({
          facets: Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`f${i}`, 'x'])),
        }),
      ],
      'invalid_event',
      { index: 0, field: 'facets' },
    ],
  ] as const
  for (const [name, events, code, place] of refused) {
    it(`refuses ${name}, naming the place, and stores nothing`, async () => {
      const log = new EventLog(openMemoryStore(), limits)
      await assert.rejects(log.append('w', events, 'refuse'), { code, place })
      assert.deepEqual((await log.read('w', list)).events, [])
    })
  }

  it('names every conflict', async () => {
    const log = new EventLog(openMemoryStore(), limits)
    await log.append('w', [anEvent(), anEvent({ id: 'b' })], 'refuse')
    const changed = ['a', 'c', 'b'].map((id) => anEvent({ id, data: '1' }))
    const places = [0, 2].map((index) => ({ index, field: 'id' }))
    await assert.rejects(log.append('w', changed, 'refuse'), { code: 'conflict', places })
  })

  it('refuses workspaces whose name could be a path', async () => {
    const log = new EventLog(openMemoryStore(), limits)
    for (const name of ['', '..', 'a/b', 'a b', 'x'.repeat(65)]) {
      await assert.rejects(log.append(name, [anEvent()], 'refuse'), { code: 'not_found' })
      await assert.rejects(log.read(name, list), { code: 'not_found' })
    }
  })

  it('gives a cursor at the end, from which later events are found', async () => {
    const log = new EventLog(openMemoryStore(), limits)
    const empty = await log.read('w', list)
    await log.append('w', [anEvent({ id: 'a' })], 'refuse')
    const first = await log.read('w', { ...list, cursor: empty.cursor })
    assert.deepEqual([first.events.map(({ id }) => id), first.more], [['a'], false])
    const facets = [{ name: 'type', values: ['rare'] }]
    await log.append('w', [anEvent({ id: 'b' })], 'refuse')
    const filtered = await log.read('w', { ...list, facets, cursor: first.cursor })
    await log.append('w', [anEvent({ id: 'c' })], 'refuse')
    const after = await log.read('w', { ...list, cursor: filtered.cursor })
    assert.deepEqual(
      after.events.map(({ id }) => id),
      ['c'],
      'a filtered reader goes on from all that it looked at',
    )
  })

  it('refuses a cursor of another kind of list', async () => {
    const log = new EventLog(openMemoryStore(), limits)
    await log.append('w', [anEvent()], 'refuse')
    const { cursor } = await log.read('w', { ...list, order: 'time' })
    await assert.rejects(log.read('w', { ...list, cursor }), { code: 'invalid_cursor' })
  })

  it('refuses appends as busy while too much waits, and takes them again after that', async () => {
    const memory = openMemoryStore()
    const gate = Promise.withResolvers<void>()
    const slow: EventStore = {
      ...memory,
      async append(...args) {
        await gate.promise
        return memory.append(...args)
      },
    }
    const log = new EventLog(slow, { ...limits, pendingCharsMax: 100 })
    const waiting = log.append('w', [anEvent({ data: `"${'x'.repeat(90)}"` })], 'refuse')
    const more = [anEvent({ id: 'b', data: `"${'x'.repeat(20)}"` })]
    await assert.rejects(log.append('w', more, 'refuse'), { code: 'busy' })
    gate.resolve()
    await waiting
    assert.equal((await log.append('w', more, 'refuse'))[0]?.outcome, 'created')
  })

  it('refuses reads as busy while too many wait', async () => {
    const memory = openMemoryStore()
    const gate = Promise.withResolvers<void>()
    const slow: EventStore = {
      ...memory,
      async read(...args) {
        await gate.promise
        return memory.read(...args)
      },
    }
    const log = new EventLog(slow, { ...limits, pendingReadsMax: 1 })
    const waiting = log.read('w', list)
    await assert.rejects(log.read('w', list), { code: 'busy' })
    gate.resolve()
    await waiting
    await log.read('w', list)
  })

  describe('questions about many events', () => {
    const slowly = (limits: Partial<Limits>) => {
      const memory = openMemoryStore()
      const store: EventStore = {
        ...memory,
        async summarize(_workspace, _summary, after) {
          await scheduler.wait(1)
          return { rows: [], next: after + 1, head: 1 }
        },
        async read() {
          await scheduler.wait(1)
          return { events: [], more: true, next: { position: 1 }, head: 1 }
        },
      }
      return new EventLog(store, { ...defaultLimits, ...limits })
    }

    it('are ended after their time', async () => {
      const log = slowly({ summaryMsMax: 5 })
      await assert.rejects(log.summarize('w', {}), { code: 'too_costly' })
      await assert.rejects(log.readAfter('w', list), { code: 'too_costly' })
    })

    it('are ended when nobody waits for the answer', async () => {
      const gone = new AbortController()
      const asked = slowly({}).summarize('w', {}, gone.signal)
      gone.abort()
      await assert.rejects(asked, { code: 'busy' })
    })

    it('are refused when too many are asked at once, and taken again after that', async () => {
      const log = slowly({ summaryMsMax: 5, summariesMax: 1 })
      const first = log.summarize('w', {})
      await assert.rejects(log.summarize('w', {}), { code: 'busy' })
      await assert.rejects(first, { code: 'too_costly' })
      await assert.rejects(log.summarize('w', {}), { code: 'too_costly' })
    })

    it('are refused with too many groups', async () => {
      const log = new EventLog(openMemoryStore(), { ...defaultLimits, summaryRowsMax: 2 })
      const events = ['a', 'b', 'c'].map((id) => anEvent({ id, type: id }))
      await log.append('w', events, 'refuse')
      await assert.rejects(log.summarize('w', { groupBy: ['type'] }), { code: 'too_costly' })
      assert.equal((await log.summarize('w', { groupBy: ['source'] })).length, 1)
    })
  })

  it('refuses a note that is too large, and a page without an end', async () => {
    const log = new EventLog(openMemoryStore(), { ...limits, noteCharsMax: 3 })
    await log.putNote('w', 'a', 'xyz')
    await assert.rejects(log.putNote('w', 'a', 'wxyz'), { code: 'too_large' })
    assert.equal(await log.note('w', 'a'), 'xyz')
    await assert.rejects(log.readAfter('w', { ...list, limit: 1e6 }), { code: 'invalid_query' })
  })
})
