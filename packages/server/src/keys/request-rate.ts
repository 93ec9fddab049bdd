import type { Keys } from '../core/access.ts'
import { EventwellError } from '../core/errors.ts'

const minuteMs = 60_000
const restingKeysMax = 1000

/** What a key may still do at a moment. */
interface Allowance {
  requests: number
  atMs: number
}

/**
 * The given keys, each good for so many requests a minute: that many at once, and then as they come back
 * one by one. Every request counts that is asked about here, also one that is refused for another reason.
 */
export function withRequestRate(
  keys: Keys,
  perMinute: (workspace: string) => number | undefined,
  now: () => number = () => performance.now(),
): Keys {
  const allowances = new Map<string, Allowance>()

  function take(key: string, most: number): void {
    const atMs = now()
    const last = allowances.get(key) ?? { requests: most, atMs }
    const gained = ((atMs - last.atMs) * most) / minuteMs
    const requests = Math.min(most, last.requests + gained)
    // Put at the end: the first in the map are those that have rested the longest.
    allowances.delete(key)
    allowances.set(key, { requests: requests >= 1 ? requests - 1 : requests, atMs })
    forgetRested(allowances, atMs)
    if (requests >= 1) return
    const seconds = Math.ceil(((1 - requests) * minuteMs) / most / 1000)
    throw new EventwellError('rate_limited', 'Too many requests.', [], undefined, seconds)
  }

  return {
    authenticate(key) {
      const access = keys.authenticate(key)
      const most = access === undefined ? undefined : perMinute(access.workspace)
      if (most !== undefined) take(key, most)
      return access
    },
  }
}

/** After a minute of rest a key may do everything again, so nothing is lost with what is known of it. */
function forgetRested(allowances: Map<string, Allowance>, nowMs: number): void {
  if (allowances.size <= restingKeysMax) return
  for (const [key, { atMs }] of allowances) {
    if (nowMs - atMs < minuteMs) return
    allowances.delete(key)
  }
}
