import type { Access, Keys } from '../core/access.ts'
import { RateLimited, type Allowances } from '../core/allowance.ts'
import { Bucket } from './bucket.ts'

// Beyond so many, those that have rested are looked for and forgotten, at most this often.
const restingKeysMax = 1000
const forgetEveryMs = 60_000

/** What each key of a workspace may do in a minute; undefined for any number. */
export interface Rates {
  requestsPerMinute(workspace: string): number | undefined
  eventsPerMinute(workspace: string): number | undefined
}

/**
 * The given keys, each good for so many requests and so many events a minute: that many at once, and then as
 * they come back one by one. Every request counts that is asked about here, and every event that is going to
 * be put in, also where that is refused for another reason.
 */
export function withRates(
  keys: Keys,
  rates: Rates,
  now: () => number = () => performance.now(),
): Keys {
  const known = new Map<string, KeyAllowances>()
  let forgotMs = now()

  function allowancesOf(key: string, { workspace }: Access): KeyAllowances | undefined {
    const found = known.get(key)
    if (found !== undefined) return found
    const requests = rates.requestsPerMinute(workspace)
    const events = rates.eventsPerMinute(workspace)
    if (requests === undefined && events === undefined) return undefined
    if (known.size >= restingKeysMax && now() - forgotMs >= forgetEveryMs) forgetRested()
    const made = new KeyAllowances(requests, events, now)
    known.set(key, made)
    return made
  }

  /** A key that has all of its allowances may be forgotten: nothing is lost with what is known of it. */
  function forgetRested(): void {
    forgotMs = now()
    for (const [key, allowances] of known) if (allowances.areWhole()) known.delete(key)
  }

  return {
    authenticate(key, counting = 'counted') {
      const access = keys.authenticate(key, counting)
      const allowances = access === undefined ? undefined : allowancesOf(key, access)
      if (access === undefined || allowances === undefined) return access
      if (counting === 'counted') allowances.takeRequest()
      return { ...access, allowances }
    },
  }
}

class KeyAllowances implements Allowances {
  readonly #requests: Bucket | undefined
  readonly #events: Bucket | undefined
  readonly #now: () => number

  constructor(requests: number | undefined, events: number | undefined, now: () => number) {
    this.#requests = requests === undefined ? undefined : new Bucket(requests)
    this.#events = events === undefined ? undefined : new Bucket(events)
    this.#now = now
  }

  get requests() {
    return this.#requests?.at(this.#now())
  }

  get events() {
    return this.#events?.at(this.#now())
  }

  /** @throws RateLimited */
  takeRequest(): void {
    this.#take('requests', this.#requests, 1)
  }

  takeEvents(count: number): void {
    this.#take('events', this.#events, count)
  }

  areWhole(): boolean {
    const nowMs = this.#now()
    return [this.#requests, this.#events].every((bucket) => bucket?.isFull(nowMs) !== false)
  }

  #take(what: string, bucket: Bucket | undefined, count: number): void {
    const nowMs = this.#now()
    const seconds = bucket?.take(count, nowMs) ?? 0
    if (bucket === undefined || seconds === 0) return
    const { most } = bucket.at(nowMs)
    const message = `Too many ${what}. This key is good for ${most} a minute; come back in ${seconds} s.`
    throw new RateLimited(message, this, seconds)
  }
}
