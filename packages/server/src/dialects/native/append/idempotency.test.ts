import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openMemoryStore } from '../../../stores/memory/index.ts'
import { openSqliteStore } from '../../../stores/sqlite/index.ts'
import { temporaryFolder } from '../../../../test/support/folder.ts'
import { MemoryApp } from '../../../../test/support/memory-app.ts'
import { idempotencyKey } from './idempotency.ts'

const url = '/eventwell/events'
const event = (id: string, rest: object = {}) => ({
  specversion: '1.0',
  id,
  source: '/s',
  type: 't',
  ...rest,
})
const keyed = (key: string, rest: object = {}) => ({ 'idempotency-key': key, ...rest })

describe('header Idempotency-Key', () => {
  const cases: readonly [string, string | string[] | undefined, string | undefined][] = [
    ['none', undefined, undefined],
    ['quoted', '"8e03978e-40d5-43dd"', '8e03978e-40d5-43dd'],
    ['quoted, with what is escaped', ' "a b\\"c\\\\" ', 'a b"c\\'],
    ['bare', 'a-1;x', 'a-1;x'],
    ['255 characters', 'x'.repeat(255), 'x'.repeat(255)],
  ]
  for (const [name, header, key] of cases) {
    it(name, () => assert.equal(idempotencyKey(header), key))
  }
  for (const header of ['', '""', 'a b', '"a', '"a"b"', 'é', '"\t"', 'x'.repeat(256), ['a', 'b']]) {
    it(`refuses ${JSON.stringify(header).slice(0, 20)}`, () => {
      const place = { field: 'idempotency-key' }
      assert.throws(() => idempotencyKey(header), { code: 'invalid_query', place })
    })
  }
})

describe('a request with a key', () => {
  it('is answered again as it was, and appends nothing', async (t) => {
    const app = new MemoryApp()
    t.after(() => app.close())
    const first = await app.post(url, [event('a'), event('b')], keyed('"k"'))
    assert.equal(first.headers['idempotency-replayed'], undefined)
    const again = await app.post(url, [event('a'), event('b')], keyed('k'))
    assert.equal(again.headers['idempotency-replayed'], 'true')
    assert.deepEqual([again.statusCode, again.body], [200, first.body])
    assert.equal((await app.log.state('default')).head, 2)
    const elsewhere = await app.post(url, [event('a'), event('b')], {
      ...keyed('k'),
      authorization: 'Bearer other',
    })
    assert.equal(elsewhere.headers['idempotency-replayed'], undefined)
  })

  it('with mode=each is answered again with every conflict and rejection', async (t) => {
    const app = new MemoryApp()
    t.after(() => app.close())
    await app.post(url, event('a'))
    const body = [{}, event('a', { data: 1 }), event('b'), event('a')]
    const first = await app.post(`${url}?mode=each`, body, keyed('k'))
    await app.post(url, event('c'))
    const again = await app.post(`${url}?mode=each`, body, keyed('k'))
    assert.equal(again.headers['idempotency-replayed'], 'true')
    assert.deepEqual([again.statusCode, again.body], [207, first.body])
    const alone = await app.post(`${url}?mode=each`, [{}], keyed('none'))
    const aloneAgain = await app.post(`${url}?mode=each`, [{}], keyed('none'))
    assert.equal(aloneAgain.headers['idempotency-replayed'], 'true')
    assert.equal(alone.body, aloneAgain.body)
  })

  it('must say the same', async (t) => {
    const app = new MemoryApp()
    t.after(() => app.close())
    const ce = { 'ce-specversion': '1.0', 'ce-id': 'x', 'ce-source': '/s', 'ce-type': 't' }
    await app.post(url, event('a'), keyed('json'))
    await app.post(url, '', keyed('binary', ce))
    const replayed = await app.post(url, '', keyed('binary', ce))
    assert.equal(replayed.headers['idempotency-replayed'], 'true')
    const others = [
      await app.post(url, event('b'), keyed('json')),
      await app.post(`${url}?mode=each`, event('a'), keyed('json')),
      await app.post(url, '', keyed('binary', { ...ce, 'ce-subject': 'y' })),
    ]
    for (const { statusCode, ...answer } of others) {
      assert.deepEqual([statusCode, answer.json().code], [422, 'key_reused'])
    }
    assert.equal((await app.log.state('default')).head, 2)
  })

  it('that was refused leaves its key free', async (t) => {
    const app = new MemoryApp()
    t.after(() => app.close())
    assert.equal((await app.post(url, [{}], keyed('k'))).statusCode, 400)
    assert.equal((await app.post(url, event('a'), keyed('k'))).statusCode, 200)
  })

  it('is asked to wait while the first one is at work', async (t) => {
    const store = openMemoryStore()
    const begun = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    const append: typeof store.append = async (...args) => {
      begun.resolve()
      await goOn.promise
      return store.append(...args)
    }
    const app = new MemoryApp({ store: { ...store, append } })
    t.after(() => app.close())
    const first = app.post(url, event('a'), keyed('k'))
    await begun.promise
    const second = await app.post(url, event('a'), keyed('k'))
    assert.deepEqual([second.statusCode, second.json().code], [409, 'conflict'])
    assert.equal(second.headers['retry-after'], '1')
    goOn.resolve()
    const { body } = await first
    assert.equal((await app.post(url, event('a'), keyed('k'))).body, body)
  })

  it('is answered again after a restart', async (t) => {
    const folder = temporaryFolder()
    t.after(() => folder.remove())
    const bodies: string[] = []
    for (const isReplay of [false, true]) {
      const app = new MemoryApp({ store: openSqliteStore({ dataFolder: folder.path }) })
      const body = [event('a'), {}]
      const response = await app.post(`${url}?mode=each`, body, keyed('k'))
      const none = await app.post(url, '[]', keyed('none'))
      await app.close()
      for (const { headers } of [response, none]) {
        assert.equal(headers['idempotency-replayed'], isReplay ? 'true' : undefined)
      }
      bodies.push(response.body)
    }
    assert.equal(bodies[0], bodies[1])
  })

  it('is forgotten after a day', async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: 1_700_000_000_000 })
    const app = new MemoryApp()
    t.after(() => app.close())
    await app.post(url, event('a'), keyed('k'))
    t.mock.timers.tick(24 * 60 * 60 * 1000 - 1)
    const before = await app.post(url, event('a'), keyed('k'))
    assert.equal(before.json().events[0].outcome, 'created')
    t.mock.timers.tick(1)
    const after = await app.post(url, event('a'), keyed('k'))
    assert.equal(after.json().events[0].outcome, 'exists')
  })
})
