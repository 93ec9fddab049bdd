import assert from 'node:assert/strict'
import { receiptsOf } from '../../core/store.ts'
import { anEvent } from './events.ts'
import type { Suite } from './suite.ts'

/** Small texts beside the events. */
export function noteCases(suite: Suite): void {
  suite.test('a note is what was put last, and can be forgotten', async () => {
    const { store, workspace } = suite
    await store.putNote(workspace, 'a', 'one')
    await store.putNote(workspace, 'a', 'two\n"ü😀')
    assert.deepEqual(await store.notes(workspace, ''), new Map([['a', 'two\n"ü😀']]))
    await store.putNote(workspace, 'a', undefined)
    await store.putNote(workspace, 'a', undefined)
    assert.deepEqual(await store.notes(workspace, ''), new Map())
  })

  suite.test('notes are found by how their names begin, in order, whatever they hold', async () => {
    const names = ['b/%', 'b/1', 'B/1', 'b', 'b/1/x', "b/'", 'c/1', 'b/ü', '']
    for (const name of names) await suite.store.putNote(suite.workspace, name, name)
    const under = await suite.store.notes(suite.workspace, 'b/')
    assert.deepEqual([...under.keys()], ['b/%', "b/'", 'b/1', 'b/1/x', 'b/ü'])
    const all = await suite.store.notes(suite.workspace, '')
    assert.equal(all.size, names.length)
    for (const [name, text] of all) assert.equal(text, name)
  })

  suite.test('notes keep to their workspace, and out of the events', async () => {
    const { store, workspace } = suite
    await store.append(workspace, [anEvent({ id: 'a' })], 'refuse')
    await store.putNote(workspace, 'a', 'mine')
    assert.deepEqual(await store.notes(`${workspace}-other`, ''), new Map())
    assert.deepEqual(await suite.ids(), ['a'])
    assert.equal((await store.state(workspace)).head, 1)
  })

  suite.test('a mark is kept with what it marks, and not without', async () => {
    const { store, workspace } = suite
    const mark = { name: 'mark/1', text: 'first line', expiresAtMs: Date.now() + 60_000 }
    const two = [anEvent({ id: 'a' }), anEvent({ id: 'b' })]
    const { receipts } = await store.append(workspace, two, 'refuse', mark)
    const [line, rest] = (await store.note(workspace, 'mark/1'))!.split('\n')
    assert.equal(line, 'first line')
    assert.deepEqual(receiptsOf(rest!), receipts)
    const changed = anEvent({ id: 'a', data: '"changed"' })
    const other = { ...mark, name: 'mark/2' }
    assert.deepEqual(await store.append(workspace, [changed], 'refuse', other), { conflicts: [0] })
    assert.equal(await store.note(workspace, 'mark/2'), undefined)
    const again = await store.append(workspace, [two[1]!, two[0]!], 'refuse', other)
    const text = (await store.note(workspace, 'mark/2'))!.split('\n')[1]!
    assert.deepEqual(receiptsOf(text), again.receipts)
  })

  suite.test('a mark is forgotten when its time is over', async () => {
    const { store, workspace } = suite
    const mark = { name: 'mark/1', text: 'x', expiresAtMs: Date.now() - 1 }
    await store.append(workspace, [anEvent({ id: 'a' })], 'refuse', mark)
    assert.equal(await store.note(workspace, 'mark/1'), undefined)
    assert.deepEqual(await store.notes(workspace, 'mark/'), new Map())
  })

  suite.test('notes are kept when closed and opened again', async (context) => {
    if (!suite.store.supports.durability) return context.skip('declared: no durability')
    const one = await suite.factory.open()
    await one.putNote('noted', 'a', 'kept')
    await one.close()
    const two = await suite.factory.reopen()
    assert.deepEqual(await two.notes('noted', ''), new Map([['a', 'kept']]))
    await two.close()
  })
}
