import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { storeConformance } from '../conformance/index.ts'
import { compareWithModel } from '../conformance/model.ts'
import type { StoreFactory } from '../conformance/suite.ts'
import { openSqliteStore, type SqliteStoreOptions } from './index.ts'

const root = mkdtempSync(join(tmpdir(), 'eventwell-sqlite-'))
after(() => rmSync(root, { recursive: true, force: true }))
let folders = 0

function factory(options: Partial<SqliteStoreOptions>): StoreFactory {
  let dataFolder = ''
  const open = () => openSqliteStore({ freeBytesMin: 0, ...options, dataFolder })
  return {
    open: async () => {
      dataFolder = join(root, `${++folders}`)
      return open()
    },
    reopen: async () => open(),
  }
}

// The cases' logs are short: so that they try what long ones need, the index answers even for the last events,
// and a part of a summary or of a search in payloads is a single block.
const asLong = { reading: { tailEvents: 0, summaryPartMs: 0, sliceBlocks: 1 } }
// Small blocks that are digested at once: even a few events have what millions are counted and searched by.
const asDigested = {
  writing: { blockEvents: 8, isDigestedAtOnce: true },
  reading: { ...asLong.reading, sliceBlocks: 3 },
}
storeConformance('sqlite', factory({}))
storeConformance('sqlite, as with a long log', factory(asLong))
storeConformance('sqlite, as digested', factory(asDigested))
compareWithModel('sqlite', factory({}))
compareWithModel('sqlite, as digested', factory(asDigested))
compareWithModel('sqlite, as with a long log', factory(asLong))
