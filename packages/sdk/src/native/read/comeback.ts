import type { Clock } from '../../http/clock.ts'
import { isHttpError, isNetworkError, isTimeoutError } from '../../http/errors/guards.ts'
import { waitMs } from '../../http/retry.ts'

const backoff = { factor: 2, maxMs: 30_000, jitter: 0.5, retryAfterMsMax: 300_000 }

/**
 * Whether a stream that ended with this may go on later. What a refusal says for good does not get
 * better.
 */
export function isPassing(error: unknown): boolean {
  if (isHttpError(error)) return error.status >= 500 || [408, 425, 429].includes(error.status)
  return isNetworkError(error) || isTimeoutError(error)
}

/**
 * How long to wait before a stream is opened again, in milliseconds: as long as the server asks for, else
 * twice as long each time, and partly left to chance.
 * @param failures How often in a row nothing came of it, from 1.
 * @param retryMs What the stream's own `retry:` said.
 */
export function comebackMs(
  error: unknown,
  failures: number,
  retryMs: number,
  clock: Pick<Clock, 'random'>,
): number {
  return waitMs({ ...backoff, firstMs: retryMs }, error, failures, clock.random())
}
