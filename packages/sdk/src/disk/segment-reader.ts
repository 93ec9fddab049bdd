import { open } from 'node:fs/promises'
import { SpoolDamageError } from './errors.ts'
import { bytesOf, linesIn, type Line } from './line.ts'
import { nothing, sumOf, without, type Amount, type Position, type Segment } from './segment.ts'

const pieceBytes = 256 * 1024

/** A record that was read. */
export interface Entry {
  readonly record: string
  readonly bytes: number
  readonly position: Position
  /** What stood before it since the folder was opened, with what was lost. */
  readonly before: Amount
}

/** Reads records in their order, ahead of what is done, a piece of a file at a time. */
export class SegmentReader {
  readonly #segments: readonly Segment[]
  readonly #onDamage: (error: SpoolDamageError, segment: Segment) => void
  readonly #ahead: Entry[] = []
  // Where the next piece begins; before that record of its first line.
  #next: Position
  // What stood before that, with what was lost.
  #passed = nothing

  /** @param segments The oldest first; more may come. */
  constructor(
    segments: readonly Segment[],
    start: Position,
    onDamage: (error: SpoolDamageError, segment: Segment) => void,
  ) {
    this.#segments = segments
    this.#next = start
    this.#onDamage = onDamage
  }

  /** Before the first record that was not dropped. */
  get position(): Position {
    return this.#ahead[0]?.position ?? this.#next
  }

  /** What was dropped, and what was lost before the first record that was not, since the beginning. */
  get passed(): Amount {
    return this.#ahead[0]?.before ?? this.#passed
  }

  /** The oldest records, at most so many, and at most so many bytes unless one alone has more. */
  async peek(recordsMax: number, bytesMax: number): Promise<readonly Entry[]> {
    let bytes = 0
    for (let count = 0; count < recordsMax; count += 1) {
      while (this.#ahead[count] === undefined) {
        if (!(await this.#readPiece())) return this.#ahead.slice(0, count)
      }
      bytes += this.#ahead[count]!.bytes
      if (bytes > bytesMax && count > 0) return this.#ahead.slice(0, count)
    }
    return this.#ahead.slice(0, recordsMax)
  }

  /** Goes on behind the oldest so many. */
  drop(count: number): readonly Entry[] {
    return this.#ahead.splice(0, count)
  }

  /** Reads on; false at the end of what is there. */
  async #readPiece(): Promise<boolean> {
    const at = this.#segments.findIndex(({ number }) => number >= this.#next.segment)
    const segment = this.#segments[at]
    if (segment === undefined) return false
    if (segment.number > this.#next.segment) this.#next = startOf(segment)
    if (this.#next.offset < segment.length) {
      for (const line of await this.#readLines(segment)) this.#take(segment, line)
      return true
    }
    const following = this.#segments[at + 1]
    if (following === undefined) return false
    this.#next = startOf(following)
    return true
  }

  async #readLines(segment: Segment): Promise<readonly Line[]> {
    const { offset } = this.#next
    const end = segment.length
    return readLines(segment.path, offset, end).catch((cause: unknown) => {
      if (isPassing(cause)) throw cause
      this.#damage(segment, end - offset, cause)
      return [{ start: offset, end, records: undefined }]
    })
  }

  #take(segment: Segment, { start, end, records }: Line): void {
    if (records === undefined) this.#damage(segment, end - start)
    const { index: skipped } = this.#next
    for (const [index, record] of (records ?? []).entries()) {
      if (index < skipped) continue
      const position = { segment: segment.number, offset: start, index }
      const bytes = bytesOf(record, index)
      this.#ahead.push({ record, bytes, position, before: this.#passed })
      this.#pass(segment, { records: 1, bytes })
    }
    this.#next = { segment: segment.number, offset: end, index: 0 }
    // What was written and did not come is lost.
    if (end >= segment.length) this.#pass(segment, segment.unread)
  }

  #pass(segment: Segment, amount: Amount): void {
    this.#passed = sumOf(this.#passed, amount)
    segment.unread = without(segment.unread, amount)
  }

  /** Told once of each file. */
  #damage(segment: Segment, bytes: number, cause?: unknown): void {
    if (segment.isDamaged) return
    const options = cause === undefined ? undefined : { cause }
    this.#onDamage(new SpoolDamageError(segment.path, bytes, undefined, options), segment)
  }
}

/** Whether it is the process that lacks something for now, and not the file that cannot be read. */
function isPassing(error: unknown): boolean {
  const { code } = error as { code?: unknown }
  return ['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN', 'EINTR'].includes(String(code))
}

function startOf({ number }: Segment): Position {
  return { segment: number, offset: 0, index: 0 }
}

/** At least one line, however long; what is left of a damaged file without a newline counts as one. */
async function readLines(path: string, offset: number, length: number): Promise<readonly Line[]> {
  const file = await open(path, 'r')
  try {
    for (let bytes = pieceBytes; ; bytes *= 2) {
      const size = Math.min(bytes, length - offset)
      const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, offset)
      const lines = linesIn(buffer.subarray(0, bytesRead), offset)
      if (lines.length > 0) return lines
      if (bytesRead < size || size === length - offset) {
        return [{ start: offset, end: length, records: undefined }]
      }
    }
  } finally {
    await file.close()
  }
}
