// A buffer takes about so much memory besides its bytes.
const bufferBytes = 256
const smallBytes = 1024
const smallMax = 1024

/**
 * The pieces of something that comes bit by bit. Very small ones are joined: a million of them takes
 * gigabytes.
 */
export class Pieces {
  #joined: Uint8Array[] = []
  #small: Uint8Array[] = []
  #bytes = 0

  /** How many bytes there are in all. */
  get bytes(): number {
    return this.#bytes
  }

  /** What they take in memory, roughly. */
  get heldBytes(): number {
    return this.#bytes + this.#small.length * bufferBytes
  }

  /** Adds the next one. */
  add(piece: Uint8Array): void {
    this.#bytes += piece.length
    const isSmall = piece.length < smallBytes
    if (isSmall) this.#small.push(piece)
    if (!isSmall || this.#small.length >= smallMax) this.#join()
    if (!isSmall) this.#joined.push(piece)
  }

  /** All of them in one, and none is held any more. */
  take(): Buffer {
    const whole = Buffer.concat([...this.#joined, ...this.#small])
    this.drop()
    return whole
  }

  /** Lets go of all of them. */
  drop(): void {
    this.#joined = []
    this.#small = []
    this.#bytes = 0
  }

  #join(): void {
    if (this.#small.length === 0) return
    this.#joined.push(Buffer.concat(this.#small))
    this.#small = []
  }
}
