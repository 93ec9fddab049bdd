import { Buffer } from 'node:buffer'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { eachFacet, type StoredEvent } from '../../core/event.ts'
import { matches } from '../../core/query.ts'
import type { Removal, RemovalPart } from '../../core/store.ts'
import type { Blocks } from './blocks.ts'
import type { BlockSpan, Directory } from './directory.ts'
import { matchOf } from './facet-walk.ts'
import { encodeBlock } from './record.ts'
import { identityHash, identityTerm, termsOf } from './terms.ts'

// Appends wait while a part is removed: some 50 microseconds an event to take it out of the index.
const partEvents = 400
const partBlocks = 64

// The record of an event that was removed: its two lines, empty.
const erasedRecord = '\n\n'

/** Takes events out of a workspace's file, within the transactions of the writing thread. */
export class Remover {
  readonly #directory: Directory
  readonly #blocks: Blocks
  readonly #candidates: StatementSync
  readonly #withdrawnWithin: StatementSync
  readonly #withdraw: StatementSync
  readonly #forgetTerms: StatementSync
  readonly #putBody: StatementSync
  readonly #dropBlock: readonly StatementSync[]
  readonly #dropColumn: StatementSync
  readonly #dropWords: StatementSync
  #changed: number[] = []

  constructor(db: DatabaseSync, directory: Directory, blocks: Blocks) {
    this.#directory = directory
    this.#blocks = blocks
    // Taken out of the index for good, instead of being noted there as deleted until segments are merged.
    db.exec("INSERT INTO facet(facet, rank) VALUES('secure-delete', 1)")
    this.#candidates = db.prepare(
      'SELECT rowid FROM facet WHERE facet MATCH ? AND rowid > ? AND rowid <= ? ORDER BY rowid LIMIT ?',
    )
    this.#withdrawnWithin = db.prepare(
      'SELECT position FROM withdrawn WHERE position BETWEEN ? AND ?',
    )
    this.#withdraw = db.prepare('INSERT OR IGNORE INTO withdrawn VALUES(?)')
    this.#forgetTerms = db.prepare("INSERT INTO facet(facet, rowid, terms) VALUES('delete', ?, ?)")
    this.#putBody = db.prepare('INSERT OR REPLACE INTO body VALUES(?, ?)')
    this.#dropBlock = [
      db.prepare('DELETE FROM block WHERE first = :first AND :last = :last'),
      db.prepare('DELETE FROM body WHERE first = :first AND :last = :last'),
      db.prepare('DELETE FROM withdrawn WHERE position BETWEEN :first AND :last'),
    ]
    this.#dropColumn = db.prepare('DELETE FROM digest WHERE name = ? AND first = ?')
    this.#dropWords = db.prepare('DELETE FROM words WHERE first = ?')
  }

  /** The first positions of the blocks that the last part changed, or took away. */
  get changed(): readonly number[] {
    return this.#changed
  }

  /** Removes what is wanted of the events after a position, a part of it. */
  remove(removal: Removal, after: number): RemovalPart {
    this.#changed = []
    return removal.identity === undefined && (removal.facets ?? []).length === 0
      ? this.#removeInOrder(removal, after)
      : this.#removeByIndex(removal, after)
  }

  #removeByIndex(removal: Removal, after: number): RemovalPart {
    const { identity, facets = [], through = Number.MAX_SAFE_INTEGER } = removal
    const match =
      identity === undefined ? matchOf(facets) : `"${identityTerm(identityHash(identity))}"`
    const positions = this.#candidates
      .all(match, after, through, partEvents)
      .map((row) => Number(row['rowid']))
    let [events, last] = [0, 0]
    for (let from = 0; from < positions.length;) {
      const span = this.#directory.spanOf(positions[from]!)
      if (span === undefined) {
        from += 1
        continue
      }
      const end = span.first + span.count
      const beyond = positions.findIndex((position) => position >= end)
      const to = beyond < 0 ? positions.length : beyond
      const removed = this.#removeFrom(span, removal, positions.slice(from, to))
      events += removed.length
      last = removed.at(-1) ?? last
      from = to
    }
    const next = positions.length === partEvents ? positions.at(-1)! : undefined
    return { events, last, ...(next !== undefined && { next }) }
  }

  #removeInOrder(removal: Removal, after: number): RemovalPart {
    const { receivedUntilMs = Infinity, through = Infinity } = removal
    let [events, last, blocks] = [0, 0, 0]
    let index = Math.max(this.#directory.indexOf(after + 1), 0)
    for (; index < this.#directory.length; index++) {
      const span = this.#directory.at(index)!
      const block = this.#blocks.get(span.first, span.count)
      const isBeyond = span.first > through
      if (isBeyond || block.receivedAtMs(span.first) >= receivedUntilMs) return { events, last }
      const positions = Array.from({ length: span.count }, (_, n) => span.first + n)
      const removed = this.#removeFrom(
        span,
        removal,
        positions.filter((position) => position > after && position <= through),
      )
      events += removed.length
      last = removed.at(-1) ?? last
      blocks += 1
      const end = span.first + span.count - 1
      const isPartFull = events >= partEvents || blocks >= partBlocks
      if (isPartFull && end < this.#directory.head) return { events, last, next: end }
    }
    return { events, last }
  }

  /** Takes those of a block's events that are wanted out of it; returns the positions where one stood. */
  #removeFrom(span: BlockSpan, removal: Removal, positions: readonly number[]): number[] {
    const block = this.#blocks.get(span.first, span.count)
    const wanted = new Set(positions)
    const last = span.first + span.count - 1
    const stored: StoredEvent[] = []
    for (let position = span.first; position <= last; position++) {
      if (!block.isErased(position)) stored.push(block.event(position))
    }
    const doomed = stored.filter((event) => wanted.has(event.position) && isWanted(event, removal))
    if (doomed.length === 0) return []
    this.#changed.push(span.first)
    this.#forgetDigest(span.first, stored)
    const rows = this.#withdrawnWithin.all(span.first, last)
    const withdrawn = new Set(rows.map((row) => Number(row['position'])))
    for (const event of doomed) this.#forgetTerms.run(event.position, termsOf(event))
    const gone = new Set(doomed.map(({ position }) => position))
    const records: string[] = []
    for (let position = span.first; position <= last; position++) {
      const isGone = gone.has(position) || block.isErased(position)
      records.push(isGone ? erasedRecord : block.record(position))
    }
    // The last block stays, empty or not: it tells which positions were given out.
    if (records.every((record) => record === erasedRecord) && last < this.#directory.head) {
      for (const statement of this.#dropBlock) statement.run({ first: span.first, last })
    } else {
      this.#putBody.run(span.first, encodeBlock(block.received, Buffer.from(records.join(''))))
      for (const position of gone) this.#withdraw.run(position)
    }
    return [...gone].filter((position) => !withdrawn.has(position))
  }

  /** Its columns are those of the facets that the block's events have. */
  #forgetDigest(first: number, stored: readonly StoredEvent[]): void {
    const names = new Set([''])
    for (const event of stored) eachFacet(event, (name) => names.add(name))
    for (const name of names) this.#dropColumn.run(name, first)
    this.#dropWords.run(first)
  }
}

function isWanted(event: StoredEvent, { identity, ...selection }: Removal): boolean {
  const isOne =
    identity === undefined || (event.id === identity.id && event.source === identity.source)
  return isOne && matches(event, selection)
}
