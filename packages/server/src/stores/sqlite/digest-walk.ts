import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { splitType } from '../../core/event.ts'
import type { FacetFilter } from '../../core/query.ts'
import type { Column } from './digest.ts'

/** A column's row as SQLite gives it: where its block begins, its labels, its indexes. */
type Row = [first: number, labels: string | null, indexes: Uint8Array]

// What was made of labels is kept for the next question: nearly all blocks have the same few.
const knownMax = 5000

/** The columns of one facet, block by block; blocks are asked for in order. */
export class ColumnWalk {
  readonly #rows: Iterator<Row>
  readonly #whenEnded: () => void
  #next: Row | undefined

  /** Calls `whenEnded` once it has let go of the rows. */
  constructor(rows: Iterator<Row>, whenEnded: () => void) {
    this.#rows = rows
    this.#whenEnded = whenEnded
    this.#step()
  }

  /** The column of a digested block; undefined when none of its events has the facet. */
  at(first: number): Column | undefined {
    while (this.#next !== undefined && this.#next[0] < first) this.#step()
    if (this.#next?.[0] !== first) return undefined
    return { values: this.#next[1] ?? undefined, indexes: this.#next[2] }
  }

  /** Lets go of the rows. */
  end(): void {
    this.#rows.return?.()
    this.#whenEnded()
  }

  #step(): void {
    const { value, done } = this.#rows.next()
    this.#next = done === true ? undefined : value
  }
}

/** The digests of a workspace's file. */
export class Digests {
  readonly #prepareColumns: () => StatementSync
  /** Statements that no walk uses: several walks go on side by side, each with its own. */
  readonly #idle: StatementSync[] = []
  readonly #mark: StatementSync
  readonly #times: StatementSync
  readonly #words: StatementSync
  readonly #values = new Map<string, readonly string[]>()

  constructor(db: DatabaseSync) {
    this.#prepareColumns = () => {
      const statement = db.prepare(
        'SELECT first, labels, indexes FROM digest WHERE name = ? AND first >= ? ORDER BY first',
      )
      statement.setReturnArrays(true)
      return statement
    }
    this.#mark = db.prepare("SELECT 1 FROM digest WHERE name = '' AND first = ?")
    this.#times = db.prepare("SELECT indexes FROM digest WHERE name = '' AND first = ?")
    this.#words = db.prepare('SELECT bits FROM words WHERE first = ?')
  }

  /** Whether blocks are digested, by where they begin. */
  isDigested(first: number): boolean {
    return this.#mark.get(first) !== undefined
  }

  /** The columns of a facet from the block that begins at a position. */
  columnsFrom(name: string, first: number): ColumnWalk {
    const column = name === 'resource' || name === 'action' ? 'type' : name
    const statement = this.#idle.pop() ?? this.#prepareColumns()
    // The types know rows as objects alone; these are arrays, see `setReturnArrays`.
    const rows = statement.iterate(column, first) as unknown as Iterator<Row>
    return new ColumnWalk(rows, () => this.#idle.push(statement))
  }

  /** The times of a digested block, as `digestOf` wrote them. */
  timesAt(first: number): Uint8Array {
    return this.#times.get(first)!['indexes'] as Uint8Array
  }

  /** The filter of the words of a block's payloads; undefined when it has none yet. */
  wordsAt(first: number): Uint8Array | undefined {
    return this.#words.get(first)?.['bits'] as Uint8Array | undefined
  }

  /** The values of a facet that a column's text stands for. */
  valuesOf(name: string, labels: string): readonly string[] {
    const key = name === 'resource' || name === 'action' ? `${name} ${labels}` : labels
    let values = this.#values.get(key)
    if (values === undefined) {
      values = JSON.parse(labels) as string[]
      if (name === 'resource' || name === 'action')
        values = values.map((type) => splitType(type)[name])
      if (this.#values.size >= knownMax) this.#values.clear()
      this.#values.set(key, values)
    }
    return values
  }
}

/** For each index of a column whether a filter lets it pass; index 0 stands for events without the facet. */
export function passOf(values: readonly string[], filter: FacetFilter): Uint8Array {
  const { prefixes = [] } = filter
  const pass = new Uint8Array(values.length + 1)
  values.forEach((value, index) => {
    const isIn =
      filter.values.includes(value) || prefixes.some((prefix) => value.startsWith(prefix))
    if (isIn) pass[index + 1] = 1
  })
  return pass
}
