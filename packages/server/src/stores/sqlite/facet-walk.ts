import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { FacetFilter, Query } from '../../core/query.ts'
import type { BlockSpan } from './directory.ts'
import { facetTerm, isWholeTerm } from './terms.ts'

type Walked = Pick<Query, 'facets' | 'direction'>

// Going on row by row costs less than seeking anew for about this many rows.
const stepsBeforeSeek = 256
// A seek passes by every row of the term before it, some 30 ms for a million. Where most blocks hold an event
// that is wanted anyway, looking at the events themselves is cheaper than asking.
const denseShare = 1 / 8
// What was dense may have become rare: so many blocks are looked at, then the index is asked after all.
const scannedBlocksMax = 64
// Shares are noted from so many events on, and for so many queries.
const shareEventsMin = 1024
const shareEventsMax = 65_536
const sharesMax = 1000
const none: readonly number[] = []

/** Of so many events that a walk went over, so many were named by the index. */
interface Share {
  readonly events: number
  readonly named: number
}

const nothing: Share = { events: 0, named: 0 }

/**
 * Walks the positions that the index holds for a query's facets, block by block, as a rule in the query's
 * direction: going back begins a new walk. The index may name too many positions (terms are cut at a length),
 * never too few.
 */
export class FacetWalk {
  readonly #tailEvents: number
  readonly #forward: StatementSync
  readonly #backward: StatementSync
  readonly #count: StatementSync
  readonly #countWithdrawn: StatementSync
  #rows: Iterator<Record<string, unknown>> | undefined
  /** The position the walk stands at: the next one to hand out. */
  #next: number | undefined
  /** The first position of the block asked for last. */
  #asked = 0
  /** The share of events that the index named, by query; as it was of late. */
  readonly #shares = new Map<string, Share>()
  #seen = { match: '', events: 0, named: 0, scannedBlocks: 0 }

  /** When no more than `tailEvents` are left in front of a walk, it does without the index, too. */
  constructor(db: DatabaseSync, tailEvents: number) {
    this.#tailEvents = tailEvents
    const select = 'SELECT rowid FROM facet WHERE facet MATCH ?'
    this.#forward = db.prepare(`${select} AND rowid >= ? ORDER BY rowid`)
    this.#count = db.prepare('SELECT count(*) AS count FROM facet WHERE facet MATCH ?')
    this.#countWithdrawn = db.prepare(
      'SELECT count(*) AS count FROM withdrawn JOIN facet ON facet.rowid = position WHERE facet MATCH ?',
    )
    this.#backward = db.prepare(`${select} AND rowid <= ? ORDER BY rowid DESC`)
  }

  /**
   * The positions in a block that may hold what is wanted, ascending; all of them when the query names no
   * facets. `head` is the last position there is.
   */
  positionsIn(query: Walked, { first, count }: BlockSpan, head: number): readonly number[] {
    const last = first + count - 1
    if (
      query.facets === undefined ||
      query.facets.length === 0 ||
      this.#scans(query, first, head)
    ) {
      return Array.from({ length: count }, (_, index) => first + index)
    }
    const isForward = query.direction === 'forward'
    const isBehind = isForward ? first < this.#asked : first > this.#asked
    this.#asked = first
    if (this.#rows === undefined || isBehind) this.#seek(query, isForward ? first : last)
    this.#goTo(query, isForward ? first : last)
    // Most blocks hold none of a rare facet's events; the walk stands beyond them already.
    this.#seen.events += count
    if (this.#next === undefined || (isForward ? this.#next > last : this.#next < first))
      return none
    const found: number[] = []
    while (this.#next !== undefined && this.#next >= first && this.#next <= last) {
      found.push(this.#next)
      this.#step()
    }
    this.#seen.named += found.length
    return isForward ? found : found.toReversed()
  }

  /**
   * How many events have these facets, told by the index alone; undefined when it cannot tell, because a term
   * was cut and may stand for several values.
   */
  count(facets: readonly FacetFilter[]): number | undefined {
    const isExact = facets.every(({ name, values, prefixes = [] }) =>
      [...values, ...prefixes].every((value) => isWholeTerm(facetTerm(name, value))),
    )
    if (facets.length === 0 || !isExact) return undefined
    const match = matchOf(facets)
    const count = Number(this.#count.get(match)!['count'])
    return count === 0 ? 0 : count - Number(this.#countWithdrawn.get(match)!['count'])
  }

  /** Ends the walk; the next call begins a new one. */
  reset(): void {
    this.#noteShare()
    this.#seen = { match: '', events: 0, named: 0, scannedBlocks: 0 }
    this.#endRows()
  }

  /** Whether to look at all events of a block instead of asking the index. */
  #scans(query: Walked, first: number, head: number): boolean {
    if (this.#rows !== undefined) return false
    this.#seen.match = matchOf(query.facets!)
    const isTail = query.direction === 'forward' && head - first < this.#tailEvents
    const { events, named } = this.#shares.get(this.#seen.match) ?? nothing
    const isDense = events >= shareEventsMin && named / events >= denseShare
    this.#seen.scannedBlocks += 1
    return isTail || (isDense && this.#seen.scannedBlocks <= scannedBlocksMax)
  }

  #noteShare(): void {
    const { match } = this.#seen
    if (this.#seen.events === 0) return
    // A part of a question may see too few to tell; its parts together do.
    const known = this.#shares.get(match)
    const before = known === undefined || known.events >= shareEventsMax ? nothing : known
    const events = before.events + this.#seen.events
    const named = before.named + this.#seen.named
    this.#shares.delete(match)
    this.#shares.set(match, { events, named })
    const [oldest] = this.#shares.keys()
    if (this.#shares.size > sharesMax) this.#shares.delete(oldest!)
  }

  #endRows(): void {
    this.#rows?.return?.()
    this.#rows = undefined
    this.#next = undefined
  }

  /** Goes on to a position, or the next one after it in the query's direction. */
  #goTo(query: Walked, position: number): void {
    const isForward = query.direction === 'forward'
    for (let steps = 0; this.#next !== undefined; steps++) {
      if (isForward ? this.#next >= position : this.#next <= position) return
      if (steps < stepsBeforeSeek) this.#step()
      else this.#seek(query, position)
    }
  }

  #seek(query: Walked, position: number): void {
    this.#endRows()
    const statement = query.direction === 'forward' ? this.#forward : this.#backward
    this.#rows = statement.iterate(this.#seen.match, position)
    this.#step()
  }

  #step(): void {
    const { value, done } = this.#rows!.next()
    this.#next = done === true ? undefined : Number((value as Record<string, unknown>)['rowid'])
  }
}

/** The FTS5 expression of facets: any value of each, all of them together. */
export function matchOf(facets: readonly FacetFilter[]): string {
  return facets
    .map(({ name, values, prefixes = [] }) => {
      const terms = values.map((value) => `"${facetTerm(name, value)}"`)
      // A value is escaped letter by letter, so what a value begins with is what its term begins with.
      for (const prefix of prefixes) terms.push(`"${facetTerm(name, prefix)}" *`)
      return `(${terms.join(' OR ')})`
    })
    .join(' AND ')
}
