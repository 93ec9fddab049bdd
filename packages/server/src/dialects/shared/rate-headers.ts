import type { FastifyReply } from 'fastify'
import type { Allowance, Allowances } from '../../core/allowance.ts'

const windowSeconds = 60

/**
 * Tells what a key may do and what is left of it: `RateLimit-Policy` and `RateLimit` for each of its limits
 * (draft-ietf-httpapi-ratelimit-headers-11), and of its requests the `X-RateLimit-…` that clients know
 * longer, with the seconds until all are there again as `-Reset`.
 */
export function tellAllowances(reply: FastifyReply, { requests, events }: Allowances): void {
  const limits: (readonly [string, Allowance])[] = []
  if (requests !== undefined) limits.push(['requests', requests])
  if (events !== undefined) limits.push(['events', events])
  const policies = limits.map(([name, { most }]) => `"${name}";q=${most};w=${windowSeconds}`)
  const states = limits.map(
    ([name, { left, resetSeconds }]) => `"${name}";r=${left};t=${resetSeconds}`,
  )
  void reply.header('ratelimit-policy', policies.join(', '))
  void reply.header('ratelimit', states.join(', '))
  if (requests === undefined) return
  void reply
    .header('x-ratelimit-limit', String(requests.most))
    .header('x-ratelimit-remaining', String(requests.left))
    .header('x-ratelimit-reset', String(requests.resetSeconds))
}
