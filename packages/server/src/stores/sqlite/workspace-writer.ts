import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { NewEvent, StoredEvent } from '../../core/event.ts'
import {
  receiptsText,
  type Appended,
  type Mark,
  type OnChange,
  type Removal,
  type RemovalPart,
  type RemovalReason,
} from '../../core/store.ts'
import { Blocks } from './blocks.ts'
import { ChangeLog, ChangeReader } from './changes.ts'
import { Digester } from './digester.ts'
import { Directory } from './directory.ts'
import { IdFilter } from './id-filter.ts'
import { failureOf } from './failure.ts'
import type { Batch, Failure } from './messages.ts'
import { OpenBlock } from './open-block.ts'
import { Remover } from './removal.ts'
import { countErasure, erasuresOf, openToWrite, readMeta } from './schema.ts'
import { identityHash, identityTerm } from './terms.ts'
import { Transaction } from './transaction.ts'

const blockCacheBytes = 16 * 1024 * 1024
// A workspace's marks at most, roughly; the oldest give way.
const marksMax = 250_000
const forgetEveryMs = 60_000

/** One append that waits for the commit. */
export interface PendingAppend {
  readonly batch: Batch
  readonly onChange: OnChange
  readonly mark: Mark | undefined
}

/** What became of one append of a commit. */
export type Outcome =
  | { readonly result: Appended; readonly failure?: never }
  | { readonly failure: Failure; readonly result?: never }

/** Writes one workspace's file. Used by the writing thread alone. */
export class WorkspaceWriter {
  /** The log's tag; see `LogState`. */
  readonly tag: string
  readonly #db: DatabaseSync
  readonly #blocks: Blocks
  readonly #directory: Directory
  readonly #filter = new IdFilter()
  readonly #putBlock: StatementSync
  readonly #putBody: StatementSync
  readonly #putTerms: StatementSync
  readonly #withdraw: StatementSync
  readonly #isWithdrawn: StatementSync
  readonly #findTerm: StatementSync
  readonly #putNote: StatementSync
  readonly #forgetNote: StatementSync
  readonly #forgetOldNotes: StatementSync
  readonly #forgetManyNotes: StatementSync
  #forgotMs = -Infinity
  readonly #remover: Remover
  readonly #changes: ChangeLog
  readonly #changed: ChangeReader
  readonly #digester: Digester
  readonly #blockEvents: number
  #head: number
  #open: OpenBlock

