import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { Block } from './record.ts'

/** The blocks of a workspace's file, opened on demand; the most recently used ones stay open. */
export class Blocks {
  readonly #bytesMax: number
  readonly #select: StatementSync
  readonly #open = new Map<number, Block>()
  #bytes = 0

  constructor(db: DatabaseSync, bytesMax: number) {
    this.#bytesMax = bytesMax
    this.#select = db.prepare('SELECT records FROM body WHERE first = ?')
  }

  /** The block that begins at a position. The last one of a log still grows, so its count is asked for. */
  get(first: number, count: number): Block {
    const known = this.#open.get(first)
    if (known?.count === count) {
      this.#open.delete(first)
      this.#open.set(first, known)
      return known
    }
    const row = this.#select.get(first)
    if (row === undefined) throw new Error(`The block at ${first} is missing.`)
    const block = new Block(first, count, row['records'] as Uint8Array)
    if (known !== undefined) this.#drop(first, known)
    this.#open.set(first, block)
    this.#bytes += block.bytes
    this.#shrink()
    return block
  }

  /** Closes one that has changed. */
  close(first: number): void {
    const block = this.#open.get(first)
    if (block !== undefined) this.#drop(first, block)
  }

  /** Closes all of them. */
  clear(): void {
    this.#open.clear()
    this.#bytes = 0
  }

  #shrink(): void {
    for (const [first, block] of this.#open) {
      if (this.#bytes <= this.#bytesMax || this.#open.size === 1) return
      this.#drop(first, block)
    }
  }

  #drop(first: number, block: Block): void {
    this.#open.delete(first)
    this.#bytes -= block.bytes
  }
}
