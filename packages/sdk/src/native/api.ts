import { baseAddress, withQuery } from '../http/address.ts'
import { AnswerError } from '../http/errors/answer-error.ts'
import type { CallOptions } from '../http/options.ts'
import type { RetryPolicy } from '../http/retry.ts'
import { Transport, type ApiRequest, type OpenAnswer } from '../http/transport.ts'
import { problemErrorOf } from './errors/problem-error.ts'
import type { EventwellOptions } from './options.ts'
import type { Parameters } from './query/selection.ts'

// The server itself looks for up to 30 s before it answers with what it has (PROTOCOL.md section 12.1),
// so a try must take longer than that.
const timeoutMs = 60_000
const totalTimeoutMs = 120_000

const retry: RetryPolicy = {
  retriesMax: 4,
  statuses: [408, 425, 429, 500, 502, 503, 504],
  withoutAnswer: true,
  firstDelayMs: 200,
  factor: 2,
  delayMsMax: 10_000,
  jitter: 0.5,
  retryAfterMsMax: 60_000,
}

/** A request below `/eventwell`. */
export interface NativeRequest {
  readonly method?: ApiRequest['method']
  /** Behind `/eventwell`, its parts encoded. */
  readonly path: string
  readonly parameters?: Parameters
  readonly headers?: Readonly<Record<string, string>>
  /** JSON text. */
  readonly body?: string
  /** As in `ApiRequest`; true unless it says otherwise. */
  readonly isRepeatable?: boolean
}

/**
 * The native API of one server with one key: requests in its manner, answers and errors in its shapes.
 */
export class NativeApi {
  /** Reads the JSON of events. */
  readonly parse: (text: string) => unknown
  readonly #base: string
  readonly #transport: Transport
  readonly #once: Transport

  /** @throws TypeError for an address or a key that cannot be one. */
  constructor(options: EventwellOptions) {
    const { url, key, parse = JSON.parse } = options
    // What is wrong with it is not shown: it is a secret.
    if (typeof key !== 'string' || !/^[\x21-\x7e]+$/.test(key)) {
      throw new TypeError('The key must be a text of visible ASCII characters without blanks.')
    }
    this.parse = parse
    this.#base = `${baseAddress(url)}/eventwell`
    const headers = { authorization: `Bearer ${key}` }
    const rules = { timeoutMs, totalTimeoutMs, retry, headers, errorOf: problemErrorOf }
    this.#transport = new Transport(rules, options)
    this.#once = new Transport(rules, { ...options, retry: false })
  }

  /**
   * Sends a request and reads its answer in JSON.
   * @param members What the answer must have; without them, something else is at the address.
   * @param parse Reads the answer; `JSON.parse` unless events are in it.
   */
  async json<T extends object>(
    request: NativeRequest,
    members: readonly (keyof T & string)[],
    call?: CallOptions,
    parse: (text: string) => unknown = JSON.parse,
  ): Promise<T> {
    const whole = this.#request(request)
    const answer = await this.#transport.json(whole, call, parse)
    const isObject = typeof answer === 'object' && answer !== null
    // Its other members are taken as the protocol says: what is read is read leniently.
    if (isObject && members.every((member) => member in answer)) return answer as T
    const what = `${whole.method} ${whole.url} was answered with no ${members.join(', ') || 'object'}`
    throw new AnswerError(`${what}: is it an Eventwell server?`, whole)
  }

  /** Sends a request the answer to which has no body. */
  async done(request: NativeRequest, call?: CallOptions): Promise<void> {
    await this.#transport.send(
      this.#request(request),
      async (response) => response.body?.cancel(),
      call,
    )
  }

  /** Opens an answer that is read as it comes. */
  open(request: NativeRequest, call?: CallOptions): Promise<OpenAnswer> {
    return this.#transport.open(this.#request(request), call)
  }

  /** As `open`, with one try: for a caller who comes back in a manner of its own. */
  openOnce(request: NativeRequest, call?: CallOptions): Promise<OpenAnswer> {
    return this.#once.open(this.#request(request), call)
  }

  /** The address of a request, as errors show it. */
  sent(request: NativeRequest): { readonly method: string; readonly url: string } {
    return this.#request(request)
  }

  #request({ method = 'GET', path, parameters = {}, ...rest }: NativeRequest): ApiRequest {
    const { headers, body, isRepeatable = true } = rest
    return {
      method,
      url: withQuery(this.#base + path, parameters),
      ...(body !== undefined && { body }),
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      isRepeatable,
    }
  }
}
