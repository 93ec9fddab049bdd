import { Buffer } from 'node:buffer'
import type { BlockSpan } from './directory.ts'
import { encodeBlock, type Block, type ReceivedRun } from './record.ts'
import type { Arrival } from './transaction.ts'

const bytesMax = 256 * 1024

/**
 * The last block of a log, which still takes events: each commit writes it anew, until it is full. So
 * small commits make blocks as full as large ones, at the price of compressing some events again.
 */
export class OpenBlock {
  readonly first: number
  count = 0
  /** The span of its events' times, in ms since 1970. */
  minMs = Infinity
  maxMs = -Infinity
  #records: Buffer = Buffer.alloc(0)
  #added = ''
  #received: ReceivedRun[] = []

  readonly #eventsMax: number

  private constructor(first: number, eventsMax: number) {
    this.first = first
    this.#eventsMax = eventsMax
  }

  /** A new block of at most so many events. */
  static empty(first: number, eventsMax: number): OpenBlock {
    return new OpenBlock(first, eventsMax)
  }

  /** The block as it stands on disk, to go on with. */
  static of(span: BlockSpan, block: Block, eventsMax: number): OpenBlock {
    const open = new OpenBlock(span.first, eventsMax)
    open.count = span.count
    open.minMs = span.minMs
    open.maxMs = span.maxMs
    open.#records = block.records
    open.#received = [...block.received]
    return open
  }

  /** When its last event was received; 0 when it has none. */
  get lastReceivedMs(): number {
    return this.#received.at(-1)?.[1] ?? 0
  }

  /** The blocks that change when these events arrive, this one unchanged itself; the last stays open. */
  with(arrivals: readonly Arrival[], receivedAtMs: number): OpenBlock[] {
    let block = this.#copy()
    const changed = this.#isFull ? [] : [block]
    for (const arrival of arrivals) {
      if (block.#isFull) {
        block = new OpenBlock(arrival.position, this.#eventsMax)
        changed.push(block)
      }
      block.#add(arrival, receivedAtMs)
    }
    return changed
  }

  /** The block as it goes to disk. */
  encode(): Buffer {
    if (this.#added !== '') this.#records = Buffer.concat([this.#records, Buffer.from(this.#added)])
    this.#added = ''
    return encodeBlock(this.#received, this.#records)
  }

  get #isFull(): boolean {
    return this.count >= this.#eventsMax || this.#records.length + this.#added.length >= bytesMax
  }

  #copy(): OpenBlock {
    const copy = new OpenBlock(this.first, this.#eventsMax)
    copy.count = this.count
    copy.minMs = this.minMs
    copy.maxMs = this.maxMs
    copy.#records = this.#records
    copy.#received = [...this.#received]
    return copy
  }

  #add({ record, timeMs }: Arrival, receivedAtMs: number): void {
    const happenedMs = Number.isNaN(timeMs) ? receivedAtMs : timeMs
    this.#added += record
    this.count += 1
    this.minMs = Math.min(this.minMs, happenedMs)
    this.maxMs = Math.max(this.maxMs, happenedMs)
    const run = this.#received.at(-1)
    if (run?.[1] === receivedAtMs) this.#received.splice(-1, 1, [run[0] + 1, receivedAtMs])
    else this.#received.push([1, receivedAtMs])
  }
}
