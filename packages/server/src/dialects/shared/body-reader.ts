import type { Readable } from 'node:stream'
import { EventwellError } from '../../core/errors.ts'
import { Pieces } from './pieces.ts'

// A client that is cut off while it sends sees no answer, and many then send the same again. So a body
// over the limit is read on (and dropped) up to this many times the limit, and its client reads a 413.
const drainFactor = 4

/** A body on its way: what of it is held, and whether it is still wanted. */
interface Body {
  /** Ends it with a refusal. */
  refuse: (error: EventwellError) => void
  readonly pieces: Pieces
  bytes: number
  held: number
  isDone: boolean
}

/**
 * Which body has to go when all together have too many bytes. A client with a key who has begun may finish;
 * of strangers, the one who has taken the longest is the one who means to take room.
 */
export type WhenFull = 'refuse the newest' | 'refuse the oldest'

/** Reads request bodies whole, within the bounds of one and of all that are on their way at once. */
export class BodyReader {
  readonly #bytesMax: number
  readonly #allBytesMax: number
  readonly #whenFull: WhenFull
  readonly #underWay = new Set<Body>()
  #bytes = 0

  /** For bodies of so many bytes, if a route does not say otherwise, and so many of all at once. */
  constructor(bytesMax: number, allBytesMax: number, whenFull: WhenFull = 'refuse the newest') {
    this.#bytesMax = bytesMax
    this.#allBytesMax = allBytesMax
    this.#whenFull = whenFull
  }

  /**
   * A body of at most so many bytes. Of one that is larger, no more than `readMax` bytes are asked for.
   * @throws EventwellError `too_large`, `busy`, or `invalid_json` when the client goes away.
   */
  async read(
    payload: Readable,
    bytesMax = this.#bytesMax,
    readMax = bytesMax * drainFactor,
  ): Promise<Buffer> {
    const body: Body = { refuse: () => {}, pieces: new Pieces(), bytes: 0, held: 0, isDone: false }
    this.#underWay.add(body)
    try {
      await this.#collect(payload, body, bytesMax, readMax)
    } finally {
      this.#underWay.delete(body)
      body.isDone = true
      this.#bytes -= body.held
    }
    if (body.bytes > bytesMax) throw tooLarge(bytesMax)
    return body.pieces.take()
  }

  /**
   * Room for what is held of a body that is not read whole: to be told the bytes whenever they change,
   * and 0 in the end. It throws `busy` when all bodies together have no room for more.
   */
  room(): (bytes: number) => void {
    let held = 0
    return (bytes) => {
      const more = bytes - held
      if (more > 0 && this.#bytes + more > this.#allBytesMax) throw busy()
      this.#bytes += more
      held = bytes
    }
  }

  #makeRoom(newest: Body): void {
    const [oldest = newest] = this.#underWay
    const dropped = this.#whenFull === 'refuse the newest' ? newest : oldest
    dropped.pieces.drop()
    dropped.refuse(busy())
  }

  #collect(payload: Readable, body: Body, bytesMax: number, readMax: number): Promise<void> {
    return new Promise((resolve, reject) => {
      body.refuse = reject
      payload.on('data', (chunk: Buffer) => {
        // What still comes after a refusal is dropped, and counts no more.
        if (body.isDone) return
        body.bytes += chunk.length
        if (body.bytes > bytesMax) body.pieces.drop()
        else {
          body.pieces.add(chunk)
          this.#bytes += body.pieces.heldBytes - body.held
          body.held = body.pieces.heldBytes
        }
        if (body.bytes > readMax) reject(tooLarge(bytesMax))
        if (this.#bytes > this.#allBytesMax) this.#makeRoom(body)
      })
      payload.once('end', resolve)
      payload.once('error', (cause) => reject(cutOff(cause)))
      // Every body closes once it has ended; an error costs more than the rest of reading it.
      payload.once('close', () => {
        if (!body.isDone) reject(cutOff())
      })
    })
  }
}

function tooLarge(bytesMax: number): EventwellError {
  const message = `The body is too large; send the events in parts of at most ${bytesMax} bytes.`
  return new EventwellError('too_large', message)
}

function busy(): EventwellError {
  return new EventwellError('busy', 'Too much is being sent at once; send this again.')
}

function cutOff(cause?: unknown): EventwellError {
  return new EventwellError('invalid_json', 'The body ended before it was whole.', [], cause)
}
