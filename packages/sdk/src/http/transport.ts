import { systemClock, type Clock } from './clock.ts'
import { AnswerError } from './errors/answer-error.ts'
import { HttpError, type Refusal } from './errors/http-error.ts'
import { NetworkError } from './errors/network-error.ts'
import { isRequestError } from './errors/guards.ts'
import { TimeoutError } from './errors/timeout-error.ts'
import { checkCall } from './call.ts'
import { callersHeaders, requestHeaders } from './headers.ts'
import { maskedData, maskedHeaders, maskOf, type Mask } from './mask.ts'
import type { CallOptions, ClientOptions, Fetch } from './options.ts'
import { readText } from './read-text.ts'
import { retryAfterMsOf } from './retry-after.ts'
import { changedPolicy, delayMsBefore, noRetries, type RetryPolicy } from './retry.ts'
import { TryControl } from './try-control.ts'

// How much of a refusal is read, and of a success.
const refusalBytesMax = 1024 * 1024
const answerBytesMax = 256 * 1024 * 1024
// Of how much of an answer the beginning is taken that an error shows: longer than any key.
const maskedMax = 100_000

/** A request, ready to be sent. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** The whole address. */
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array<ArrayBuffer>
  /**
   * Whether it does no harm to send it again when it is not known what became of it. If not, it is sent
   * again only after 429, by which it was refused.
   */
  readonly isRepeatable: boolean
}

/** What a client's protocol says of its requests. */
export interface TransportRules {
  readonly timeoutMs: number
  readonly totalTimeoutMs: number
  readonly retry: RetryPolicy
  /** Sent with each request: the key, what is accepted. Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** In which headers a key is sent: what an answer repeats of it is not shown. Names in lower case. */
  readonly secretHeaders: readonly string[]
  /** The error of a refusal; an `HttpError` by default. */
  readonly errorOf?: (refusal: Refusal) => HttpError
}

/** An answer that has begun, and whose body is still to come. */
export interface OpenAnswer {
  readonly response: Response
  /** Must be called when the body was read or is no longer wanted. */
  close(): void
}

/**
 * Sends requests within their times, again where that is worth it, and turns what goes wrong into the
 * errors of this package. All clients share it; each has its own rules.
 */
export class Transport {
  readonly #fetch: Fetch
  readonly #rules: TransportRules
  readonly #clock: Clock

  constructor(rules: TransportRules, options: ClientOptions) {
    const { timeoutMs = rules.timeoutMs, totalTimeoutMs = rules.totalTimeoutMs, retry } = options
    this.#fetch = options.fetch ?? ((address, init) => fetch(address, init))
    this.#clock = options.clock ?? systemClock
    const own = callersHeaders(options.headers)
    checkOwnHeaders(own, rules)
    this.#rules = {
      ...rules,
      timeoutMs: checkedTimeout('timeoutMs', timeoutMs),
      totalTimeoutMs: checkedTimeout('totalTimeoutMs', totalTimeoutMs),
      retry: retry === false ? noRetries : changedPolicy(rules.retry, retry),
      headers: { ...agent, ...rules.headers, ...own },
    }
    // What cannot be sent is told at once.
    requestHeaders(this.#rules.headers)
  }

