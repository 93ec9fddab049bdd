import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import { IdFilter } from './id-filter.ts'
import { identityHash } from './terms.ts'

const table = `CREATE TABLE id_filter(
  layer INTEGER PRIMARY KEY, used INTEGER NOT NULL, covers INTEGER NOT NULL, bits BLOB NOT NULL)`

const idHash = (id: string) => identityHash({ source: '/s', id })

describe('id filter', () => {
  // Enough to fill the first two layers and begin a third.
  const count = 400_000
  const filter = new IdFilter()
  for (let index = 0; index < count; index++) filter.add(idHash(`id-${index}`))

  it('never takes a known id for new', () => {
    for (let index = 0; index < count; index++) assert.ok(filter.mayHave(idHash(`id-${index}`)))
  })

  it('takes few new ids for known', () => {
    let alarms = 0
    for (let index = 0; index < count; index++) {
      if (filter.mayHave(idHash(`other-${index}`))) alarms += 1
    }
    assert.ok(alarms < count / 200, `${alarms} false alarms`)
  })

  it('knows after loading what it knew when it was saved, and up to where', () => {
    const db = new DatabaseSync(':memory:')
    db.exec(table)
    assert.ok(filter.isWorthSaving)
    filter.save(db, count)
    filter.markSaved()
    assert.ok(!filter.isWorthSaving)
    const loaded = new IdFilter()
    assert.equal(loaded.load(db), count)
    for (let index = 0; index < count; index += 7) assert.ok(loaded.mayHave(idHash(`id-${index}`)))
    loaded.add(idHash('later'))
    assert.ok(loaded.mayHave(idHash('later')))
    db.close()
  })
})
