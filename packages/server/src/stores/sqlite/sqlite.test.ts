import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { storeConformance } from '../conformance/index.ts'
import { compareWithModel } from '../conformance/model.ts'
import { openSqliteStore } from './index.ts'

const root = mkdtempSync(join(tmpdir(), 'eventwell-sqlite-'))
after(() => rmSync(root, { recursive: true, force: true }))
let folders = 0

// A summary's part is a single block, so that the parts are put together in every case.
const options = { freeBytesMin: 0, summaryPartMs: 0 }
const current = () => openSqliteStore({ dataFolder: join(root, `${folders}`), ...options })
const fresh = () => {
  folders += 1
  return current()
}

storeConformance('sqlite', { open: async () => fresh(), reopen: async () => current() })
compareWithModel('sqlite', { open: async () => fresh(), reopen: async () => current() })
