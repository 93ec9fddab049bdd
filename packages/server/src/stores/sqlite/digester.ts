import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { StoredEvent } from '../../core/event.ts'
import type { Blocks } from './blocks.ts'
import { digestOf } from './digest.ts'
import type { BlockSpan, Directory } from './directory.ts'
import { wordFilterOf } from './word-filter.ts'

/**
 * Makes the digests of full blocks after the fact, a few at a time, so that taking events in does not wait
 * for it. A block without a digest is opened by whoever asks: one that is lost costs time, and no event.
 */
export class Digester {
  readonly #directory: Directory
  readonly #blocks: Blocks
  readonly #undigested: StatementSync
  readonly #putColumn: StatementSync
  readonly #putWords: StatementSync
  /** The first positions of the blocks to be digested, in order. */
  #waiting: number[] = []
  #next = 0

  constructor(db: DatabaseSync, directory: Directory, blocks: Blocks) {
    this.#directory = directory
    this.#blocks = blocks
    this.#undigested = db.prepare(
      `SELECT first FROM block WHERE first < (SELECT max(first) FROM block)
       EXCEPT SELECT first FROM digest WHERE name = ''`,
    )
    this.#putColumn = db.prepare('INSERT OR REPLACE INTO digest VALUES(?, ?, ?, ?)')
    this.#putWords = db.prepare('INSERT OR REPLACE INTO words VALUES(?, ?)')
  }

  /** Looks for all full blocks that have no digest. */
  findWaiting(): void {
    this.#waiting = this.#undigested.all().map((row) => Number(row['first']))
    this.#next = 0
  }

  /** Notes a block that has become full. */
  add(first: number): void {
    this.#waiting.push(first)
  }

  get hasWaiting(): boolean {
    return this.#next < this.#waiting.length
  }

  /** Digests the next blocks for so many ms, one at least, within the caller's transaction. */
  digest(ms: number): void {
    const endMs = performance.now() + ms
    do {
      const span = this.#directory.spanOf(this.#waiting[this.#next]!)
      this.#next += 1
      if (span !== undefined) this.#digestOne(span)
    } while (this.hasWaiting && performance.now() < endMs)
    if (!this.hasWaiting) {
      this.#waiting = []
      this.#next = 0
    }
  }

  #digestOne(span: BlockSpan): void {
    const events = this.#eventsOf(span)
    const { columns, times } = digestOf(events, span.minMs)
    this.#putColumn.run('', span.first, null, times)
    for (const [name, { values, indexes }] of columns) {
      this.#putColumn.run(name, span.first, values ?? null, indexes)
    }
    const payloads = events.flatMap((event) => event?.data ?? [])
    this.#putWords.run(span.first, wordFilterOf(payloads))
  }

  #eventsOf({ first, count }: BlockSpan): (StoredEvent | undefined)[] {
    const block = this.#blocks.get(first, count)
    return Array.from({ length: count }, (_, index) => {
      return block.isErased(first + index) ? undefined : block.event(first + index)
    })
  }
}
