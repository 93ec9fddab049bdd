import { EventwellError } from './errors.ts'

/** What is left of one of a key's limits. */
export interface Allowance {
  /** The most in a minute. */
  readonly most: number
  /** What may be done at this moment. */
  readonly left: number
  /** Seconds until all of it is there again. */
  readonly resetSeconds: number
}

/** What a key may still do, as it stands whenever it is asked. */
export interface Allowances {
  /** Its requests; undefined where any number is fine. */
  readonly requests: Allowance | undefined
  /** The events it puts in; undefined where any number is fine. */
  readonly events: Allowance | undefined
  /**
   * Counts events to the key, before they are kept. More than there may be in a minute are taken when nothing
   * else was taken before them; the key then owes them.
   * @throws RateLimited when they are too many at this moment; then none was counted.
   */
  takeEvents(count: number): void
}

/** A refusal because a key did too much in too short a time, with what it may still do. */
export class RateLimited extends EventwellError {
  readonly allowances: Allowances

  constructor(message: string, allowances: Allowances, retryAfterSeconds: number) {
    super('rate_limited', message, [], undefined, retryAfterSeconds)
    this.allowances = allowances
  }
}
