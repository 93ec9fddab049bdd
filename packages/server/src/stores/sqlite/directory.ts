import type { DatabaseSync, StatementSync } from 'node:sqlite'

/** Where a block lies: its positions, and the span of its events' times. */
export interface BlockSpan {
  readonly first: number
  readonly count: number
  readonly minMs: number
  readonly maxMs: number
}

/**
 * Where all blocks of a workspace lie, in order of position. It is kept in memory, column by column,
 * because a query in order of time looks at all of it: about 32 bytes for each block.
 */
export class Directory {
  readonly #firsts: number[] = []
  readonly #counts: number[] = []
  readonly #minMs: number[] = []
  readonly #maxMs: number[] = []
  readonly #select: StatementSync

  constructor(db: DatabaseSync) {
    this.#select = db.prepare(
      'SELECT first, count, min_ms AS minMs, max_ms AS maxMs FROM block WHERE first >= ? ORDER BY first',
    )
  }

  /** Forgets a block that is gone. */
  drop(first: number): void {
    const index = this.indexOf(first)
    if (this.#firsts[index] !== first) return
    for (const column of [this.#firsts, this.#counts, this.#minMs, this.#maxMs]) {
      column.splice(index, 1)
    }
  }

  /** Forgets everything, so that `refresh` reads it anew. */
  clear(): void {
    for (const column of [this.#firsts, this.#counts, this.#minMs, this.#maxMs]) column.length = 0
  }

  /** Takes in what was committed since; to be called within the transaction that goes on to read. */
  refresh(): void {
    const last = Math.max(this.#firsts.length - 1, 0)
    let index = last
    for (const row of this.#select.iterate(this.#firsts[last] ?? 0)) {
      this.#firsts[index] = Number(row['first'])
      this.#counts[index] = Number(row['count'])
      this.#minMs[index] = Number(row['minMs'])
      this.#maxMs[index] = Number(row['maxMs'])
      index += 1
    }
  }

  /** The number of blocks. */
  get length(): number {
    return this.#firsts.length
  }

  /** The earliest time in each block, in ms since 1970. */
  get minMs(): readonly number[] {
    return this.#minMs
  }

  /** The latest time in each block, in ms since 1970. */
  get maxMs(): readonly number[] {
    return this.#maxMs
  }

  /** The last position given out. */
  get head(): number {
    const index = this.length - 1
    return index < 0 ? 0 : this.#firsts[index]! + this.#counts[index]! - 1
  }

  /** The block of an index, if there is one. */
  at(index: number): BlockSpan | undefined {
    const first = this.#firsts[index]
    if (first === undefined) return undefined
    const minMs = this.#minMs[index]!
    return { first, count: this.#counts[index]!, minMs, maxMs: this.#maxMs[index]! }
  }

  /** The index of the block that holds a position; -1 before the first. */
  indexOf(position: number): number {
    let low = 0
    let high = this.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#firsts[middle]! <= position) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  /** The block that holds a position, if there is one. */
  spanOf(position: number): BlockSpan | undefined {
    const span = this.at(this.indexOf(position))
    return span !== undefined && position < span.first + span.count ? span : undefined
  }
}
