/** Random numbers that a seed repeats (the mulberry32 generator). */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** A whole number from 0 up to, but not including, the bound. */
  below(bound: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound)
  }

  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1)
  }

  /** Any one of the items; undefined when there is none. */
  pick<T>(items: readonly T[]): T | undefined {
    return items[this.below(items.length)]
  }

  /** Letters and digits that do not compress well. */
  text(length: number): string {
    let text = ''
    while (text.length < length) text += this.below(2 ** 32).toString(36)
    return text.slice(0, length)
  }

  /** A generator of its own, so that what happens at the same time cannot change each other's numbers. */
  fork(): Random {
    return new Random(this.below(2 ** 32))
  }
}
