import { Buffer } from 'node:buffer'
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { NewEvent, StoredEvent } from '../../core/event.ts'
import { parseJson } from '../../core/json/json.ts'

/** How many events, one after the other, were received in the same millisecond. */
export type ReceivedRun = readonly [count: number, receivedAtMs: number]

const newline = 10
// Most blocks are opened in one piece of this size; the default of 16 KiB takes several.
const chunkSize = 96 * 1024
// With a checksum, damage on disk is an error when the block is opened, and is never served.
const level = {
  params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
}

/**
 * One event as two lines: a JSON header with all but the payload, and the payload's JSON text (an empty
 * line when there is none). The payload is never parsed to be stored, found by facet, or returned.
 */
export function encodeRecord(event: NewEvent): string {
  const { source, id, type, subject, time, actor, organization, facets, envelope } = event
  const { data, trace, stamps } = event
  const named = { source, id, type, subject, time, actor, organization, facets }
  return `${JSON.stringify({ ...named, envelope, trace, stamps })}\n${data ?? ''}\n`
}

/** The event of a record without its position and time of receipt. */
export function decodeRecord(header: string, data: string): NewEvent {
  const event = parseJson(header) as NewEvent
  return data === '' ? event : { ...event, data }
}

/** The event of a whole record, as `encodeRecord` wrote it. */
export function splitRecord(record: string): NewEvent {
  const headerEnd = record.indexOf('\n')
  return decodeRecord(record.slice(0, headerEnd), record.slice(headerEnd + 1, -1))
}

/** Compresses a block: a first line tells when its events were received, then their records follow. */
export function encodeBlock(received: readonly ReceivedRun[], records: Buffer): Buffer {
  return zstdCompressSync(
    Buffer.concat([Buffer.from(`${JSON.stringify(received)}\n`), records]),
    level,
  )
}

/** A block's records, opened; single events are taken out of it without parsing their neighbours. */
export class Block {
  readonly first: number
  readonly count: number
  /** Bytes it takes in memory, roughly. */
  readonly bytes: number
  readonly received: readonly ReceivedRun[]
  readonly #text: Buffer
  /** Where the lines found so far end: most readers want one event, so the rest is looked for when asked. */
  readonly #lineEnds: Uint32Array
  #linesFound = 0

  constructor(first: number, count: number, compressed: Uint8Array) {
    this.first = first
    this.count = count
    this.#text = zstdDecompressSync(compressed, { chunkSize })
    this.#lineEnds = new Uint32Array(1 + 2 * count)
    this.received = JSON.parse(this.#line(0)) as ReceivedRun[]
    this.bytes = this.#text.buffer.byteLength + this.#lineEnds.byteLength
  }

  /** All records of the block, as `encodeRecord` wrote them. */
  get records(): Buffer {
    return this.#text.subarray(this.#lineEnd(0) + 1)
  }

  /** The event at a position of this block. */
  event(position: number): StoredEvent {
    const index = position - this.first
    const event = decodeRecord(this.#line(1 + 2 * index), this.#line(2 + 2 * index))
    return { ...event, position, receivedAtMs: this.receivedAtMs(position) }
  }

  /** Whether the event at a position was removed: its lines are empty. */
  isErased(position: number): boolean {
    return this.#line(1 + 2 * (position - this.first)) === ''
  }

  /** The record at a position, as `encodeRecord` wrote it. */
  record(position: number): string {
    const index = position - this.first
    return `${this.#line(1 + 2 * index)}\n${this.#line(2 + 2 * index)}\n`
  }

  receivedAtMs(position: number): number {
    let left = position - this.first
    for (const [count, ms] of this.received) {
      if (left < count) return ms
      left -= count
    }
    throw new Error(`The block at ${this.first} does not say when ${position} was received.`)
  }

  #line(number: number): string {
    const start = number === 0 ? 0 : this.#lineEnd(number - 1) + 1
    return this.#text.toString('utf8', start, this.#lineEnd(number))
  }

  #lineEnd(number: number): number {
    while (this.#linesFound <= number) {
      const last = this.#linesFound === 0 ? -1 : this.#lineEnds[this.#linesFound - 1]!
      const end = this.#text.indexOf(newline, last + 1)
      if (end < 0)
        throw new Error(`The block at ${this.first} has fewer than ${this.count} events.`)
      this.#lineEnds[this.#linesFound] = end
      this.#linesFound += 1
    }
    return this.#lineEnds[number]!
  }
}
