import { baseAddress } from '../http/address.ts'
import { checkNames } from '../http/known-names.ts'
import type { RetryPolicy } from '../http/retry.ts'
import { Transport } from '../http/transport.ts'
import { errorOf } from './errors.ts'
import { SpeakeasyEvents } from './events.ts'
import { speakeasyOptions, type SpeakeasyOptions } from './options.ts'
import { credentialHeader } from './security.ts'

const vendorUrl = 'https://api.prod.speakeasy.com'

// The document's own figures for the post. Its end is the total timeout; `Retry-After` is obeyed for as
// long as the longest wait, as the vendor's TypeScript SDK does.
const postRetry: RetryPolicy = {
  retriesMax: Infinity,
  statuses: [408, 500, 502, 503],
  withoutAnswer: true,
  firstDelayMs: 100,
  factor: 1.5,
  delayMsMax: 2000,
  jitter: 0.25,
  retryAfterMsMax: 2000,
}

// Reads are sent again only where the caller asks for it, with these statuses then.
const readRetry: RetryPolicy = {
  ...postRetry,
  retriesMax: 0,
  statuses: [429, 500, 502, 503, 504],
}

/**
 * A client of Speakeasy's Events API.
 *
 * @example
 * ```ts
 * const speakeasy = new Speakeasy({
 *   serverUrl: 'http://127.0.0.1:4567',
 *   security: { apiKey: 'development' },
 *   workspaceId: 'default',
 * })
 * const failed = await speakeasy.events.search({ success: false, limit: 10 })
 * ```
 */
export class Speakeasy {
  /** The operations on events. */
  readonly events: SpeakeasyEvents

  /** @throws TypeError or RangeError for options that cannot be right. */
  constructor(options: SpeakeasyOptions) {
    checkNames('The argument of new Speakeasy({ security })', options, speakeasyOptions)
    const { serverUrl = vendorUrl, security, workspaceId } = options
    const credential = credentialHeader(security)
    const headers = { accept: 'application/json', ...credential }
    const secretHeaders = Object.keys(credential)
    const rules = { timeoutMs: 60_000, totalTimeoutMs: 60_000, headers, secretHeaders, errorOf }
    this.events = new SpeakeasyEvents({
      base: baseAddress('serverUrl', serverUrl),
      workspaceId,
      posting: new Transport({ ...rules, retry: postRetry }, options),
      reading: new Transport({ ...rules, retry: readRetry }, options),
    })
  }
}
