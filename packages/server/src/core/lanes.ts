import { setImmediate } from 'node:timers/promises'

/**
 * Lets so many things go on at once; others wait for their turn. Between the end of one and whatever its
 * result is used for, everybody else has a turn: many large pages do not come all at once.
 */
export class Lanes {
  readonly #waiting: (() => void)[] = []
  #free: number

  constructor(max: number) {
    this.#free = max
  }

  /** Does some work when there is a lane for it. */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    try {
      return await work()
    } finally {
      await setImmediate()
      const next = this.#waiting.shift()
      if (next === undefined) this.#free += 1
      else next()
    }
  }
}