  /**
   * Sends a request and reads its answer; both belong to a try, so an answer that breaks off is asked
   * for again.
   * @param read Gets a success, and what hides the key in a text of it. What it throws is not tried
   * again, unless the body broke off.
   * @throws RequestError, or the reason of the caller's signal.
   */
  send<T>(
    request: ApiRequest,
    read: (response: Response, mask: Mask) => Promise<T>,
    call: CallOptions = {},
  ): Promise<T> {
    return this.#persist(request, call, async (control) => {
      try {
        const { response, mask } = await this.#answer(request, control)
        return await read(response, mask)
      } finally {
        control.release()
      }
    })
  }

  /** As `send`, for an answer in JSON; an empty one is `undefined`. */
  json(
    request: ApiRequest,
    call?: CallOptions,
    parse: (text: string) => unknown = JSON.parse,
  ): Promise<unknown> {
    const read = (response: Response, mask: Mask) => readJson(request, response, parse, mask)
    return this.send(request, read, call)
  }

  /** As `send`, for an answer that is read as it comes: tried again until its headers are there. */
  open(request: ApiRequest, call: CallOptions = {}): Promise<OpenAnswer> {
    return this.#persist(request, call, async (control) => {
      const { response } = await this.#answer(request, control)
      control.stopTimer()
      return { response, close: () => control.cancel() }
    })
  }

  async #persist<T>(
    request: ApiRequest,
    call: CallOptions,
    attempt: (control: TryControl) => Promise<T>,
  ): Promise<T> {
    checkCall(call)
    const { timeoutMs: ownMs, totalTimeoutMs: ownTotalMs } = this.#rules
    const { signal, timeoutMs = ownMs, totalTimeoutMs = ownTotalMs } = call
    checkedTimeout('timeoutMs', timeoutMs)
    const endMs = this.#clock.now() + checkedTimeout('totalTimeoutMs', totalTimeoutMs)
    for (let retries = 0; ; retries += 1) {
      signal?.throwIfAborted()
      const leftMs = endMs - this.#clock.now()
      const control = new TryControl(signal, Math.min(timeoutMs, Math.max(leftMs, 0)))
      try {
        return await control.race(attempt(control))
      } catch (thrown) {
        control.cancel()
        signal?.throwIfAborted()
        const error = control.hasTimedOut
          ? (control.refusal ??
            new TimeoutError(request, leftMs < timeoutMs ? totalTimeoutMs : timeoutMs))
          : thrown
        const delayMs = this.#delayMs(request, error, retries)
        // A wait beyond the end would only delay the news.
        if (delayMs === undefined || this.#clock.now() + delayMs >= endMs) throw error
        await this.#clock.sleep(delayMs, signal)
      }
    }
  }

  #delayMs(request: ApiRequest, error: unknown, retries: number): number | undefined {
    const wasRefused = error instanceof HttpError && error.status === 429
    if (!request.isRepeatable && !wasRefused) return undefined
    return delayMsBefore(this.#rules.retry, error, retries, this.#clock.random())
  }

  async #answer(
    request: ApiRequest,
    control: TryControl,
  ): Promise<{ readonly response: Response; readonly mask: Mask }> {
    // Made before it is sent: a header that cannot be sent is the caller's mistake, and no failure of
    // the network.
    const headers = requestHeaders(this.#rules.headers, request.headers)
    const mask = maskOf(headers, this.#rules.secretHeaders)
    const { method, body } = request
    const init: RequestInit = {
      method,
      headers,
      ...(body !== undefined && { body }),
      signal: control.signal,
      // Followed, it would take keys in headers of the vendors' own to another host.
      redirect: 'manual',
    }
    const response = await this.#fetched(request, init)
    if (response.ok) return { response, mask }
    const known = this.#refusalOf(request, response, mask)
    // A body that is too long, breaks off or does not come in time is no reason to lose the status.
    control.refusal = this.#errorOf(known)
    const text = await readText(response, refusalBytesMax).catch(() => '')
    throw text === '' ? control.refusal : this.#errorOf({ ...known, data: maskedData(text, mask) })
  }

  async #fetched(request: ApiRequest, init: RequestInit): Promise<Response> {
    try {
      return await this.#fetch(request.url, init)
    } catch (cause) {
      const what = `${request.method} ${request.url} failed: ${reasonOf(cause)}`
      throw new NetworkError(what, request, { cause })
    }
  }

  #refusalOf(request: ApiRequest, { status, headers }: Response, mask: Mask): Refusal {
    const retryAfterMs = retryAfterMsOf(status, headers, this.#clock.now())
    return {
      request,
      status,
      headers: maskedHeaders(headers, mask),
      data: undefined,
      retryAfterMs,
    }
  }

  #errorOf(refusal: Refusal): HttpError {
    return this.#rules.errorOf?.(refusal) ?? new HttpError(refusal)
  }
}

/**
 * The body of a success, parsed; `undefined` when it is empty.
 * @throws AnswerError when it is not JSON, NetworkError when it breaks off.
 */
export async function readJson(
  request: ApiRequest,
  response: Response,
  parse: (text: string) => unknown,
  mask: Mask,
): Promise<unknown> {
  const what = `${request.method} ${request.url}`
  const text = await readText(response, answerBytesMax).catch((cause: unknown) => {
    if (cause instanceof RangeError) {
      throw new AnswerError(`${what}: ${cause.message}`, request, { cause })
    }
    throw new NetworkError(`${what}: the answer broke off: ${reasonOf(cause)}`, request, { cause })
  })
  if (text === '') return undefined
  try {
    return parse(text)
  } catch (cause) {
    // Masked before it is cut, or half a key might stay. What the parser says has a part of the text, too.
    const start = JSON.stringify(mask(text.slice(0, maskedMax)).slice(0, 60))
    const isClean = mask(text) === text
    const message = `${what} was answered with what is not JSON: ${start}`
    throw new AnswerError(message, request, isClean ? { cause } : {})
  }
}

/** Runtimes hide the reason of a failed connection in the cause of a "fetch failed". */
function reasonOf(error: unknown): string {
  if (isRequestError(error)) return error.message
  const { message = String(error), cause } = (error ?? {}) as { message?: string; cause?: unknown }
  const { code, message: inner } = (cause ?? {}) as { code?: unknown; message?: string }
  const reason = inner || (typeof code === 'string' ? code : '')
  return reason === '' ? message : `${message} (${reason})`
}

function checkedTimeout(name: string, timeoutMs: number): number {
  if (typeof timeoutMs === 'number' && timeoutMs > 0) return timeoutMs
  throw new RangeError(
    `${name} must be a number of milliseconds above 0, or Infinity; it is ${timeoutMs}.`,
  )
}

/** A caller's header in the place of a client's own would send another key, or something else than JSON. */
function checkOwnHeaders(own: Readonly<Record<string, string>>, rules: TransportRules): void {
  const taken = ['accept', 'content-type', ...rules.secretHeaders, ...Object.keys(rules.headers)]
  const name = Object.keys(own).find((one) => taken.includes(one))
  if (name !== undefined) throw new TypeError(`headers must not have ${name}: the client sets it.`)
}

// A page may not name its agent: browsers drop the header or ask the server for leave to send it.
const isInBrowser = 'document' in globalThis || 'WorkerGlobalScope' in globalThis
const agent: Readonly<Record<string, string>> = isInBrowser
  ? {}
  : { 'user-agent': 'eventwell-client/0.1.0' }
