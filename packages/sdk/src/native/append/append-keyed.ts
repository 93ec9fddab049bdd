import type { Clock } from '../../http/clock.ts'
import { isHttpError } from '../../http/errors/guards.ts'
import type { CallOptions } from '../../http/options.ts'
import type { EachAnswer } from '../../wire.ts'
import { isProblem } from '../errors/guards.ts'

const waitsMax = 10

/**
 * Sends a request with an idempotency key, again while an earlier one with its key is still at work
 * (PROTOCOL.md section 3.5): after a connection that broke, that is this very request.
 * @throws RangeError for a key that cannot be one.
 */
export async function appendKeyed(
  post: (headers: Readonly<Record<string, string>>) => Promise<EachAnswer>,
  key: string,
  clock: Clock,
  { signal }: CallOptions,
): Promise<EachAnswer> {
  if (!/^[\x20-\x7e]{1,255}$/.test(key)) {
    throw new RangeError('idempotencyKey must be 1 to 255 printable ASCII characters.')
  }
  const quoted = `"${key.replaceAll(/["\\]/g, '\\$&')}"`
  for (let waits = 0; ; waits += 1) {
    try {
      return await post({ 'idempotency-key': quoted })
    } catch (error) {
      // A conflict of events has no time after which it would end.
      const delayMs =
        isProblem(error, 'conflict') && isHttpError(error) ? error.retryAfterMs : undefined
      if (delayMs === undefined || waits === waitsMax) throw error
      await clock.sleep(delayMs, signal)
    }
  }
}
