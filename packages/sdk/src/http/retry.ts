import { isHttpError, isNetworkError, isTimeoutError } from './errors/guards.ts'
import { checkNames } from './known-names.ts'

/** When a request is sent again, and how long is waited before. All times in milliseconds. */
export interface RetryPolicy {
  /** How often at most, after the first try; `Infinity` leaves it to the total timeout. */
  readonly retriesMax: number
  /** The statuses after which it is. */
  readonly statuses: readonly number[]
  /** Whether it is where no answer came: no connection, a broken one, a try that took too long. */
  readonly withoutAnswer: boolean
  /** The wait before the first repetition; each later one is longer by `factor`, up to `delayMsMax`. */
  readonly firstDelayMs: number
  /** How many times as long each wait is as the one before. */
  readonly factor: number
  /** The longest wait that is not the server's own wish. */
  readonly delayMsMax: number
  /** The share of a wait that is left to chance, 0 to 1, so that many clients do not come back at once. */
  readonly jitter: number
  /** The longest `Retry-After` that is obeyed in full; a longer one is waited for this long. */
  readonly retryAfterMsMax: number
}

/** What a caller would have otherwise of a policy; what is absent or `undefined` stays. */
export type RetryChanges = {
  readonly [Name in keyof RetryPolicy]?: RetryPolicy[Name] | undefined
}

/** Sends nothing again. */
export const noRetries: RetryPolicy = {
  retriesMax: 0,
  statuses: [],
  withoutAnswer: false,
  firstDelayMs: 0,
  factor: 1,
  delayMsMax: 0,
  jitter: 0,
  retryAfterMsMax: 0,
}

/**
 * A policy with a caller's changes.
 * @throws RangeError for a number below 0 or a jitter above 1, TypeError for statuses that are no array and
 * for a name that a policy does not have.
 */
export function changedPolicy(policy: RetryPolicy, changes: RetryChanges = {}): RetryPolicy {
  checkNames('retry', changes, policy)
  const given = Object.entries(changes).filter(([, value]) => value !== undefined)
  const changed: RetryPolicy = { ...policy, ...Object.fromEntries(given) }
  const { statuses, withoutAnswer: _, ...numbers } = changed
  for (const [name, value] of Object.entries(numbers) as [string, unknown][]) {
    const max = name === 'jitter' ? 1 : Infinity
    if (typeof value === 'number' && value >= 0 && value <= max) continue
    const range = name === 'jitter' ? 'from 0 to 1' : 'from 0 on'
    throw new RangeError(`retry.${name} must be a number ${range}; it is ${String(value)}.`)
  }
  if (!Array.isArray(statuses)) throw new TypeError('retry.statuses must be an array of statuses.')
  return changed
}

/** How waits grow, and how long a server's own wish is obeyed. All times in milliseconds. */
export interface Backoff {
  /** The first wait. */
  readonly firstMs: number
  /** How many times as long each wait is as the one before. */
  readonly factor: number
  /** The longest wait that is not the server's own wish. */
  readonly maxMs: number
  /** The share of a wait that is left to chance, 0 to 1. */
  readonly jitter: number
  /** The longest wish that is obeyed in full; a longer one is waited for this long. */
  readonly retryAfterMsMax: number
}

/**
 * How long to wait after a failure, in milliseconds.
 * @param error What failed; of an HttpError, what the server asks for counts.
 * @param failures How many there were in a row, from 1.
 * @param random From 0 up to, but without 1.
 */
export function waitMs(
  { firstMs, factor, maxMs, jitter, retryAfterMsMax }: Backoff,
  error: unknown,
  failures: number,
  random: number,
): number {
  const askedMs = isHttpError(error) ? error.retryAfterMs : undefined
  // None at all is no wish: with repetitions without end, the server would be asked without a pause.
  if (askedMs) return Math.min(askedMs, retryAfterMsMax)
  // Many repetitions make the power infinite, and zero times that is no number.
  const times = Math.min(factor ** (failures - 1), Number.MAX_VALUE)
  return Math.min(firstMs * times, maxMs) * (1 - jitter * random)
}

/**
 * How long to wait before a request is sent again; `undefined` when it is not to be.
 * @param retries How many repetitions there were already.
 * @param random From 0 up to, but without 1.
 */
export function delayMsBefore(
  policy: RetryPolicy,
  error: unknown,
  retries: number,
  random: number,
): number | undefined {
  if (retries >= policy.retriesMax || !isWorthAnother(policy, error)) return undefined
  const { firstDelayMs: firstMs, delayMsMax: maxMs } = policy
  return waitMs({ ...policy, firstMs, maxMs }, error, retries + 1, random)
}

function isWorthAnother(policy: RetryPolicy, error: unknown): boolean {
  if (isHttpError(error)) return policy.statuses.includes(error.status)
  return policy.withoutAnswer && (isNetworkError(error) || isTimeoutError(error))
}
