import { httpDateMs } from './http-date.ts'

const resetMsMax = 86_400_000

/**
 * How long the server asks to wait, in milliseconds: `Retry-After` (RFC 9110 section 10.2.3, in seconds
 * or as a date), and at 429, where that is absent, `RateLimit-Reset` in seconds. `undefined` where neither
 * is there or makes sense.
 * @param nowMs The present, for a date.
 */
export function retryAfterMsOf(
  status: number,
  headers: Headers,
  nowMs: number,
): number | undefined {
  const text = headers.get('retry-after')?.trim()
  if (text === undefined) {
    // Many servers send it with every answer: only where they refuse for it, it is a wish. Above a day
    // it is no number of seconds, but a time, as some servers send it.
    const resetMs = status === 429 ? secondsMs(headers.get('ratelimit-reset')?.trim()) : undefined
    return resetMs !== undefined && resetMs <= resetMsMax ? resetMs : undefined
  }
  const waitMs = secondsMs(text)
  if (waitMs !== undefined) return waitMs
  const atMs = httpDateMs(text, nowMs)
  return atMs === undefined ? undefined : Math.max(0, atMs - nowMs)
}

/** Whole seconds by the RFC; some servers send fractions, and some say that no wait is needed. */
function secondsMs(text = ''): number | undefined {
  return /^\d+(\.\d+)?$/.test(text) ? Math.ceil(Number(text) * 1000) : undefined
}
