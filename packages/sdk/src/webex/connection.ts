import { baseAddress } from '../http/address.ts'
import { checkCall } from '../http/call.ts'
import { checkedSecret } from '../http/checked-secret.ts'
import type { SentRequest } from '../http/errors/request-error.ts'
import type { Mask } from '../http/mask.ts'
import type { CallOptions } from '../http/options.ts'
import type { RetryPolicy } from '../http/retry.ts'
import { readJson, Transport, type ApiRequest } from '../http/transport.ts'
import { WebexError } from './errors.ts'
import type { WebexOptions } from './options.ts'

// The statuses, the first delay and the factor are those of the Go SDK (contract 4.1). A `Retry-After` is
// waited for in full: whoever comes back before is refused again. What bounds it is the call's total time.
const retry: RetryPolicy = {
  retriesMax: 5,
  statuses: [423, 429, 502, 503, 504],
  withoutAnswer: true,
  firstDelayMs: 1000,
  factor: 2,
  delayMsMax: 30_000,
  jitter: 0.25,
  retryAfterMsMax: Infinity,
}
const timeoutMs = 60_000
// A recorded 429 asked for 194 seconds: there is room for three of them.
const totalTimeoutMs = 600_000

/** What an address was answered with. */
export interface Answer {
  readonly request: SentRequest
  /** The body, parsed; `undefined` where it is empty. */
  readonly body: unknown
  /** The `Link` header, which leads to the next page. */
  readonly link: string | null
}

/** Reads addresses of Webex's API with the token; no other part of the client knows it. */
export class Connection {
  /** The base address, without a slash at its end. */
  readonly address: string
  readonly #accessToken: WebexOptions['accessToken']
  readonly #transport: Transport

  constructor({ accessToken, baseUrl = 'https://webexapis.com/v1', ...options }: WebexOptions) {
    this.address = baseAddress('baseUrl', baseUrl)
    this.#accessToken =
      typeof accessToken === 'function' ? accessToken : checkedSecret('accessToken', accessToken)
    const headers = { accept: 'application/json' }
    const errorOf = (refusal: ConstructorParameters<typeof WebexError>[0]) =>
      new WebexError(refusal)
    const secretHeaders = ['authorization']
    const rules = { timeoutMs, totalTimeoutMs, retry, headers, secretHeaders, errorOf }
    this.#transport = new Transport(rules, options)
  }

  /**
   * What is at an address, which must be of the base address's origin: the token goes there.
   * @throws RequestError, the reason of the caller's signal, or what the caller's own token function throws.
   */
  async get(url: string, call: CallOptions = {}): Promise<Answer> {
    checkCall(call)
    const authorization = `Bearer ${await this.#token(call.signal)}`
    const request: ApiRequest = {
      method: 'GET',
      url,
      headers: { authorization },
      isRepeatable: true,
    }
    const read = async (response: Response, mask: Mask) => ({
      request: { method: 'GET', url },
      body: await readJson(request, response, JSON.parse, mask),
      link: response.headers.get('link'),
    })
    return this.#transport.send(request, read, call)
  }

  async #token(signal: AbortSignal | undefined): Promise<string> {
    if (typeof this.#accessToken === 'string') return this.#accessToken
    signal?.throwIfAborted()
    let stop: (() => void) | undefined
    const aborted = new Promise<never>((_, reject) => {
      stop = () => reject(signal?.reason)
      signal?.addEventListener('abort', stop)
    })
    try {
      return checkedSecret('accessToken', await Promise.race([this.#accessToken(), aborted]))
    } finally {
      if (stop !== undefined) signal?.removeEventListener('abort', stop)
    }
  }
}
