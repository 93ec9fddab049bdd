import { sayTheSame, type NewEvent, type Receipt, type StoredEvent } from '../../core/event.ts'
import type { Appended, OnChange } from '../../core/store.ts'
import type { Batch } from './messages.ts'
import { splitRecord } from './record.ts'

/** An event that gets a position in a transaction. */
export interface Arrival {
  readonly position: number
  readonly record: string
  readonly terms: string
  readonly hash: number
  /** When it happened, in ms since 1970; NaN when it happened as it was received. */
  readonly timeMs: number
  /** The arrival before it with the same hash, if there is one. */
  readonly earlier: Arrival | undefined
}

/** Looks an identity up among the events committed before; `hash` is its `identityHash`. */
export type FindStored = (hash: number, event: () => NewEvent) => StoredEvent | undefined

/**
 * Decides what becomes of appended events, one append after the other: which are new, which are known,
 * which replace another. It writes nothing.
 */
export class Transaction {
  readonly arrivals: Arrival[] = []
  /** Positions whose events are replaced by arrivals. */
  readonly withdrawn: number[] = []
  readonly #findStored: FindStored
  readonly #byHash = new Map<number, Arrival>()
  #head: number

  constructor(head: number, findStored: FindStored) {
    this.#head = head
    this.#findStored = findStored
  }

  /** The last position given out so far. */
  get head(): number {
    return this.#head
  }

  /** Decides about one append. When it throws, or there are conflicts, nothing of it remains. */
  append(batch: Batch, onChange: OnChange): Appended {
    const before = { arrivals: this.arrivals.length, withdrawn: this.withdrawn.length }
    try {
      const appended = this.#decide(batch, onChange)
      if (appended.conflicts !== undefined) this.#undo(before.arrivals, before.withdrawn)
      return appended
    } catch (error) {
      this.#undo(before.arrivals, before.withdrawn)
      throw error
    }
  }

  #decide(batch: Batch, onChange: OnChange): Appended {
    const terms = batch.terms.split('\n')
    const receipts: Receipt[] = []
    const conflicts: number[] = []
    let start = 0
    for (let index = 0; index < batch.ends.length; index++) {
      const record = batch.records.slice(start, batch.ends[index])
      start = batch.ends[index]!
      const hash = batch.hashes[index]!
      const known = this.#find(hash, record)
      if (known !== undefined && sayTheSame(known, splitRecord(record))) {
        receipts.push({ outcome: 'exists', position: known.position })
      } else if (known !== undefined && onChange !== 'replace') {
        if (onChange === 'refuse') conflicts.push(index)
        receipts.push({ outcome: 'conflict', position: known.position })
      } else {
        if (known !== undefined) this.withdrawn.push(known.position)
        const position = ++this.#head
        const earlier = this.#byHash.get(hash)
        const timeMs = batch.times[index]!
        const arrival = { position, record, terms: terms[index]!, hash, timeMs, earlier }
        this.#byHash.set(hash, arrival)
        this.arrivals.push(arrival)
        receipts.push({ outcome: known === undefined ? 'created' : 'replaced', position })
      }
    }
    return conflicts.length === 0 ? { receipts } : { conflicts }
  }

  #find(hash: number, record: string): (NewEvent & { position: number }) | undefined {
    let event: NewEvent | undefined
    const decoded = () => (event ??= splitRecord(record))
    for (let known = this.#byHash.get(hash); known !== undefined; known = known.earlier) {
      const arrived = splitRecord(known.record)
      if (arrived.id === decoded().id && arrived.source === decoded().source) {
        return { ...arrived, position: known.position }
      }
    }
    return this.#findStored(hash, decoded)
  }

  #undo(arrivals: number, withdrawn: number): void {
    for (const { hash, earlier } of this.arrivals.splice(arrivals).toReversed()) {
      if (earlier === undefined) this.#byHash.delete(hash)
      else this.#byHash.set(hash, earlier)
      this.#head -= 1
    }
    this.withdrawn.length = withdrawn
  }
}
