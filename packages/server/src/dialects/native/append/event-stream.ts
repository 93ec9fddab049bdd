import { setImmediate } from 'node:timers/promises'
import type { EventFault, EventRejection, StreamAnswer } from '@eventwell/client'
import { EventwellError } from '../../../core/errors.ts'
import type { Trace } from '../../../core/event.ts'
import type { EventLog } from '../../../core/log.ts'
import type { BodyReader } from '../../shared/body-reader.ts'
import type { DecodedBody } from './content-encoding.ts'
import { LineSplitter, lineJson } from './lines.ts'
import { pointerOf } from '../problem.ts'
import { Sorting } from './sorting.ts'
import { withTrace } from './trace.ts'

// What is appended at once: enough to make syncing cheap, little enough to hold for each of many clients.
const batchEventsMax = 1000
const batchCharsMax = 4 * 1024 * 1024
const faultsMax = 1000
// An escaped character of JSON takes six bytes; beside the payload there are names.
const bytesPerChar = 6
// What no data compresses to, though zeros do.
const ratioMax = 200
const ratioFromBytes = 1024 * 1024
// Others have their turn at least so often.
const turnMs = 10
// A line that was begun is held in memory; its end may not be put off for ever.
const lineMsMax = 60_000

/** The bytes that a line of a stream may have, when an event may carry so many characters. */
export function lineBytesMax({ limits }: Pick<EventLog, 'limits'>): number {
  return limits.eventCharsMax * bytesPerChar + 64 * 1024
}

/** What a stream is kept in, and what watches over it. */
export interface StreamKeeper {
  readonly log: EventLog
  readonly bodies: BodyReader
  readonly workspace: string
  /** The trace of the request that it is. */
  readonly trace: Trace | undefined
  /** Called before so many events are kept; throws when they may not be. */
  readonly beforeKeeping: (events: number) => void
}

/** A stream that was broken off, with what became of the lines before. */
export class BrokenOff extends EventwellError {
  readonly answer: StreamAnswer
  /** How many lines from the first were dealt with, blank ones among them. */
  readonly lines: number

  constructor(reason: EventwellError, answer: StreamAnswer, lines: number) {
    const message =
      lines === 0
        ? reason.message
        : `${reason.message} The first ${lines} lines were dealt with; go on with the next, or send all again.`
    super(reason.code, message, reason.places, reason, reason.retryAfterSeconds)
    this.answer = answer
    this.lines = lines
  }
}

/**
 * Events that come one a line, appended as they come: what can be taken is taken. Holds a batch and a
 * line at a time, and reads no faster than it keeps.
 */
export class EventStream {
  readonly answer: StreamAnswer = { created: 0, exists: 0, conflict: 0, rejected: 0, faults: [] }
  readonly #keeper: StreamKeeper
  #batch: Sorting
  #lines = 0

  constructor(keeper: StreamKeeper) {
    this.#keeper = keeper
    this.#batch = new Sorting(keeper.log.limits)
  }

  /**
   * Takes a whole body. @throws BrokenOff when it cannot be read to its end or the log refuses: what had
   * been kept stays, and is counted.
   */
  async take(body: DecodedBody): Promise<StreamAnswer> {
    const hold = this.#keeper.bodies.room()
    try {
      await this.#read(body, hold)
      return this.answer
    } catch (thrown) {
      throw this.#brokenOff(body.refusalOf(thrown))
    } finally {
      hold(0)
    }
  }

  async #read(body: DecodedBody, hold: (bytes: number) => void): Promise<void> {
    const lines = new LineSplitter(lineBytesMax(this.#keeper.log))
    let [bytes, turnEndMs, lineBeganMs] = [0, performance.now() + turnMs, performance.now()]
    for await (const chunk of body.stream.iterator({ destroyOnReturn: false })) {
      const piece = chunk as Uint8Array
      bytes += piece.length
      checkRatio(body, bytes)
      for (const line of lines.push(piece)) {
        this.#batch.add(line.index, () => lineJson(line.bytes))
        lineBeganMs = performance.now()
        if (this.#isFull) await this.#flush(line.index + 1)
        if (lineBeganMs < turnEndMs) continue
        await setImmediate()
        turnEndMs = performance.now() + turnMs
      }
      if (lines.heldBytes === 0) lineBeganMs = performance.now()
      else if (performance.now() - lineBeganMs > lineMsMax) throw tooSlow(lines.count)
      hold(lines.heldBytes + this.#batch.chars)
    }
    body.checkEnd()
    for (const line of lines.end()) this.#batch.add(line.index, () => lineJson(line.bytes))
    await this.#flush(lines.count)
  }

  get #isFull(): boolean {
    return this.#batch.size >= batchEventsMax || this.#batch.chars >= batchCharsMax
  }

  /** Keeps the batch, with which so many lines are dealt with. */
  async #flush(lines: number): Promise<void> {
    const { log, workspace, trace, beforeKeeping } = this.#keeper
    const batch = this.#batch
    beforeKeeping(batch.events.length)
    const receipts = await log.append(workspace, withTrace(batch.events, trace), 'skip')
    let at = 0
    for (const result of batch.results(receipts)) {
      this.answer[result.outcome] += 1
      if (result.outcome === 'rejected') this.#list(faultOf(result))
      else {
        const index = batch.indexOf(at++)
        if (result.outcome !== 'conflict') continue
        const pointer = pointerOf(index, 'id')
        this.#list({ index, ...result, outcome: 'conflict', pointer, reason: conflictReason })
      }
    }
    this.#lines = lines
    this.#batch = new Sorting(log.limits)
  }

  #list(fault: EventFault): void {
    if (this.answer.faults.length < faultsMax) this.answer.faults.push(fault)
    else this.answer.moreFaults = true
  }

  #brokenOff(thrown: unknown): BrokenOff {
    const reason =
      thrown instanceof EventwellError
        ? thrown
        : new EventwellError('internal', 'Something went wrong here.', [], thrown)
    return new BrokenOff(reason, this.answer, this.#lines)
  }
}

function tooSlow(index: number): EventwellError {
  const message = `Line ${index} has not ended for ${lineMsMax / 1000} s; send whole events.`
  return new EventwellError('invalid_json', message, { index })
}

/** Of many events, each that is rejected has an index and a pointer. */
function faultOf(rejection: EventRejection): EventFault {
  const { index = 0, pointer = pointerOf(index), id, source, outcome, reason } = rejection
  const named = { ...(id !== undefined && { id }), ...(source !== undefined && { source }) }
  return { index, ...named, outcome, pointer, reason }
}

/** Why an event is not taken that is here with other content. */
export const conflictReason = 'An event of this source and id is here already with other content.'

function checkRatio(body: DecodedBody, bytes: number): void {
  if (!body.isCompressed || bytes < ratioFromBytes) return
  if (bytes <= body.sentBytes() * ratioMax) return
  const message = `The body grows to more than ${ratioMax} times what was sent; send it without Content-Encoding.`
  throw new EventwellError('too_large', message)
}
