import { baseAddress, withQuery } from '../http/address.ts'
import { checkedSecret } from '../http/checked-secret.ts'
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

/**
 * A member that an answer must have. Behind one that is a list of objects stands `[]`: without a look at
 * them, whoever goes through the list would fail far from here.
 */
export type Member<T> = (keyof T & string) | `${keyof T & string}[]`

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
  /** Within how many milliseconds a call must be done, unless it says otherwise. */
  readonly totalTimeoutMs: number
  readonly #base: string
  readonly #transport: Transport
  readonly #once: Transport

  /** @throws TypeError for an address or a key that cannot be one. */
  constructor(options: EventwellOptions) {
    const { url, key, parse = JSON.parse } = options
    this.parse = parse
    this.totalTimeoutMs = options.totalTimeoutMs ?? totalTimeoutMs
    this.#base = `${serverAddress(url)}/eventwell`
    const headers = { authorization: `Bearer ${checkedSecret('key', key)}` }
    const secretHeaders = ['authorization']
    const errorOf = problemErrorOf
    const rules = { timeoutMs, totalTimeoutMs, retry, headers, secretHeaders, errorOf }
    this.#transport = new Transport(rules, options)
    this.#once = new Transport(rules, { ...options, retry: false })
  }

  /**
   * Sends a request and reads its answer in JSON.
   * @param members What the answer must have; without them, something else is at the address.
   * Its other members are taken as the protocol says: what is read is read leniently.
   * @param parse Reads the answer; `JSON.parse` unless events are in it.
   */
  async json<T extends object>(
    request: NativeRequest,
    members: readonly Member<T>[],
    call?: CallOptions,
    parse: (text: string) => unknown = JSON.parse,
  ): Promise<T> {
    const whole = this.#request(request)
    const answer = await this.#transport.json(whole, call, parse)
    const missing = isObject(answer)
      ? members.filter((member) => !hasMember(answer, member))
      : ['object']
    if (missing.length === 0) return answer as T
    const names = missing.map((member) => member.replace('[]', '')).join(', ')
    const what = `${whole.method} ${whole.url} was answered with no ${names}`
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

/** @throws TypeError for what is no server's address. */
function serverAddress(url: string | URL): string {
  const address = baseAddress('url', url)
  if (!address.endsWith('/eventwell')) return address
  const server = address.slice(0, -'/eventwell'.length)
  throw new TypeError(`url must be the server's address without /eventwell: ${server}`)
}

function hasMember(answer: object, member: string): boolean {
  const name = member.replace('[]', '')
  if (name === member) return name in answer
  const list = (answer as Readonly<Record<string, unknown>>)[name]
  return Array.isArray(list) && list.every(isObject)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
