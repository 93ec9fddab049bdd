import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Blocks } from './blocks.ts'
import type { Directory } from './directory.ts'

// Whoever is further behind than this reads everything anew.
const rememberedMax = 10_000

/** Notes which blocks changed that were full, for whoever holds them open. */
export class ChangeLog {
  readonly #add: StatementSync
  readonly #forget: StatementSync

  constructor(db: DatabaseSync) {
    this.#add = db.prepare('INSERT INTO change SELECT coalesce(max(number), 0) + 1, ? FROM change')
    this.#forget = db.prepare(
      'DELETE FROM change WHERE number <= (SELECT max(number) FROM change) - ?',
    )
  }

  /** To be called within the transaction that changes the blocks that begin at these positions. */
  note(firsts: readonly number[]): void {
    for (const first of firsts) this.#add.run(first)
    if (firsts.length > 0) this.#forget.run(rememberedMax)
  }
}

/** Keeps what is in memory of a file's blocks as the file is. */
export class ChangeReader {
  readonly #directory: Directory
  readonly #blocks: Blocks
  readonly #last: StatementSync
  readonly #since: StatementSync
  readonly #isThere: StatementSync
  #seen: number

  constructor(db: DatabaseSync, directory: Directory, blocks: Blocks) {
    this.#directory = directory
    this.#blocks = blocks
    this.#last = db.prepare('SELECT coalesce(max(number), 0) AS number FROM change')
    this.#since = db.prepare('SELECT number, first FROM change WHERE number > ? ORDER BY number')
    this.#isThere = db.prepare('SELECT 1 FROM block WHERE first = ?')
    this.#seen = this.#lastNumber()
  }

  /** Lets go of what has changed; to be called within the transaction that goes on to read. */
  refresh(): void {
    const last = this.#lastNumber()
    if (last === this.#seen) return
    const rows = this.#since.all(this.#seen)
    if (rows.length < last - this.#seen) {
      this.#blocks.clear()
      this.#directory.clear()
    }
    for (const row of rows) this.apply(Number(row['first']))
    this.#seen = last
  }

  /** Lets go of a block that has changed, or is gone. */
  apply(first: number): void {
    this.#blocks.close(first)
    if (this.#isThere.get(first) === undefined) this.#directory.drop(first)
  }

  #lastNumber(): number {
    return Number(this.#last.get()!['number'])
  }
}
