import { baseAddress } from '../http/address.ts'
import { checkedSecret } from '../http/checked-secret.ts'
import { systemClock } from '../http/clock.ts'
import type { Refusal } from '../http/errors/http-error.ts'
import { checkNames, type NamesOf } from '../http/known-names.ts'
import { clientOptions, type ClientOptions } from '../http/options.ts'
import type { RetryPolicy } from '../http/retry.ts'
import { Transport } from '../http/transport.ts'
import { WorkOSError } from './error.ts'
import { WorkOSEvents } from './events.ts'

// As @workos-inc/node 11 does: three times after the first, 500 ms · 1.5ⁿ from n = 2 on, at most 8 s, each
// times 0.5 to 1.5 by chance. Chance only shortens a wait here, so the figures are those of the longest.
const retry: RetryPolicy = {
  retriesMax: 3,
  statuses: [408, 429, 500, 502, 503, 504],
  withoutAnswer: true,
  firstDelayMs: 1687.5,
  factor: 1.5,
  delayMsMax: 12_000,
  jitter: 2 / 3,
  retryAfterMsMax: 60_000,
}
const timeoutMs = 60_000
// Four tries and the three longest waits between them; the official client has no bound of this kind.
const totalTimeoutMs = 420_000

/** Where WorkOS is, and as whom it is asked. */
export interface WorkOSOptions extends ClientOptions {
  /** WorkOS's API key, `sk_…`, which also says which environment; of an Eventwell server, a key of yours. */
  readonly apiKey: string
  /** `https://api.workos.com` by default; an Eventwell server's address, say `http://127.0.0.1:4567`. */
  readonly baseUrl?: string | URL | undefined
}

const optionNames: NamesOf<WorkOSOptions> = { ...clientOptions, apiKey: true, baseUrl: true }

/**
 * Reads the events of WorkOS, or of an Eventwell server, which answers in the same way.
 *
 * @example
 * ```ts
 * const workos = new WorkOS({ apiKey: 'sk_…' })
 * for await (const event of workos.events.iterate({ events: ['user.created', 'user.deleted'] })) {
 *   if (event.event === 'user.created') console.log(event.data.email)
 * }
 * ```
 */
export class WorkOS {
  /** What happened. */
  readonly events: WorkOSEvents

  /** @throws TypeError or RangeError for options that cannot be right. */
  constructor(options: WorkOSOptions) {
    checkNames('The argument of new WorkOS({ apiKey })', options, optionNames)
    const { apiKey, baseUrl = 'https://api.workos.com', clock = systemClock } = options
    const rules = {
      timeoutMs,
      totalTimeoutMs,
      retry,
      // Those of the official client, but for its name.
      headers: {
        accept: 'application/json, text/plain, */*',
        'content-type': 'application/json',
        authorization: `Bearer ${checkedSecret('apiKey', apiKey)}`,
      },
      secretHeaders: ['authorization'],
      errorOf: (refusal: Refusal) => new WorkOSError(refusal),
    }
    const address = baseAddress('baseUrl', baseUrl)
    this.events = new WorkOSEvents(address, new Transport(rules, options), clock)
  }
}
