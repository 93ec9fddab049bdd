/**
 * How long the server asks to wait, in milliseconds: `Retry-After` (RFC 9110 section 10.2.3, in seconds
 * or as a date), and only where that is absent `RateLimit-Reset` in seconds. `undefined` where neither
 * is there or makes sense.
 * @param nowMs The present, for a date.
 */
export function retryAfterMsOf(headers: Headers, nowMs: number): number | undefined {
  const text = (headers.get('retry-after') ?? headers.get('ratelimit-reset'))?.trim()
  if (text === undefined || text === '') return undefined
  // Whole seconds by the RFC; some servers send fractions, and some say that no wait is needed.
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000)
  // Only the HTTP date's own form: `Date.parse` would take "-5" or "12 apples" for a date.
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text))
    return undefined
  const atMs = Date.parse(text)
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs)
}
