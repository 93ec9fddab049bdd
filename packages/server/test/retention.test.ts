import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { scheduler } from 'node:timers/promises'
import { EventwellError } from '../src/core/errors.ts'
import { EventLog } from '../src/core/log.ts'
import { RetentionKeeper } from '../src/core/removal/retention-keeper.ts'
import type { Retention } from '../src/core/removal/retention.ts'
import type { EventStore } from '../src/core/store.ts'
import { openMemoryStore } from '../src/stores/memory/index.ts'
import { openSqliteStore } from '../src/stores/sqlite/index.ts'
import { temporaryFolder } from './support/folder.ts'
import { NativePart } from './support/native-part.ts'

const dayMs = 86_400_000
const rules: Retention = { days: 90, types: { 'debug.*': 7, 'audit.login': 400 } }
const types = ['order.created', 'debug.trace', 'audit.login'] as const
const all = { order: 'position', direction: 'forward', limit: 1000 } as const

const ofType = (...values: string[]) => ({ facets: [{ name: 'type', values }] })

/** A store whose clock stands at a day, and a log with an event of each type for every day before. */
async function daily(days: number, retention: Retention = rules) {
  const clock = { nowMs: 0 }
  const store = openMemoryStore(() => clock.nowMs)
  const part = new NativePart(store, retention)
  for (let day = 1; day <= days; day++) {
    clock.nowMs = day * dayMs
    await part.append(types.map((type) => ({ id: `${type} ${day}`, type })))
  }
  return { clock, store, part, log: part.log }
}

async function typesLeft(log: EventLog): Promise<Record<string, number>> {
  const rows = await log.summarize('w', { groupBy: ['type'] })
  return Object.fromEntries(rows.map(({ group, events }) => [group[0], events]))
}

