import { AnswerError } from './errors/answer-error.ts'
import type { SentRequest } from './errors/request-error.ts'

const recentMax = 1000

/**
 * Remembers where a pager has been, so that it notices a server that leads it in a circle. The latest
 * thousand places are known exactly. Of those before only one is kept, later and later by powers of two
 * (Brent's way to find a cycle): so a longer circle is noticed, too, within two rounds or so, and the
 * memory is bounded.
 */
export class CursorTrail {
  readonly #recent = new Set<string>()
  #mark: string | undefined
  #stepsToNextMark = 1
  #steps = 0

  /** Whether the pager was here before, as far as is known. */
  has(place: string): boolean {
    return place === this.#mark || this.#recent.has(place)
  }

  /** The pager is here now. */
  add(place: string): void {
    this.#recent.add(place)
    if (this.#recent.size > recentMax) {
      const [oldest] = this.#recent
      this.#recent.delete(oldest!)
    }
    this.#steps += 1
    if (this.#steps < this.#stepsToNextMark) return
    this.#mark = place
    this.#steps = 0
    this.#stepsToNextMark *= 2
  }
}

/** The error of a page that leads back to where the pager was. */
export function ledBack({ method, url }: SentRequest, place: string): AnswerError {
  const what = `${method} ${url} was answered with a page that leads back to ${JSON.stringify(place)}`
  return new AnswerError(`${what}; following it would never end`, { method, url })
}
