import assert from 'node:assert/strict'
import { aQuery, anEvent } from './events.ts'
import type { Suite } from './suite.ts'

/** Workspaces beside each other, closing and opening again. */
export function lifecycleCases(suite: Suite): void {
  suite.test('workspaces do not see each other', async () => {
    await suite.store.append(suite.workspace, [anEvent({ id: 'mine' })], 'refuse')
    const mine = suite.workspace
    suite.workspace = `${mine}-other`
    await suite.store.append(suite.workspace, [anEvent({ id: 'mine', data: '"other"' })], 'refuse')
    assert.equal((await suite.list())[0]!.data, '"other"')
    const [one, other] = await Promise.all([
      suite.store.state(mine),
      suite.store.state(suite.workspace),
    ])
    assert.notEqual(one.tag, other.tag)
  })

  suite.test('workspaces are known by their names', async () => {
    await suite.store.append(suite.workspace, [anEvent({ id: 'mine' })], 'refuse')
    assert.ok((await suite.store.workspaces()).includes(suite.workspace))
    const fresh = await suite.factory.open()
    assert.deepEqual(await fresh.workspaces(), [])
    await fresh.close()
  })

  suite.test('more workspaces than files may be open keep what they were given', async () => {
    const names = Array.from({ length: 150 }, (_, index) => `${suite.workspace}-${index}`)
    for (const name of names) await suite.store.append(name, [anEvent({ id: name })], 'refuse')
    for (const name of names) {
      const { receipts } = await suite.store.append(name, [anEvent({ id: name })], 'refuse')
      assert.deepEqual(receipts, [{ outcome: 'exists', position: 1 }])
      assert.equal((await suite.store.read(name, aQuery())).events[0]?.id, name)
    }
  })

  suite.test('after closing, calls are refused as busy', async () => {
    const closed = await suite.factory.open()
    await closed.append('w', [anEvent({ id: 'a' })], 'refuse')
    await closed.close()
    for (const call of [
      () => closed.append('w', [anEvent({ id: 'b' })], 'refuse'),
      () => closed.read('w', aQuery()),
      () => closed.state('w'),
    ]) {
      await assert.rejects(call, { code: 'busy' })
    }
  })

  suite.test('keeps everything when closed and opened again', async (context) => {
    if (!suite.store.supports.durability) return context.skip('declared: no durability')
    const one = await suite.factory.open()
    const events = Array.from({ length: 300 }, (_, index) => anEvent({ id: `e${index}` }))
    await one.append('kept', events, 'refuse')
    await one.append('kept', [anEvent({ id: 'e5', data: '"new"' })], 'replace')
    const before = await one.read('kept', aQuery({ limit: 1000 }))
    const { tag } = await one.state('kept')
    await one.close()
    const two = await suite.factory.reopen()
    assert.deepEqual(await two.read('kept', aQuery({ limit: 1000 })), before)
    assert.deepEqual(await two.state('kept'), { tag, head: 301, erasures: 0 })
    const { receipts } = await two.append('kept', [events[7]!, anEvent({ id: 'more' })], 'refuse')
    assert.deepEqual(receipts, [
      { outcome: 'exists', position: 8 },
      { outcome: 'created', position: 302 },
    ])
    await two.close()
  })
}
