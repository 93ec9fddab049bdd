import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { scheduler } from 'node:timers/promises'
import { EventwellError } from '../../core/errors.ts'
import { EventLog } from '../../core/log.ts'
import { openMemoryStore } from '../../stores/memory/index.ts'
import { Controllers } from './controllers.ts'
import { Orders } from './orders.ts'

const announced = (id: string, text = '') => JSON.stringify({ id, system: 'h', text })

describe('controllers', () => {
  it('have a bound, at which those that are known may announce again', async () => {
    const log = new EventLog(openMemoryStore())
    const controllers = new Controllers(log, { controllersMax: 2, charsMax: 200 })
    await controllers.put('s', 'a', announced('a'))
    await controllers.put('s', 'b', announced('b'))
    await assert.rejects(controllers.put('s', 'c', announced('c')), { code: 'too_large' })
    await controllers.put('s', 'a', announced('a', 'again'))
    await assert.rejects(controllers.put('s', 'a', announced('a', 'x'.repeat(200))), {
      code: 'too_large',
    })
    assert.equal(await controllers.of('s', 'a'), announced('a', 'again'))
    await controllers.put('other', 'c', announced('c'))
    assert.deepEqual(
      (await new Controllers(log).all('s')).map(({ id }) => id),
      ['a', 'b'],
    )
  })

  it('are as they were when what they announce cannot be kept', async () => {
    const store = openMemoryStore()
    let isFull = false
    const log = new EventLog({
      ...store,
      async putNote(...given) {
        if (isFull) throw new EventwellError('storage_full', 'The disk is full.')
        return store.putNote(...given)
      },
    })
    const controllers = new Controllers(log)
    await controllers.put('s', 'a', announced('a', 'before'))
    isFull = true
    await assert.rejects(controllers.put('s', 'a', announced('a', 'after')), {
      code: 'storage_full',
    })
    assert.equal(await controllers.of('s', 'a'), announced('a', 'before'))
  })
})

describe('controllers that announce while others do', () => {
  for (const [name, disturb] of [
    ['are known though their space was let go of meanwhile', 'evict'],
    ['are known though another one could not be kept', 'fail'],
  ] as const) {
    it(name, async () => {
      const store = openMemoryStore()
      const log = new EventLog({
        ...store,
        async putNote(workspace, note, text) {
          await scheduler.wait(note.endsWith('bad') ? 5 : 40)
          if (note.endsWith('bad')) throw new EventwellError('storage_full', 'The disk is full.')
          return store.putNote(workspace, note, text)
        },
      })
      const controllers = new Controllers(log)
      const announcing = controllers.put('s', 'a', announced('a'))
      if (disturb === 'evict') for (let n = 0; n < 17; n++) await controllers.all(`other-${n}`)
      else await assert.rejects(controllers.put('s', 'bad', announced('bad')))
      assert.deepEqual(await controllers.all('s'), [])
      await announcing
      assert.equal(await controllers.of('s', 'a'), announced('a'))
    })
  }
})

describe('orders', () => {
  const order = { 'commit-max-seconds': 1 }

  it('have a bound of characters', async () => {
    const orders = new Orders(new EventLog(openMemoryStore()))
    const many = Array.from({ length: 500 }, (_, n) => ({
      id: `${n}-${'x'.repeat(50)}`,
      'trigger-type': 'Off',
    }))
    const put = orders.put('s', 'c', { 'agent-orders': many, ...order }, 0)
    await assert.rejects(put, { type: 'INVALID_ORDER', message: /32768 characters/ })
    await assert.rejects(orders.of('s', 'c'), { code: 'not_found' })
  })

  it('that were taken back make room for others, and the next one is newer all the same', async () => {
    const orders = new Orders(new EventLog(openMemoryStore()))
    const nowMs = Date.UTC(2030, 0, 1)
    for (let n = 0; n < 1000; n++) await orders.put('s', `c-${n}`, order, nowMs)
    await assert.rejects(orders.put('s', 'more', order, nowMs), { code: 'too_large' })
    await orders.put('s', 'c-7', order, nowMs)
    await orders.delete('s', 'c-7')
    // Its time lies a second ahead: an agent could take the next order of it for this one.
    await assert.rejects(orders.put('s', 'more', order, nowMs), { code: 'too_large' })
    const { lastModifiedMs } = await orders.put('s', 'more', order, nowMs + 5000)
    assert.equal(lastModifiedMs, nowMs + 5000)
    await assert.rejects(orders.of('s', 'c-7'), { code: 'not_found' })
  })
})
