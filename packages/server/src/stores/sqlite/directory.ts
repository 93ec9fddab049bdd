import type { DatabaseSync, StatementSync } from 'node:sqlite'

/** Where a block lies: its positions, and the span of its events' times. */
export interface BlockSpan {
  readonly first: number
  readonly count: number
  readonly minMs: number
  readonly maxMs: number
}

/** All block spans of a workspace in memory, in order of position: about 100 bytes for each block. */
export class Directory {
  readonly #spans: BlockSpan[] = []
  readonly #select: StatementSync

  constructor(db: DatabaseSync) {
    this.#select = db.prepare(
      'SELECT first, count, min_ms AS minMs, max_ms AS maxMs FROM block WHERE first >= ? ORDER BY first',
    )
  }

  /** Takes in what was committed since; to be called within the transaction that goes on to read. */
  refresh(): void {
    const rows = this.#select.all(this.#spans.at(-1)?.first ?? 0) as unknown as BlockSpan[]
    if (rows.length > 0) this.#spans.pop()
    for (const span of rows) this.#spans.push(span)
  }

  /** All spans, in order of position. */
  get spans(): readonly BlockSpan[] {
    return this.#spans
  }

  /** The last position given out. */
  get head(): number {
    const last = this.#spans.at(-1)
    return last === undefined ? 0 : last.first + last.count - 1
  }

  /** The index of the block that holds a position; -1 before the first. */
  indexOf(position: number): number {
    let low = 0
    let high = this.#spans.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#spans[middle]!.first <= position) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  /** The block that holds a position, if there is one. */
  spanOf(position: number): BlockSpan | undefined {
    const span = this.#spans[this.indexOf(position)]
    return span !== undefined && position < span.first + span.count ? span : undefined
  }
}