describe('retention', () => {
  it('removes the replaced states of an event that is younger itself', async () => {
    const clock = { nowMs: dayMs }
    const store = openMemoryStore(() => clock.nowMs)
    const log = new EventLog(store)
    const state = (data: string) => ({ source: '/s', id: 'a', type: 't', data })
    await log.append('w', [state('1')], 'replace')
    clock.nowMs = 2 * dayMs
    await log.append('w', [state('2')], 'replace')
    const removed: number[] = []
    const counted = new EventLog({
      ...store,
      async remove(workspace, removal, reason, after) {
        removed.push(after)
        return store.remove(workspace, removal, reason, after)
      },
    })
    // The first state is withdrawn, and too young to go: the sweep may not pass it by.
    await counted.expiry.expire('w', { days: 10 }, 3 * dayMs)
    assert.deepEqual(await counted.expiry.swept('w').then(([rule]) => rule?.swept), 0)
    await counted.expiry.expire('w', { days: 10 }, 11.5 * dayMs)
    assert.deepEqual(await counted.expiry.swept('w').then(([rule]) => rule?.swept), 1)
    assert.deepEqual(removed, [0])
    assert.equal((await log.read('w', all)).events.length, 1)
  })

  it('removes what is over by its type, day after day, and nothing else (PROTOCOL 9.1)', async () => {
    const { clock, part, log } = await daily(100)
    for (const [day, orders, traces, logins] of [
      [100, 90, 7, 100],
      [101, 89, 6, 100],
      [107, 83, 0, 100],
      [200, 0, 0, 100],
      [499.5, 0, 0, 1],
      [600, 0, 0, 0],
    ] as const) {
      clock.nowMs = day * dayMs + 1
      await log.expiry.expire('w', rules, clock.nowMs)
      const { [types[0]]: a = 0, [types[1]]: b = 0, [types[2]]: c = 0 } = await typesLeft(log)
      assert.deepEqual([a, b, c], [orders, traces, logins], `day ${day}`)
    }
    await part.append([{ id: 'new' }])
    assert.equal((await log.read('w', all)).events[0]!.position, 301)
    const { body } = await part.ask('GET', '/retention')
    const rule = (type: string, days: number, sequence: string) => {
      return { type, days, events: 100, sequence, sweptAt: '1971-08-24T00:00:00.001Z' }
    }
    assert.deepEqual(body, {
      rules: [
        rule('*', 90, '0000000000000298'),
        rule('debug.*', 7, '0000000000000299'),
        rule('audit.login', 400, '0000000000000300'),
      ],
    })
  })

  it('goes by when events were received, never by when they happened (PROTOCOL 9.1)', async () => {
    const part = new NativePart(openMemoryStore(() => 1000 * dayMs))
    await part.append([{ id: 'backfill', time: '1970-01-02T00:00:00Z' }])
    await part.log.expiry.expire('w', { days: 1 }, 1000.5 * dayMs)
    assert.deepEqual(await part.ids(), ['backfill'])
    await part.log.expiry.expire('w', { days: 1 }, 1001.5 * dayMs)
    assert.deepEqual(await part.ids(), [])
  })

  it('follows rules that change: shorter, longer, new, gone', async () => {
    const { log } = await daily(100)
    const nowMs = 100 * dayMs + 1
    const left = async (retention: Retention) => {
      await log.expiry.expire('w', retention, nowMs)
      const { [types[0]]: a = 0, [types[1]]: b = 0, [types[2]]: c = 0 } = await typesLeft(log)
      return [a, b, c]
    }
    assert.deepEqual(await left({ days: 80 }), [80, 80, 80])
    assert.deepEqual(await left({ days: 85 }), [80, 80, 80])
    assert.deepEqual(await left({ days: 70, types: { 'audit.*': 100 } }), [70, 70, 80])
    assert.deepEqual(await left({ days: 70, types: { 'audit.*': 75, 'debug.*': 2 } }), [70, 2, 75])
    // A type that falls back under the rule for all: what was passed over is looked at again.
    assert.deepEqual(await left({ days: 70 }), [70, 2, 70])
    assert.deepEqual(await left({}), [70, 2, 70])
    assert.deepEqual(await left({ types: { 'order.created': 1 } }), [1, 2, 70])
  })

  it('tells a reader whom it has overtaken, and only one who might have chosen what went (PROTOCOL 4.3, 9.1)', async () => {
    const { log, part, store } = await daily(100)
    const cursor = await log.cursorAt('w', 6)
    const gap = async (query: string) => (await part.ask('GET', `/events?${query}`)).body['gap']
    assert.equal(await gap(`after=${cursor}`), undefined)
    await log.expiry.expire('w', rules, 100 * dayMs + 1)
    const last = { order: 28, trace: 278 }
    for (const at of [log, new EventLog(store)]) {
      assert.equal(await at.overtaken('w', {}, 6), last.trace)
      assert.equal(await at.overtaken('w', {}, last.trace), undefined)
      assert.equal(await at.overtaken('w', ofType('order.created'), 6), last.order)
      assert.equal(await at.overtaken('w', ofType('order.created'), last.order), undefined)
      assert.equal(await at.overtaken('w', ofType('audit.login'), 0), undefined)
      assert.equal(await at.overtaken('w', { receivedFromMs: 93 * dayMs + 1 }, 6), undefined)
      assert.equal(await at.overtaken('w', { receivedFromMs: 93 * dayMs }, 6), last.trace)
      assert.equal(await at.overtaken('other', {}, 0), undefined)
    }
    assert.deepEqual(await gap(`after=${cursor}`), { through: '0000000000000278' })
    assert.deepEqual(await gap(`after=${cursor}&type=order.*`), { through: '0000000000000028' })
    assert.equal(await gap(`after=${cursor}&type=audit.login`), undefined)
    assert.equal(await gap(`after=${await log.cursorAt('w', 278)}`), undefined)
    // What was left to a rule of its own is not any more once that rule is gone.
    await log.expiry.expire('w', { days: 90 }, 100 * dayMs + 1)
    assert.equal(await log.overtaken('w', ofType('audit.login'), 0), 30)
  })

  it('tells readers even when the power fails before it could note what went (PROTOCOL 9.1)', async () => {
    const { store, log } = await daily(10, {})
    const failing: EventStore = {
      ...store,
      async remove(...given) {
        await store.remove(...given)
        throw new Error('The power is gone.')
      },
    }
    const crashed = new EventLog(failing)
    await assert.rejects(crashed.expiry.expire('w', { days: 5 }, 10 * dayMs + 1), /power/)
    const restarted = new EventLog(store)
    for (const at of [crashed, restarted]) {
      assert.equal(await at.overtaken('w', {}, 3), 15)
      assert.equal(await at.overtaken('w', {}, 15), undefined)
    }
    await restarted.expiry.expire('w', { days: 5 }, 10 * dayMs + 1)
    assert.equal(await restarted.overtaken('w', {}, 3), 15)
    assert.equal(await log.overtaken('w', {}, 3), 15)
  })

  it('removes nothing that it could not note before', async () => {
    const { store } = await daily(10, {})
    let isFull = true
    const log = new EventLog({
      ...store,
      async putNote(...given) {
        if (isFull) throw new EventwellError('storage_full', 'The disk is full.')
        return store.putNote(...given)
      },
    })
    const expire = () => log.expiry.expire('w', { days: 5 }, 10 * dayMs + 1)
    await assert.rejects(expire(), { code: 'storage_full' })
    assert.equal((await log.read('w', all)).events.length, 30)
    assert.equal(await log.overtaken('w', {}, 0), undefined)
    isFull = false
    await expire()
    assert.equal((await log.read('w', all)).events.length, 15)
  })

  it('lets others write between its parts, on SQLite, and goes on after a restart', async () => {
    const folder = temporaryFolder()
    let store: EventStore = openSqliteStore({ dataFolder: folder.path })
    let log = new EventLog(store)
    const events = Array.from({ length: 6000 }, (_, index) => {
      return { source: '/s', id: `${index}`, type: types[index % 3]!, data: `"payload ${index}"` }
    })
    await log.append('w', events, 'refuse')
    const nowMs = Date.now()
    let parts = 0
    let appended = 0
    const watched = new EventLog({
      ...store,
      async remove(...given) {
        parts += 1
        const removing = store.remove(...given)
        const id = `during ${parts}`
        await log.append('w', [{ source: '/s', id, type: 'audit.login' }], 'refuse')
        appended += 1
        return removing
      },
    })
    await watched.expiry.expire('w', rules, nowMs + 8 * dayMs)
    assert.ok(parts > 3, `${parts} parts`)
    assert.equal(appended, parts)
    assert.deepEqual(await typesLeft(log), { 'order.created': 2000, 'audit.login': 2000 + parts })
    await store.close()

    store = openSqliteStore({ dataFolder: folder.path })
    log = new EventLog(store)
    assert.equal(await log.overtaken('w', {}, 5), 5999)
    assert.equal(await log.overtaken('w', ofType('order.created'), 0), undefined)
    await log.expiry.expire('w', rules, nowMs + 91 * dayMs)
    assert.deepEqual(await typesLeft(log), { 'audit.login': 2000 + parts })
    await log.expiry.expire('w', rules, nowMs + 401 * dayMs)
    assert.deepEqual(await typesLeft(log), {})
    const [{ position } = { position: 0 }] = await log.append('w', events.slice(0, 1), 'refuse')
    assert.equal(position, 6001 + parts)
    await store.close()
    folder.remove()
  })
})

