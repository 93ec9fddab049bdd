import { isHttpError, isNetworkError, isTimeoutError } from './errors/guards.ts'

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
  readonly factor: number
  readonly delayMsMax: number
  /** The share of a wait that is left to chance, 0 to 1, so that many clients do not come back at once. */
  readonly jitter: number
  /** The longest `Retry-After` that is obeyed in full; a longer one is waited for this long. */
  readonly retryAfterMsMax: number
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
  const retryAfterMs = isHttpError(error) ? error.retryAfterMs : undefined
  if (retryAfterMs !== undefined) return Math.min(retryAfterMs, policy.retryAfterMsMax)
  const delayMs = Math.min(policy.firstDelayMs * policy.factor ** retries, policy.delayMsMax)
  return delayMs * (1 - policy.jitter * random)
}

function isWorthAnother(policy: RetryPolicy, error: unknown): boolean {
  if (isHttpError(error)) return policy.statuses.includes(error.status)
  return policy.withoutAnswer && (isNetworkError(error) || isTimeoutError(error))
}
