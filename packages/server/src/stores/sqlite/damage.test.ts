import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { temporaryFolder } from '../../../test/support/folder.ts'
import type { EventStore } from '../../core/store.ts'
import { aQuery, anEvent } from '../conformance/events.ts'
import { openSqliteStore } from './index.ts'

const events = Array.from({ length: 300 }, (_, index) => anEvent({ id: `e${index}` }))

// What only this store can suffer: a full disk, a lost cache, a damaged file.
describe('sqlite store in trouble', () => {
  let folder: ReturnType<typeof temporaryFolder>
  let store: EventStore
  beforeEach(() => (folder = temporaryFolder()))
  afterEach(async () => {
    await store.close()
    folder.remove()
  })

  function open(freeBytesMin = 0): void {
    store = openSqliteStore({ dataFolder: folder.path, freeBytesMin })
  }

  function change(sql: string): void {
    const db = new DatabaseSync(join(folder.path, 'workspaces', 'w', 'events.db'))
    db.exec(sql)
    db.close()
  }

  async function fill(): Promise<void> {
    open()
    await store.append('w', events, 'refuse')
    await store.close()
  }

  it('refuses appends while the disk is nearly full, and goes on reading', async () => {
    await fill()
    open(2 ** 60)
    await assert.rejects(store.append('w', [anEvent({ id: 'x' })], 'refuse'), {
      code: 'storage_full',
    })
    await assert.rejects(store.ready(), { code: 'storage_full' })
    assert.equal((await store.read('w', aQuery())).events.length, 100)
  })

  for (const [name, sql] of [
    ['lost', 'DELETE FROM id_filter'],
    ['older than the log', 'UPDATE id_filter SET covers = 3, used = 0, bits = zeroblob(131072)'],
  ] as const) {
    it(`knows every id when its filter of ids is ${name}`, async () => {
      await fill()
      change(sql)
      open()
      const again = await store.append('w', events.slice(3), 'refuse')
      assert.ok(again.receipts?.every(({ outcome }) => outcome === 'exists'))
    })
  }

  it('never serves a damaged block', async () => {
    await fill()
    const db = new DatabaseSync(join(folder.path, 'workspaces', 'w', 'events.db'))
    const row = db.prepare('SELECT records FROM body WHERE first = 1').get()
    const records = Buffer.from(row!['records'] as Uint8Array)
    records[records.length >> 1]! ^= 4
    db.prepare('UPDATE body SET records = ? WHERE first = 1').run(records)
    db.close()
    open()
    await assert.rejects(store.read('w', aQuery()))
    const after = { position: 128 }
    assert.equal((await store.read('w', aQuery({ after }))).events[0]?.id, 'e128')
  })

  it('fails only the append that meets a damaged block, not those that share its commit', async () => {
    await fill()
    change('UPDATE body SET records = zeroblob(100) WHERE first = 1')
    open()
    const appends = Array.from({ length: 20 }, (_, index) =>
      index === 10 ? events.slice(5, 6) : [anEvent({ id: `new-${index}` })],
    )
    const results = await Promise.allSettled(
      appends.map((append) => store.append('w', append, 'refuse')),
    )
    const failed = results.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))
    assert.deepEqual(failed, [10])
    assert.equal((await store.state('w')).head, 319)
  })

  it('does not open a file of another format, and says so', async () => {
    await fill()
    change("UPDATE meta SET value = '99' WHERE name = 'format'")
    open()
    await assert.rejects(store.state('w'), /format 99/)
  })
})
