import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

// Format 1 had no digests and no removed events; it is brought up to this one when it is opened to write.
const format = '2'
const readable = ['1', format]
// How long to wait for a lock that another connection has.
const busyTimeoutMs = 5000

// One file a workspace: nothing can leak between them, and dropping one is dropping its file.
//
// block    a run of events, in order of position, and the span of their times
// body     the block's records, zstd-compressed (see record.ts)
// facet    which positions have which name=value terms, and which identity (see terms.ts)
// withdrawn  positions whose event was replaced by a later one, or removed
// change   the full blocks that changed since, the last of them: events were removed (see changes.ts)
// digest   a cache: columns of a full block's facets and, without a name, of its times (see digest.ts)
// words    a cache: which words the payloads of a full block may have (see word-filter.ts)
// id_filter  a cache: which identities are surely new (see id-filter.ts)
const tables = `
  CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE block(
    first INTEGER PRIMARY KEY, count INTEGER NOT NULL,
    min_ms INTEGER NOT NULL, max_ms INTEGER NOT NULL) STRICT;
  CREATE TABLE body(first INTEGER PRIMARY KEY, records BLOB NOT NULL) STRICT;
  CREATE VIRTUAL TABLE facet USING fts5(
    terms, content='', detail=none, columnsize=0,
    tokenize="ascii tokenchars '!#$%&()*+,-./:;<=>?@[\\]^_\`{|}~'");
  CREATE TABLE withdrawn(position INTEGER PRIMARY KEY) STRICT;
  CREATE TABLE id_filter(
    layer INTEGER PRIMARY KEY, used INTEGER NOT NULL, covers INTEGER NOT NULL,
    bits BLOB NOT NULL) STRICT;
`

/** The folder of a workspace within the data folder. */
export function workspaceFolder(dataFolder: string, workspace: string): string {
  return join(dataFolder, 'workspaces', workspace)
}

/**
 * Opens a workspace's file to write, making it when it is new. Every commit is synced to disk
 * (`synchronous=FULL`): when it returns, a crash or power loss cannot take it back.
 * @throws Error for a file of another format, which is left as it is.
 */
export function openToWrite(dataFolder: string, workspace: string): DatabaseSync {
  const folder = workspaceFolder(dataFolder, workspace)
  mkdirSync(folder, { recursive: true })
  const db = new DatabaseSync(join(folder, 'events.db'), { timeout: busyTimeoutMs })
  const isNew = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'meta'").get() === undefined
  const found = isNew ? format : readMeta(db, 'format')
  if (!readable.includes(found)) {
    db.close()
    throw new Error(
      `${folder} holds events in format ${found}; this version of Eventwell reads formats ${readable.join(' and ')}.`,
    )
  }
  db.exec(`PRAGMA page_size = 16384; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    PRAGMA secure_delete = FAST; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4000;
    PRAGMA journal_size_limit = 134217728`)
  if (isNew) makeTables(db)
  db.exec('CREATE TABLE IF NOT EXISTS note(name TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT')
  const noteColumns = db.prepare(
    "SELECT 1 FROM pragma_table_info('note') WHERE name = 'expires_ms'",
  )
  if (noteColumns.get() === undefined) db.exec('ALTER TABLE note ADD COLUMN expires_ms INTEGER')
  db.exec(`CREATE TABLE IF NOT EXISTS digest(
      name TEXT NOT NULL, first INTEGER NOT NULL, labels TEXT, indexes BLOB NOT NULL,
      PRIMARY KEY(name, first)) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS change(number INTEGER PRIMARY KEY, first INTEGER NOT NULL) STRICT;
    CREATE INDEX IF NOT EXISTS note_expires ON note(expires_ms) WHERE expires_ms IS NOT NULL;
    CREATE TABLE IF NOT EXISTS words(first INTEGER PRIMARY KEY, bits BLOB NOT NULL) STRICT`)
  db.prepare("UPDATE meta SET value = ? WHERE name = 'format' AND value <> ?").run(format, format)
  return db
}

function makeTables(db: DatabaseSync): void {
  db.exec(`BEGIN IMMEDIATE; ${tables}`)
  const insert = db.prepare('INSERT INTO meta VALUES(?, ?)')
  insert.run('format', format)
  insert.run('tag', randomBytes(5).toString('hex'))
  db.exec('COMMIT')
}

/** Opens a workspace's file to read, beside the one that writes it. */
export function openToRead(dataFolder: string, workspace: string): DatabaseSync {
  // Not opened read-only: SQLite may have to make the shared memory beside the file.
  const db = new DatabaseSync(join(workspaceFolder(dataFolder, workspace), 'events.db'), {
    timeout: busyTimeoutMs,
  })
  db.exec('PRAGMA query_only = 1; PRAGMA cache_size = -65536')
  return db
}

/** A fact about the file as a whole: its `format`, and the log's `tag`. */
export function readMeta(db: DatabaseSync, name: 'format' | 'tag'): string {
  const row = db.prepare('SELECT value FROM meta WHERE name = ?').get(name)
  return String(row?.['value'])
}

/** How often something was erased in the file. */
export function erasuresOf(db: DatabaseSync): number {
  const row = db.prepare("SELECT value FROM meta WHERE name = 'erasures'").get()
  return Number(row?.['value'] ?? 0)
}

/** Counts an erasure, within the caller's transaction. */
export function countErasure(db: DatabaseSync): void {
  db.exec(`INSERT INTO meta VALUES('erasures', '1')
    ON CONFLICT(name) DO UPDATE SET value = CAST(value AS INTEGER) + 1`)
}
