import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { NewEvent, StoredEvent } from '../../core/event.ts'
import type { Appended, OnChange } from '../../core/store.ts'
import { Blocks } from './blocks.ts'
import { Directory } from './directory.ts'
import { IdFilter } from './id-filter.ts'
import { failureOf } from './failure.ts'
import type { Batch, Failure } from './messages.ts'
import { OpenBlock } from './open-block.ts'
import { openToWrite, readMeta } from './schema.ts'
import { identityHash, identityTerm } from './terms.ts'
import { Transaction } from './transaction.ts'

const blockCacheBytes = 16 * 1024 * 1024

/** One append that waits for the commit. */
export interface PendingAppend {
  readonly batch: Batch
  readonly onChange: OnChange
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
  #head: number
  #open: OpenBlock

  constructor(dataFolder: string, workspace: string) {
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
    this.#putNote = db.prepare('INSERT OR REPLACE INTO note VALUES(?, ?)')
    this.#forgetNote = db.prepare('DELETE FROM note WHERE name = ?')
    this.#directory.refresh()
    const last = this.#directory.at(this.#directory.length - 1)
    this.#head = this.#directory.head
    this.#open =
      last === undefined
        ? OpenBlock.empty(1)
        : OpenBlock.of(last, this.#blocks.get(last.first, last.count))
    this.#loadFilter()
  }

  /** The last position given out. */
  get head(): number {
    return this.#head
  }

  /**
   * Takes all of these appends in one transaction, one after the other, each whole or not at all.
   * Returns once it is synced to disk. When it throws, nothing was taken and nothing has changed.
   */
  commit(appends: readonly PendingAppend[], nowMs: number): Outcome[] {
    const transaction = new Transaction(this.#head, (hash, event) => this.#findStored(hash, event))
    const results = appends.map((append) => decide(transaction, append))
    if (transaction.arrivals.length === 0) return results
    const receivedAtMs = Math.max(this.#open.lastReceivedMs, nowMs)
    const blocks = this.#open.with(transaction.arrivals, receivedAtMs)
    this.#inTransaction(() => this.#write(blocks, transaction))
    for (const { hash } of transaction.arrivals) this.#filter.add(hash)
    this.#head = transaction.head
    this.#open = blocks.at(-1)!
    this.#directory.refresh()
    return results
  }

  /** Keeps a note, or forgets it; it is synced to disk on return. */
  putNote(name: string, text: string | undefined): void {
    if (text === undefined) this.#forgetNote.run(name)
    else this.#putNote.run(name, text)
  }

  /**
   * Saves the id filter when it has grown enough; to be called when nobody waits for a commit. It is a
   * cache: when it cannot be saved now, it is saved later.
   */
  keepFilter(): void {
    if (this.#filter.isWorthSaving) attempt(() => this.#saveFilter())
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

  #inTransaction(work: () => void): void {
    this.#db.exec('BEGIN IMMEDIATE')
    try {
      work()
      this.#db.exec('COMMIT')
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
      this.#filter.add(identityHash(this.#eventAt(position)))
    }
    if (covers < this.#head) attempt(() => this.#saveFilter())
  }

  #eventAt(position: number): StoredEvent {
    const span = this.#directory.spanOf(position)
    if (span === undefined) throw new Error(`No block holds position ${position}.`)
    return this.#blocks.get(span.first, span.count).event(position)
  }

  #findStored(hash: number, event: () => NewEvent): StoredEvent | undefined {
    if (!this.#filter.mayHave(hash)) return undefined
    for (const row of this.#findTerm.iterate(`"${identityTerm(hash)}"`)) {
      const position = Number(row['rowid'])
      if (this.#isWithdrawn.get(position) !== undefined) continue
      const stored = this.#eventAt(position)
      if (stored.id === event().id && stored.source === event().source) return stored
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