  constructor(dataFolder: string, workspace: string, blockEvents: number) {
    this.#blockEvents = blockEvents
    const db = openToWrite(dataFolder, workspace)
    this.#db = db
    this.tag = readMeta(db, 'tag')
    this.#blocks = new Blocks(db, blockCacheBytes)
    this.#directory = new Directory(db)
    this.#putBlock = db.prepare('INSERT OR REPLACE INTO block VALUES(?, ?, ?, ?)')
    this.#putBody = db.prepare('INSERT OR REPLACE INTO body VALUES(?, ?)')
    this.#putTerms = db.prepare('INSERT INTO facet(rowid, terms) VALUES(?, ?)')
    this.#withdraw = db.prepare('INSERT INTO withdrawn VALUES(?)')
    this.#isWithdrawn = db.prepare('SELECT 1 FROM withdrawn WHERE position = ?')
    this.#findTerm = db.prepare('SELECT rowid FROM facet WHERE facet MATCH ? ORDER BY rowid DESC')
    this.#putNote = db.prepare(
      'INSERT OR REPLACE INTO note(name, text, expires_ms) VALUES(?, ?, ?)',
    )
    this.#forgetNote = db.prepare('DELETE FROM note WHERE name = ?')
    this.#forgetOldNotes = db.prepare('DELETE FROM note WHERE expires_ms < ?')
    this.#forgetManyNotes = db.prepare(
      `DELETE FROM note WHERE expires_ms < (SELECT expires_ms FROM note
        WHERE expires_ms IS NOT NULL ORDER BY expires_ms DESC LIMIT 1 OFFSET ?)`,
    )
    this.#remover = new Remover(db, this.#directory, this.#blocks)
    this.#changes = new ChangeLog(db)
    this.#changed = new ChangeReader(db, this.#directory, this.#blocks)
    this.#directory.refresh()
    this.#head = this.#directory.head
    this.#open = this.#lastBlock()
    this.#digester = new Digester(db, this.#directory, this.#blocks)
    this.#digester.findWaiting()
    this.#loadFilter()
  }

  /** The last position given out. */
  get head(): number {
    return this.#head
  }

  /** How often something was erased; see `LogState`. */
  get erasures(): number {
    return erasuresOf(this.#db)
  }

  /**
   * Takes all of these appends in one transaction, one after the other, each whole or not at all.
   * Returns once it is synced to disk. When it throws, nothing was taken and nothing has changed.
   */
  commit(appends: readonly PendingAppend[], nowMs: number): Outcome[] {
    const transaction = new Transaction(this.#head, (hash, event) => this.#findStored(hash, event))
    const results = appends.map((append) => decide(transaction, append))
    const isMarked = appends.some(({ mark }) => mark !== undefined)
    if (transaction.arrivals.length === 0 && !isMarked) return results
    const receivedAtMs = Math.max(this.#open.lastReceivedMs, nowMs)
    const blocks =
      transaction.arrivals.length === 0 ? [] : this.#open.with(transaction.arrivals, receivedAtMs)
    this.#inTransaction(() => {
      this.#write(blocks, transaction)
      appends.forEach(({ mark }, index) => this.#putMark(mark, results[index]!, nowMs))
    })
    if (transaction.arrivals.length === 0) return results
    for (const { hash } of transaction.arrivals) this.#filter.add(hash)
    this.#head = transaction.head
    const open = blocks.at(-1)!
    const full = [this.#open, ...blocks].filter(({ first }) => first < open.first)
    for (const first of new Set(full.map((block) => block.first))) this.#digester.add(first)
    this.#open = open
    this.#directory.refresh()
    return results
  }

  /** Keeps a note, or forgets it; it is synced to disk on return. */
  putNote(name: string, text: string | undefined): void {
    if (text === undefined) this.#forgetNote.run(name)
    else this.#putNote.run(name, text, null)
  }

  /**
   * Removes a part of what is wanted after a position; it is synced to disk on return. What is erased is
   * overwritten on disk, too.
   */
  remove(removal: Removal, reason: RemovalReason, after: number): RemovalPart {
    const isErasure = reason === 'erased'
    this.#db.exec(`PRAGMA secure_delete = ${isErasure ? 'ON' : 'FAST'}`)
    const part = this.#inTransaction(() => {
      const removed = this.#remover.remove(removal, after)
      this.#changes.note(this.#remover.changed)
      if (isErasure && after === 0) countErasure(this.#db)
      return removed
    })
    for (const first of this.#remover.changed) this.#takeChange(first)
    if (isErasure && part.next === undefined) {
      // What was merged or replaced long before may lie on free pages; once is enough, when all is removed.
      if (after > 0 && part.last === 0) attempt(() => this.#wipeFreePages())
      attempt(() => this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)'))
    }
    return part
  }

  /**
   * Saves the id filter when it has grown enough; to be called when nobody waits for a commit. It is a
   * cache: when it cannot be saved now, it is saved later.
   */
  keepFilter(): void {
    if (this.#filter.isWorthSaving) attempt(() => this.#saveFilter())
  }

  /** Whether full blocks wait for their digest. */
  get hasUndigested(): boolean {
    return this.#digester.hasWaiting
  }

  /**
   * Digests full blocks for so many ms. It is a cache: what cannot be written now is left out until the
   * next start.
   */
  digest(ms: number): void {
    attempt(() => this.#inTransaction(() => this.#digester.digest(ms)))
  }

  /** Closes the file. Whatever cannot be tidied up now is made up for when it is opened again. */
  close(): void {
    attempt(() => this.#saveFilter())
    attempt(() => this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)'))
    this.#db.close()
  }

  #write(blocks: readonly OpenBlock[], transaction: Transaction): void {
    for (const block of blocks) {
      this.#putBlock.run(block.first, block.count, block.minMs, block.maxMs)
      this.#putBody.run(block.first, block.encode())
    }
    for (const { position, terms } of transaction.arrivals) this.#putTerms.run(position, terms)
    for (const position of transaction.withdrawn) this.#withdraw.run(position)
  }

  #putMark(mark: Mark | undefined, { result }: Outcome, nowMs: number): void {
    if (mark === undefined || result?.receipts === undefined) return
    this.#forgetMarks(nowMs)
    const text = `${mark.text}\n${receiptsText(result.receipts)}`
    this.#putNote.run(mark.name, text, mark.expiresAtMs)
  }

  /** Goes on with a block as it is on disk now, after events were removed from it. */
  #takeChange(first: number): void {
    this.#changed.apply(first)
    if (first === this.#open.first) this.#open = this.#lastBlock()
    else this.#digester.add(first)
  }

  /** Overwrites the pages of the file that hold nothing any more. */
  #wipeFreePages(): void {
    const free = () => Number(this.#db.prepare('PRAGMA freelist_count').get()?.['freelist_count'])
    if (free() === 0) return
    this.#inTransaction(() => {
      this.#db.exec('CREATE TABLE wipe(zeros BLOB NOT NULL) STRICT')
      const fill = this.#db.prepare('INSERT INTO wipe VALUES(zeroblob(?))')
      for (let left = free(); left > 0; left = free()) fill.run(Math.min(left, 1000) * 16_000)
      this.#db.exec('DROP TABLE wipe')
    })
  }

  /** Forgets marks whose time is over, and the oldest where there are too many; now and then. */
  #forgetMarks(nowMs: number): void {
    if (nowMs - this.#forgotMs < forgetEveryMs) return
    this.#forgotMs = nowMs
    this.#forgetOldNotes.run(nowMs)
    this.#forgetManyNotes.run(marksMax)
  }

  #lastBlock(): OpenBlock {
    const last = this.#directory.at(this.#directory.length - 1)
    if (last === undefined) return OpenBlock.empty(1, this.#blockEvents)
    const block = this.#blocks.get(last.first, last.count)
    return OpenBlock.of(last, block, this.#blockEvents)
  }

  #inTransaction<T>(work: () => T): T {
    this.#db.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      this.#db.exec('COMMIT')
      return result
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
      throw error
    }
  }

  #saveFilter(): void {
    this.#inTransaction(() => this.#filter.save(this.#db, this.#head))
    this.#filter.markSaved()
  }

  #loadFilter(): void {
    const covers = this.#filter.load(this.#db)
    for (let position = covers + 1; position <= this.#head; position++) {
      const event = this.#eventAt(position)
      if (event !== undefined) this.#filter.add(identityHash(event))
    }
    if (covers < this.#head) attempt(() => this.#saveFilter())
  }

  /** The event at a position; undefined where it was removed. */
  #eventAt(position: number): StoredEvent | undefined {
    const span = this.#directory.spanOf(position)
    if (span === undefined) return undefined
    const block = this.#blocks.get(span.first, span.count)
    return block.isErased(position) ? undefined : block.event(position)
  }

  #findStored(hash: number, event: () => NewEvent): StoredEvent | undefined {
    if (!this.#filter.mayHave(hash)) return undefined
    for (const row of this.#findTerm.iterate(`"${identityTerm(hash)}"`)) {
      const position = Number(row['rowid'])
      if (this.#isWithdrawn.get(position) !== undefined) continue
      const stored = this.#eventAt(position)
      if (stored?.id === event().id && stored.source === event().source) return stored
    }
    return undefined
  }
}

/** One append's own fault must not fail those that share its commit. */
function decide(transaction: Transaction, { batch, onChange }: PendingAppend): Outcome {
  try {
    return { result: transaction.append(batch, onChange) }
  } catch (error) {
    return { failure: failureOf(error) }
  }
}

/** Tries what can as well be done later: a file's cache and its tidiness, never its events. */
function attempt(work: () => void): void {
  try {
    work()
  } catch {
    // The next time will do: the next save, the next checkpoint, or opening the file again.
  }
}
