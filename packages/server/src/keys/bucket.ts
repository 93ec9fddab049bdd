import type { Allowance } from '../core/allowance.ts'

const minuteMs = 60_000
// Far below what anybody notices, far above what the rounding of many sums adds up to.
const roundingMs = 1e-3

/**
 * So many at once, and then as they come back one by one, all within a minute. Its whole state is the moment
 * at which all will be there again.
 */
export class Bucket {
  readonly #most: number
  #fullAtMs = -Infinity

  /** For the most in a minute. */
  constructor(most: number) {
    this.#most = most
  }

  /**
   * Takes so many, or none. More than there ever are at once are taken from all of them, and owed.
   * @returns 0 when they were taken, else the seconds until they can be.
   */
  take(count: number, nowMs: number): number {
    const eachMs = minuteMs / this.#most
    const emptyMs = this.#missingMs(nowMs)
    const waitMs = emptyMs + Math.min(count, this.#most) * eachMs - minuteMs
    if (waitMs > roundingMs) return Math.ceil((waitMs - roundingMs) / 1000)
    this.#fullAtMs = nowMs + emptyMs + count * eachMs
    return 0
  }

  /** What there is at a moment. */
  at(nowMs: number): Allowance {
    const missingMs = this.#missingMs(nowMs)
    const left = ((minuteMs - missingMs + roundingMs) * this.#most) / minuteMs
    return {
      most: this.#most,
      left: Math.min(this.#most, Math.max(0, Math.floor(left))),
      resetSeconds: Math.ceil(Math.max(0, missingMs - roundingMs) / 1000),
    }
  }

  /** Whether it is as if nothing had been taken ever. */
  isFull(nowMs: number): boolean {
    return this.#missingMs(nowMs) <= roundingMs
  }

  #missingMs(nowMs: number): number {
    return Math.max(0, this.#fullAtMs - nowMs)
  }
}
