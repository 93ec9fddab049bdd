import type { EventReceipt, EventRejection } from '@eventwell/client'
import { checkEvent } from '../../../core/check-events.ts'
import { EventwellError } from '../../../core/errors.ts'
import type { NewEvent, Receipt } from '../../../core/event.ts'
import { isJsonObject } from '../../../core/json/json.ts'
import type { Limits } from '../../../core/limits.ts'
import { decodeItem } from '../decode.ts'
import { namedByHeader } from './binary.ts'
import { encodeReceipt } from '../encode.ts'
import { pointerOf } from '../problem.ts'

/** How a request has its events: many of them, one as its body, or one with its attributes in headers. */
export type RequestShape = 'many' | 'one' | 'binary'

/** Events of a request one by one: those that can be taken, and what is wrong with the others. */
export class Sorting {
  readonly events: NewEvent[] = []
  readonly rejections: EventRejection[] = []
  /** The characters that the events to be taken carry. */
  chars = 0
  readonly #limits: Limits
  readonly #shape: RequestShape
  /** The index in the request of each event to be taken. */
  readonly #indexes: number[] = []
  /** And of each of the others. */
  readonly #rejected: number[] = []

  constructor(limits: Limits, shape: RequestShape = 'many') {
    this.#limits = limits
    this.#shape = shape
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
      this.rejections.push(this.#rejection(index, value, thrown))
      this.#rejected.push(index)
    }
  }

  /** What became of each, in order, once those to be taken were appended. */
  results(receipts: readonly Receipt[]): (EventReceipt | EventRejection)[] {
    const results: (EventReceipt | EventRejection)[] = []
    let rejected = 0
    receipts.forEach((receipt, at) => {
      while ((this.#rejected[rejected] ?? Infinity) < this.#indexes[at]!) {
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

  #rejection(index: number, value: unknown, thrown: EventwellError): EventRejection {
    const named = { ...nameOf(value, this.#limits), outcome: 'rejected' } as const
    if (this.#shape === 'binary') {
      const { message: reason, place } = namedByHeader(thrown)
      return { ...named, ...(place.field !== undefined && { parameter: place.field }), reason }
    }
    const { message: reason, place } = thrown
    const field = place.field === 'actor' ? 'authid' : place.field
    return this.#shape === 'one'
      ? { ...named, pointer: pointerOf(undefined, field), reason }
      : { index, ...named, pointer: pointerOf(index, field), reason }
  }
}

/** Id and source, as far as they can be read. */
function nameOf(
  value: unknown,
  { idCharsMax, nameCharsMax }: Limits,
): { id?: string; source?: string } {
  if (!isJsonObject(value)) return {}
  const { id, source } = value
  return {
    ...(typeof id === 'string' && id.length <= idCharsMax && { id }),
    ...(typeof source === 'string' && source.length <= nameCharsMax && { source }),
  }
}
