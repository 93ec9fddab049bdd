import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Consumers } from '../src/core/consumers.ts'
import { EventLog } from '../src/core/log.ts'
import type { EventStore } from '../src/core/store.ts'
import { startOf } from '../src/dialects/native/read/consumer-start.ts'
import { openMemoryStore } from '../src/stores/memory/index.ts'
import { openSqliteStore } from '../src/stores/sqlite/index.ts'
import { temporaryFolder } from './support/folder.ts'
import { NativePart, type PartAnswer } from './support/native-part.ts'

const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `${index + 1}` }))

async function withEvents(count: number): Promise<NativePart> {
  const part = new NativePart(openMemoryStore())
  await part.append(numbered(count))
  return part
}

function refused({ status, body, headers }: PartAnswer) {
  return [status, body['code'], body['parameter'], headers['retry-after']]
}

describe('a named consumer', () => {
  it('is where it was committed to be, and lags behind what came since (PROTOCOL 7.1)', async () => {
    const part = await withEvents(10)
    const first = await part.ask('GET', '/events?limit=4')
    const { cursor } = first.body
    const before = Date.now()
    const { status, body } = await part.ask('PUT', '/consumers/billing', { cursor })
    assert.deepEqual([status, body['cursor'], body['lag']], [200, cursor, 6])
    assert.equal(body['sequence'], '0000000000000004')
    assert.ok(Date.parse(body['committedAt'] as string) >= before)
    await part.append([{ id: 'later' }])
    const got = await part.ask('GET', '/consumers/billing')
    assert.deepEqual(got.body, { ...body, lag: 7 })
    const list = await part.ask('GET', '/consumers')
    assert.deepEqual(list.body, { consumers: [{ ...body, lag: 7 }] })
    assert.deepEqual((await part.ask('GET', '/consumers', undefined, 'other')).body, {
      consumers: [],
    })
    assert.equal((await part.ask('DELETE', '/consumers/billing')).status, 204)
    assert.deepEqual(refused(await part.ask('GET', '/consumers/billing')).slice(0, 2), [
      404,
      'not_found',
    ])
  })

  it('goes back only when it is told to (PROTOCOL 7.1)', async () => {
    const part = await withEvents(10)
    const cursorAt = (position: number) => part.log.cursorAt('w', position)
    const commit = (position: number, more = {}) =>
      cursorAt(position).then((cursor) => part.ask('PUT', '/consumers/c', { cursor, ...more }))
    assert.equal((await commit(5)).status, 200)
    assert.equal((await commit(5)).status, 200)
    assert.deepEqual(refused(await commit(4)), [409, 'conflict', 'cursor', undefined])
    assert.deepEqual(refused(await commit(4, { rewind: false })).slice(0, 1), [409])
    assert.equal((await commit(4, { rewind: true })).body['lag'], 6)
    assert.equal((await part.ask('GET', '/consumers/c')).body['sequence'], '0000000000000004')
  })

  it('is committed by whoever has the lease, until it is over (PROTOCOL 7.2)', async (test) => {
    test.mock.timers.enable({ apis: ['Date'], now: 1_000_000 })
    const part = await withEvents(10)
    const cursor = await part.log.cursorAt('w', 3)
    const lease = (body: object) => part.ask('POST', '/consumers/c/lease', body)
    const mine = await lease({ seconds: 10, holder: 'worker-1' })
    const token = mine.body['lease'] as string
    assert.deepEqual(mine.body, {
      lease: token,
      expiresAt: new Date(1_010_000).toISOString(),
      cursor: null,
    })
    const seen = await part.ask('GET', '/consumers/c')
    assert.deepEqual(seen.body, {
      name: 'c',
      cursor: null,
      sequence: null,
      committedAt: null,
      lag: 10,
      lease: { holder: 'worker-1', expiresAt: new Date(1_010_000).toISOString() },
    })
    assert.ok(!JSON.stringify(seen.body).includes(token))
    test.mock.timers.tick(2500)
    const conflict = [409, 'conflict', undefined, '8']
    assert.deepEqual(refused(await lease({ seconds: 10 })), conflict)
    assert.deepEqual(refused(await lease({ seconds: 10, lease: 'guess' })), conflict)
    assert.deepEqual(refused(await part.ask('PUT', '/consumers/c', { cursor })), conflict)
    assert.deepEqual(
      refused(await part.ask('PUT', '/consumers/c', { cursor, lease: 'guess' })),
      conflict,
    )
    assert.deepEqual(refused(await part.ask('DELETE', '/consumers/c')), conflict)
    const giveBack = (token: string) =>
      part.ask('DELETE', '/consumers/c/lease', undefined, 'w', { 'eventwell-lease': token })
    assert.deepEqual(refused(await giveBack('guess')), conflict)
    assert.equal((await part.ask('PUT', '/consumers/c', { cursor, lease: token })).status, 200)

    const renewed = await lease({ seconds: 10, lease: token })
    assert.deepEqual(renewed.body, {
      lease: token,
      expiresAt: new Date(1_012_500).toISOString(),
      cursor,
    })
    const { lease: shown } = (await part.ask('GET', '/consumers/c')).body
    assert.equal((shown as { holder: string }).holder, 'worker-1')
    test.mock.timers.tick(10_000)
    // Over: it is shown no more, and whoever comes first has the next.
    assert.equal((await part.ask('GET', '/consumers/c')).body['lease'], undefined)
    const theirs = await lease({ seconds: 5 })
    assert.notEqual(theirs.body['lease'], token)
    assert.deepEqual(refused(await lease({ seconds: 5, lease: token })), [
      409,
      'conflict',
      undefined,
      '5',
    ])
    const given = await giveBack(theirs.body['lease'] as string)
    assert.equal(given.status, 204)
    // Who lost a lease is told, even when nobody has it now.
    const late = await part.ask('PUT', '/consumers/c', { cursor, lease: token })
    assert.deepEqual(refused(late), [409, 'conflict', 'lease', undefined])
    assert.equal((await part.ask('PUT', '/consumers/c', { cursor })).status, 200)
    assert.equal((await lease({ seconds: 1 })).status, 200)
  })

  it('may be committed late by a holder whom nobody has followed (PROTOCOL 7.2)', async () => {
    let nowMs = 0
    const log = new EventLog(openMemoryStore())
    const consumers = new Consumers(log, () => nowMs)
    const { lease } = await consumers.takeLease('w', 'c', { seconds: 1 })
    nowMs = 5000
    const cursor = await log.cursorAt('w', 0)
    const { position } = await consumers.commit('w', 'c', { cursor, lease: lease.token })
    assert.equal(position, 0)
    const again = await consumers.takeLease('w', 'c', { seconds: 1, lease: lease.token })
    assert.deepEqual(again.lease, { token: lease.token, expiresAtMs: 6000, holder: undefined })
  })

  it('gives one lease when many ask at once, and never goes back by commits that meet (PROTOCOL 7.1, 7.2)', async () => {
    const part = await withEvents(50)
    const asked = await Promise.all(
      Array.from({ length: 20 }, () => part.ask('POST', '/consumers/c/lease', { seconds: 60 })),
    )
    assert.deepEqual(
      asked.map(({ status }) => status).toSorted((one, other) => one - other),
      [200, ...Array.from({ length: 19 }, () => 409)],
    )
    const committed = await Promise.all(
      numbered(50).map(async (_, index) => {
        const cursor = await part.log.cursorAt('w', ((index * 37) % 50) + 1)
        return part.ask('PUT', '/consumers/d', { cursor })
      }),
    )
    const sequences = committed
      .filter(({ status }) => status === 200)
      .map(({ body }) => Number(body['sequence']))
    assert.deepEqual(
      sequences,
      sequences.toSorted((one, other) => one - other),
    )
    assert.equal((await part.ask('GET', '/consumers/d')).body['lag'], 0)
  })

  it('is one of a thousand at most (PROTOCOL 7.1)', async () => {
    const log = new EventLog(openMemoryStore())
    const consumers = new Consumers(log)
    const cursor = await log.cursorAt('w', 0)
    for (let index = 0; index < 998; index++) {
      await log.putNote('w', `consumer/${index}`, '{"position":0}')
    }
    const results = await Promise.allSettled(
      ['x', 'y', 'z', 'x'].map((name) => consumers.commit('w', name, { cursor })),
    )
    assert.deepEqual(
      results.map(({ status }) => status).filter((status) => status === 'rejected'),
      ['rejected'],
    )
    assert.equal((await consumers.list('w')).length, 1000)
    await assert.rejects(consumers.commit('w', 'more', { cursor }), { code: 'conflict' })
    await consumers.forget('w', '5')
    await consumers.commit('w', 'more', { cursor })
    await consumers.commit('other', 'more', { cursor: await log.cursorAt('other', 0) })
  })

  it('and its lease are there after a restart (PROTOCOL 7.1, 7.2)', async () => {
    const folder = temporaryFolder()
    let store: EventStore = openSqliteStore({ dataFolder: folder.path })
    const first = new NativePart(store)
    await first.append(numbered(10))
    const { body: held } = await first.ask('POST', '/consumers/c/lease', { seconds: 3600 })
    const cursor = await first.log.cursorAt('w', 7)
    const { body } = await first.ask('PUT', '/consumers/c', { cursor, lease: held['lease'] })
    await store.close()
    store = openSqliteStore({ dataFolder: folder.path })
    const second = new NativePart(store)
    assert.deepEqual((await second.ask('GET', '/consumers/c')).body, body)
    assert.equal((await second.ask('PUT', '/consumers/c', { cursor })).status, 409)
    const again = await second.ask('PUT', '/consumers/c', { cursor, lease: held['lease'] })
    assert.equal(again.status, 200)
    await store.close()
    folder.remove()
  })

  it('is where a list of its name begins (PROTOCOL 4.2, 7.1)', async () => {
    const part = await withEvents(10)
    const start = (consumer: string | undefined, more = {}) =>
      startOf(part.log, 'w', consumer, { direction: 'forward', ...more })
    assert.equal(await start('new'), undefined)
    assert.equal(await start(undefined, { cursor: 'any' }), 'any')
    const cursor = await part.log.cursorAt('w', 6)
    await part.ask('PUT', '/consumers/c', { cursor })
    assert.equal(await start('c'), cursor)
    await part.ask('POST', '/consumers/leased/lease', { seconds: 5 })
    assert.equal(await start('leased'), undefined)
    assert.equal(await start(undefined, { cursor: 'oldest' }), undefined)
    await assert.rejects(start(undefined, { cursor: 'oldest', direction: 'backward' }), {
      code: 'invalid_query',
      place: { field: 'after' },
    })
    for (const [consumer, more] of [
      ['c', { cursor }],
      ['c', { cursor: 'oldest' }],
      ['c', { direction: 'backward' }],
      ['no/name', {}],
    ] as const) {
      const place = { field: 'consumer' }
      await assert.rejects(start(consumer, more), { code: 'invalid_query', place })
    }
  })

  const names = ['a'.repeat(65), 'a%20b', 'ü', '%2e%2e']
  for (const name of names) {
    it(`cannot be called ${name} (PROTOCOL 7.1)`, async () => {
      const part = await withEvents(1)
      const answer = await part.ask('PUT', `/consumers/${name}`, {
        cursor: await part.log.cursorAt('w', 1),
      })
      assert.ok([400, 404].includes(answer.status), `${answer.status}`)
    })
  }

  const wrong: [string, 'PUT' | 'POST' | 'DELETE', string, unknown, string, string | undefined][] =
    [
      ['no JSON', 'PUT', '/consumers/c', '{', 'invalid_json', undefined],
      ['an array', 'PUT', '/consumers/c', [], 'invalid_query', undefined],
      ['no cursor', 'PUT', '/consumers/c', {}, 'invalid_query', 'cursor'],
      ['a cursor of nobody', 'PUT', '/consumers/c', { cursor: 'x' }, 'invalid_cursor', undefined],
      [
        'a cursor that is a number',
        'PUT',
        '/consumers/c',
        { cursor: 5 },
        'invalid_query',
        'cursor',
      ],
      [
        'another member',
        'PUT',
        '/consumers/c',
        { cursor: 'x', force: true },
        'invalid_query',
        'force',
      ],
      ['no seconds', 'POST', '/consumers/c/lease', {}, 'invalid_query', 'seconds'],
      ['no time at all', 'POST', '/consumers/c/lease', { seconds: 0 }, 'invalid_query', 'seconds'],
      [
        'too much time',
        'POST',
        '/consumers/c/lease',
        { seconds: 3601 },
        'invalid_query',
        'seconds',
      ],
      ['half a second', 'POST', '/consumers/c/lease', { seconds: 0.5 }, 'invalid_query', 'seconds'],
      ['no token', 'DELETE', '/consumers/c/lease', undefined, 'invalid_query', 'eventwell-lease'],
      [
        'a token in the address',
        'DELETE',
        '/consumers/c?lease=a',
        undefined,
        'invalid_query',
        'lease',
      ],
      ['another parameter', 'DELETE', '/consumers/c?force=1', undefined, 'invalid_query', 'force'],
      ['a consumer of nobody', 'DELETE', '/consumers/c', undefined, 'not_found', undefined],
    ]
  for (const [name, method, path, body, code, parameter] of wrong) {
    it(`refuses ${name}`, async () => {
      const part = await withEvents(1)
      const answer = await part.ask(method, path, body as object)
      assert.deepEqual([answer.body['code'], answer.body['parameter']], [code, parameter])
    })
  }
})