describe('the keeper of retention', () => {
  it('sweeps every workspace, says once what fails, and tries again', async () => {
    const { store, clock } = await daily(10, {})
    let isBroken = true
    const log = new EventLog({
      ...store,
      async remove(...given) {
        if (isBroken && given[0] === 'w') throw new Error('The disk is gone.')
        return store.remove(...given)
      },
    })
    const other = [{ source: '/s', id: '1', type: 't' }]
    await log.append('other', other, 'refuse')
    clock.nowMs = 20 * dayMs
    const failures: string[] = []
    const keeper = new RetentionKeeper({
      log,
      workspaces: ['w', 'other'],
      retentionOf: () => ({ days: 1 }),
      onFailure: (workspace, error) => failures.push(`${workspace}: ${(error as Error).message}`),
      now: () => clock.nowMs,
    })
    await keeper.sweep()
    await keeper.sweep()
    assert.deepEqual(failures, ['w: The disk is gone.'])
    assert.deepEqual((await log.read('other', all)).events, [])
    isBroken = false
    await keeper.sweep()
    assert.deepEqual((await log.read('w', all)).events, [])
    isBroken = true
    await log.append('w', other, 'refuse')
    clock.nowMs += 2 * dayMs
    await keeper.sweep()
    assert.equal(failures.length, 2)
  })

  it('sweeps once at a time, and ends between two parts', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout'] })
    const { store, clock } = await daily(3, {})
    clock.nowMs = 20 * dayMs
    const part = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    let removals = 0
    const log = new EventLog({
      ...store,
      async remove(...given) {
        removals += 1
        begun.resolve()
        await part.promise
        // As if there were more to do.
        return { ...(await store.remove(...given)), next: given[3] + 1 }
      },
    })
    const keeper = new RetentionKeeper({
      log,
      workspaces: ['w'],
      retentionOf: () => ({ days: 1 }),
      onFailure: (_, error) => assert.fail(error as Error),
      now: () => clock.nowMs,
    })
    keeper.start()
    await begun.promise
    test.mock.timers.tick(200_000)
    const sweep = keeper.sweep()
    const stopped = keeper.stop()
    part.resolve()
    test.mock.timers.tick(1000)
    await Promise.all([sweep, stopped])
    assert.equal(removals, 1)
    // What was counted is noted: nothing is left in doubt by ending.
    assert.equal(await new EventLog(store).overtaken('w', {}, 0), 9)
    test.mock.timers.tick(200_000)
    assert.equal(removals, 1)
  })

  it('begins at once and goes on every minute until it is stopped', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout'] })
    let sweeps = 0
    const keeper = new RetentionKeeper({
      log: new EventLog(openMemoryStore()),
      workspaces: ['w'],
      retentionOf: () => {
        sweeps += 1
        return { days: 1 }
      },
      onFailure: (_, error) => assert.fail(error as Error),
    })
    keeper.start()
    for (let minute = 1; minute <= 3; minute++) {
      await scheduler.yield()
      assert.equal(sweeps, minute)
      test.mock.timers.tick(59_999)
      assert.equal(sweeps, minute)
      test.mock.timers.tick(1)
    }
    await keeper.stop()
    test.mock.timers.tick(200_000)
    assert.equal(sweeps, 4)
  })
})
