// The longest element of an array that is read as it comes.
const elementCharsMax = 32 * 1024 * 1024

/** Cuts the text of a JSON array into the texts of its elements, as it comes in. */
export class ArraySplitter {
  /** What came of the element that is not whole yet. */
  #begun = ''
  /** How deep in brackets; 0 before and behind the array. */
  #depth = 0
  #isInString = false
  /** Whether the next character is escaped. */
  #isEscaped = false
  #hadComma = false
  #isDone = false

  /** Whether the array has ended. */
  get isDone(): boolean {
    return this.#isDone
  }

  /**
   * The elements that a further piece of text completes.
   * @throws SyntaxError when the text is no array, or goes on behind its end; RangeError when an element
   *   has more than 32 Mi characters.
   */
  push(piece: string): string[] {
    const elements: string[] = []
    let from = this.#depth === 0 && !this.#isDone ? this.#open(piece) : 0
    for (let at = from; this.#depth > 0;) {
      if (this.#isEscaped && at < piece.length) {
        this.#isEscaped = false
        at += 1
      }
      const stops = this.#isInString ? /["\\]/g : /["{}[\],]/g
      stops.lastIndex = at
      const stop = stops.exec(piece)
      if (stop === null) break
      at = stop.index + 1
      if (!this.#isEnd(stop[0])) continue
      const element = this.#end(stop[0], this.#begun + piece.slice(from, stop.index))
      if (element !== undefined) elements.push(element)
      from = at
    }
    const rest = piece.slice(from)
    if (this.#depth > 0) this.#begun += rest
    else if (rest.trim() !== '') {
      throw new SyntaxError('There is text behind the end of the array.')
    }
    if (this.#begun.length > elementCharsMax) {
      throw new RangeError(`An element has more than ${elementCharsMax} characters.`)
    }
    return elements
  }

  /** Where the elements begin; the length of the piece while the array has not begun. */
  #open(piece: string): number {
    const start = piece.search(/\S/)
    if (start === -1) return piece.length
    if (piece[start] !== '[') throw new SyntaxError('The answer is no array.')
    this.#depth = 1
    return start + 1
  }

  /** Takes a character that means something; whether an element ends before it. */
  #isEnd(char: string): boolean {
    if (char === '\\') this.#isEscaped = true
    else if (char === '"') this.#isInString = !this.#isInString
    else if (char === '{' || char === '[') this.#depth += 1
    else if (this.#depth === 1) return char === ',' || char === ']'
    else if (char !== ',') this.#depth -= 1
    return false
  }

  #end(char: string, text: string): string | undefined {
    this.#begun = ''
    const element = text.trim()
    if (char === ',') {
      this.#hadComma = true
      return element
    }
    this.#depth = 0
    this.#isDone = true
    return element === '' && !this.#hadComma ? undefined : element
  }
}
