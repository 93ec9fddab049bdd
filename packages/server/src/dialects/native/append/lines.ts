import { EventwellError } from '../../../core/errors.ts'
import { Pieces } from '../../shared/pieces.ts'
import { decodeUtf8, readJson } from '../../../core/json/json.ts'

const newline = 0x0a
const carriageReturn = 0x0d
// Who sends more of them in a row sends nothing else.
const blankLinesMax = 1_000_000

/** A line that has something in it. */
export interface Line {
  /** Its place among all lines, from 0; blank ones count. */
  readonly index: number
  readonly bytes: Uint8Array
}

/** Splits bytes that come in pieces into lines, in time linear to their length. Blank lines are skipped. */
export class LineSplitter {
  readonly #lineBytesMax: number
  #index = 0
  readonly #pieces = new Pieces()
  /** Blank lines since the last line with something in it. */
  #blanks = 0

  constructor(lineBytesMax: number) {
    this.#lineBytesMax = lineBytesMax
  }

  /** Bytes of a line that was begun and is held until its end comes. */
  get heldBytes(): number {
    return this.#pieces.heldBytes
  }

  /** How many lines there were until now; after `end`, in all. */
  get count(): number {
    return this.#index
  }

  /**
   * The lines that end in this piece; to be used up before the next one is given.
   * @throws EventwellError `too_large` naming a line that is longer than the bound, or one of very many that are
   * blank.
   */
  *push(chunk: Uint8Array): Generator<Line> {
    let start = 0
    for (;;) {
      if (chunk[start] === newline && this.#pieces.bytes === 0) {
        start += 1
        this.#skip()
        continue
      }
      const end = chunk.indexOf(newline, start)
      if (end < 0) break
      const bytes = this.#whole(chunk.subarray(start, end))
      start = end + 1
      if (isBlank(bytes)) this.#skip()
      else yield this.#next(bytes)
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start))
  }

  /** The last line, when it has no end of its own. */
  *end(): Generator<Line> {
    if (this.#pieces.bytes === 0) return
    const bytes = this.#whole(new Uint8Array())
    if (isBlank(bytes)) this.#skip()
    else yield this.#next(bytes)
  }

  #next(bytes: Uint8Array): Line {
    this.#blanks = 0
    return { index: this.#index++, bytes }
  }

  #skip(): void {
    this.#index += 1
    this.#blanks += 1
    if (this.#blanks <= blankLinesMax) return
    const message = `More than ${blankLinesMax} lines in a row are blank; send events.`
    throw new EventwellError('too_large', message, { index: this.#index - 1 })
  }

  #whole(last: Uint8Array): Uint8Array {
    this.#check(last.length)
    if (this.#pieces.bytes === 0) return last
    this.#pieces.add(last)
    return this.#pieces.take()
  }

  #keep(piece: Uint8Array): void {
    this.#check(piece.length)
    this.#pieces.add(piece)
  }

  #check(moreBytes: number): void {
    if (this.#pieces.bytes + moreBytes <= this.#lineBytesMax) return
    const message = `Line ${this.#index} is longer than ${this.#lineBytesMax} bytes; send smaller events.`
    throw new EventwellError('too_large', message, { index: this.#index })
  }
}

/**
 * The JSON of a line.
 * @throws EventwellError `invalid_json` with the parser's word.
 */
export function lineJson(bytes: Uint8Array): unknown {
  try {
    return readJson(decodeUtf8(bytes))
  } catch (thrown) {
    if (!(thrown instanceof EventwellError)) throw thrown
    const message = thrown.message.replace(/^The body/, 'The line')
    throw new EventwellError(thrown.code, message, thrown.places, thrown)
  }
}

/** Nothing but blanks, tabs and returns, and before them perhaps a byte order mark. */
function isBlank(bytes: Uint8Array): boolean {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  while (at < bytes.length && isSpace(bytes[at]!)) at += 1
  return at === bytes.length
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === carriageReturn
}
