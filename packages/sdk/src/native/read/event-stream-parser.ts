/** A message of a stream of server-sent events. */
export interface StreamMessage {
  /** Its `event:`; empty for those without one. */
  readonly name: string
  readonly data: string
  /** The last `id:` of the stream, which may be of an earlier message. */
  readonly id: string
}

/**
 * Reads server-sent events from bytes, in whatever pieces they come: HTML Living Standard,
 * "Interpreting an event stream".
 */
export class EventStreamParser {
  /**
   * How many milliseconds the server wants a reader to wait before it comes back; undefined until it
   * says so.
   */
  retryMs: number | undefined
  // Takes a byte order mark at the beginning away, as the standard has it.
  readonly #decoder = new TextDecoder()
  readonly #charsMax: number
  /**
   * The pieces of a line that is not whole: joined once, so that a long line costs no more than its
   * length.
   */
  #pieces: string[] = []
  #pieceChars = 0
  /** A line feed that comes next belongs to the line before. */
  #isAfterReturn = false
  #name = ''
  #data: string[] = []
  #dataChars = 0
  #id = ''

  /** @param charsMax The most characters of a line, and of the data of a message. */
  constructor(charsMax: number) {
    this.#charsMax = charsMax
  }

  /**
   * The messages that these bytes complete, one after the other; to be read to the end before more bytes
   * come.
   * @throws RangeError for a line, or the data of a message, beyond the bound: behind the messages that
   * came before it.
   */
  *push(bytes: Uint8Array): Generator<StreamMessage, void, undefined> {
    const text = this.#decoder.decode(bytes, { stream: true })
    let start = this.#isAfterReturn && text.startsWith('\n') ? 1 : 0
    if (text !== '') this.#isAfterReturn = text.endsWith('\r')
    const ends = /\r\n|\r|\n/g
    ends.lastIndex = start
    for (let end = ends.exec(text); end !== null; end = ends.exec(text)) {
      const message = this.#takeLine(this.#wholeLine(text.slice(start, end.index)))
      if (message !== undefined) yield message
      start = ends.lastIndex
    }
    this.#keepPiece(text.slice(start))
  }

  #keepPiece(piece: string): void {
    this.#checkChars(this.#pieceChars + piece.length)
    if (piece === '') return
    this.#pieces.push(piece)
    this.#pieceChars += piece.length
  }

  #wholeLine(end: string): string {
    this.#checkChars(this.#pieceChars + end.length)
    const line = this.#pieces.length === 0 ? end : this.#pieces.join('') + end
    this.#pieces = []
    this.#pieceChars = 0
    return line
  }

  #checkChars(chars: number): void {
    if (chars <= this.#charsMax) return
    throw new RangeError(`A message of the stream has more than ${this.#charsMax} characters.`)
  }

  #takeLine(line: string): StreamMessage | undefined {
    if (line === '') return this.#dispatch()
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (field === 'event') this.#name = value
    else if (field === 'data') this.#keepData(value)
    else if (field === 'id' && !value.includes('\0')) this.#id = value
    else if (field === 'retry' && /^\d+$/.test(value)) this.retryMs = Number(value)
    return undefined
  }

  #keepData(value: string): void {
    this.#dataChars += value.length + 1
    this.#checkChars(this.#dataChars - 1)
    this.#data.push(value)
  }

  #dispatch(): StreamMessage | undefined {
    const isWhole = this.#data.length > 0
    const message = { name: this.#name, data: this.#data.join('\n'), id: this.#id }
    this.#name = ''
    this.#data = []
    this.#dataChars = 0
    return isWhole ? message : undefined
  }
}
