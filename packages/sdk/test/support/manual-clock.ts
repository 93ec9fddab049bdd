import type { Clock } from '../../src/http/clock.ts'

/** A clock on which a wait is over at once, and which notes how long each would have been. */
export class ManualClock implements Clock {
  /** The waits so far, in milliseconds. */
  readonly sleptMs: number[] = []
  #nowMs = Date.parse('2026-03-01T00:00:00Z')

  now(): number {
    return this.#nowMs
  }

  random(): number {
    return 0
  }

  async sleep(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted()
    this.sleptMs.push(delayMs)
    this.#nowMs += delayMs
  }
}
