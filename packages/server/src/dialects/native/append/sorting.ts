import type { EventReceipt, EventRejection } from '@eventwell/client'
import { checkEvent } from '../../../core/check-events.ts'
import { EventwellError } from '../../../core/errors.ts'
import type { NewEvent, Receipt } from '../../../core/event.ts'
import { isJsonObject } from '../../../core/json/json.ts'
import type { Limits } from '../../../core/limits.ts'
import { decodeItem } from '../decode.ts'
import { encodeReceipt } from '../encode.ts'
import { pointerOf } from '../problem.ts'

/** Events of a request one by one: those that can be taken, and what is wrong with the others. */
export class Sorting {
  readonly events: NewEvent[] = []
  readonly rejections: EventRejection[] = []
  /** The characters that the events to be taken carry. */
  chars = 0
  readonly #limits: Limits
  readonly #respell: (error: EventwellError) => EventwellError
  /** The index in the request of each event to be taken. */
  readonly #indexes: number[] = []

  constructor(limits: Limits, respell = (error: EventwellError) => error) {
    this.#limits = limits
    this.#respell = respell
  }

  /** How many there are until now. */
  get size(): number {
    return this.events.length + this.rejections.length
  }

  /** Sorts in the event that stands at an index of the request; `read` gives its JSON. */
  add(index: number, read: () => unknown): void {
    let value: unknown
    try {
      value = read()
      const event = decodeItem(value, index)
      this.chars += checkEvent(event, index, this.#limits)
      this.events.push(event)
      this.#indexes.push(index)
    } catch (thrown) {
      if (!(thrown instanceof EventwellError)) throw thrown
      this.rejections.push(this.#rejection(index, value, this.#respell(thrown)))
    }
  }

  /** What became of each, in order, once those to be taken were appended. */
  results(receipts: readonly Receipt[]): (EventReceipt | EventRejection)[] {
    const results: (EventReceipt | EventRejection)[] = []
    let rejected = 0
    receipts.forEach((receipt, at) => {
      while (this.#isBefore(this.rejections[rejected], at)) {
        results.push(this.rejections[rejected]!)
        rejected += 1
      }
      results.push(encodeReceipt(this.events[at]!, receipt))
    })
    return [...results, ...this.rejections.slice(rejected)]
  }

  /** The index in the request of the event that has this place among those to be taken. */
  indexOf(at: number): number {
    return this.#indexes[at]!
  }

  #isBefore(rejection: EventRejection | undefined, at: number): boolean {
    return rejection !== undefined && rejection.index < this.#indexes[at]!
  }

  #rejection(index: number, value: unknown, error: EventwellError): EventRejection {
    const field = error.place.field === 'actor' ? 'authid' : error.place.field
    return {
      index,
      ...this.#nameOf(value),
      outcome: 'rejected',
      pointer: pointerOf(index, field),
      reason: error.message,
    }
  }

  /** Id and source, as far as they can be read. */
  #nameOf(value: unknown): { id?: string; source?: string } {
    if (!isJsonObject(value)) return {}
    const { id, source } = value
    const { idCharsMax, nameCharsMax } = this.#limits
    return {
      ...(typeof id === 'string' && id.length <= idCharsMax && { id }),
      ...(typeof source === 'string' && source.length <= nameCharsMax && { source }),
    }
  }
}
