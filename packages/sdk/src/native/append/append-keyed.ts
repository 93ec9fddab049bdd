import type { Clock } from '../../http/clock.ts'
import { isHttpError } from '../../http/errors/guards.ts'
import type { CallOptions } from '../../http/options.ts'
import { isProblem } from '../errors/guards.ts'

const waitsMax = 10

/** What a keyed append needs. */
export interface KeyedTools<T> {
  /** Sends the request with these headers. */
  readonly post: (headers: Readonly<Record<string, string>>, call: CallOptions) => Promise<T>
  readonly clock: Clock
  /** Within which all of it must be done, unless the call says otherwise. */
  readonly totalTimeoutMs: number
}

/**
 * Sends a request with an idempotency key, again while an earlier one with its key is still at work
 * (PROTOCOL.md section 3.5): after a connection that broke, that is this very request.
 * @throws RangeError for a key that cannot be one; the conflict itself, when its end cannot be waited for.
 */
export async function appendKeyed<T>(
  key: string,
  call: CallOptions,
  { post, clock, totalTimeoutMs }: KeyedTools<T>,
): Promise<T> {
  if (!/^[\x20-\x7e]{1,255}$/.test(key)) {
    throw new RangeError('idempotencyKey must be 1 to 255 printable ASCII characters.')
  }
  const headers = { 'idempotency-key': `"${key.replaceAll(/["\\]/g, '\\$&')}"` }
  let leftMs = call.totalTimeoutMs ?? totalTimeoutMs
  const endMs = clock.now() + leftMs
  for (let waits = 0; ; waits += 1) {
    try {
      return await post(headers, { ...call, totalTimeoutMs: leftMs })
    } catch (error) {
      // A conflict of events has no time after which it would end.
      const delayMs =
        isProblem(error, 'conflict') && isHttpError(error) ? error.retryAfterMs : undefined
      if (delayMs === undefined || waits === waitsMax) throw error
      leftMs = endMs - clock.now() - delayMs
      // A wait beyond the end would only delay the news.
      if (leftMs <= 0) throw error
      await clock.sleep(delayMs, call.signal)
    }
  }
}
