import assert from 'node:assert/strict'
import {
  Eventwell,
  isHttpError,
  type Erasure,
  type EventInput,
  type Interval,
  type Lease,
} from '@eventwell/client'
import type { CaseAnswer, Send, SentRequest } from '../../../server/test/support/run-case.ts'
import { typedQuery } from './typed-query.ts'

/** Why a request of a case cannot be made with the typed client. */
export class NotTyped extends Error {}

/** A method of the client, called for a request, and how its result stands in the answer. */
type Call = (client: Eventwell) => Promise<unknown>

/** What went over the wire. */
interface Seen {
  readonly method: string
  readonly url: URL
  readonly headers: Headers
  readonly body: string | undefined
  readonly answer: CaseAnswer
}

/**
 * Makes the requests of a case with the client's typed methods, and holds what was sent and what came of it
 * against the request and the recorded answer. What the client cannot be made to send goes as it is.
 */
export class CaseSender {
  /** Of each request that went as it is: what was asked, and why. */
  readonly raw: { readonly request: string; readonly reason: string }[] = []
  typed = 0
  readonly #url: string
  readonly #key: string
  // Of all clients of a case: a lease is given back by the client that took it.
  #seen: Seen[] = []
  readonly #leases = new Map<string, Lease>()

  constructor({ url, key }: { readonly url: string; readonly key: string }) {
    this.#url = url
    this.#key = key
  }

  readonly send: Send = async (request) => {
    let call: Call
    try {
      call = this.#callFor(request)
    } catch (error) {
      if (!(error instanceof NotTyped)) throw error
      const { method, path } = request
      this.raw.push({ request: `${method} ${path}`, reason: error.message })
      return this.#sendRaw(request)
    }
    this.typed += 1
    this.#seen = []
    const client = new Eventwell({
      url: this.#url,
      key: this.#key,
      retry: false,
      headers: ownHeaders(request),
      fetch: async (address, init) => {
        const response = await fetch(address, init)
        const text = await response.clone().text()
        this.#seen.push({
          method: init.method ?? 'GET',
          url: new URL(address),
          headers: new Headers(init.headers),
          body: init.body === undefined ? undefined : String(init.body),
          answer: { status: response.status, headers: Object.fromEntries(response.headers), text },
        })
        return response
      },
    })
    const outcome = await call(client).then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    )
    assert.equal(this.#seen.length, 1, `one request for ${request.path}`)
    const [one] = this.#seen
    assertSameRequest(one!, request)
    assertSameAnswer(one!.answer, outcome)
    return one!.answer
  }

  async #sendRaw({ method, path, headers, body }: SentRequest): Promise<CaseAnswer> {
    const response = await fetch(this.#url + path, {
      method,
      headers: { authorization: `Bearer ${this.#key}`, ...headers },
      ...(body !== undefined && { body }),
    })
    const text = await response.text()
    return { status: response.status, headers: Object.fromEntries(response.headers), text }
  }

  /** @throws NotTyped with the reason. */
  #callFor(request: SentRequest): Call {
    const { method, headers } = request
    const url = new URL(request.path, this.#url)
    const [, , room = '', name, inner] = url.pathname.split('/').map(decodeURIComponent)
    const query = url.searchParams
    if (headers['authorization'] !== undefined) throw new NotTyped('no key')
    const operation = `${method} ${room}${name === undefined ? '' : '/:name'}${inner === undefined ? '' : `/${inner}`}`
    switch (operation) {
      case 'POST events':
        return this.#append(request, query)
      case 'GET events': {
        const typed = queryOf(query)
        return (client) => client.list(typed)
      }
      case 'GET events/:name': {
        only(query, ['source', 'fields'])
        const source = query.get('source')
        const fields = query.get('fields')?.split(',')
        if (source === null && !/^\d{1,16}$/.test(name!)) {
          throw new NotTyped('a value that the types refuse')
        }
        return (client) =>
          source === null
            ? client.get(name!, { fields })
            : client.get({ source, id: name! }, { fields })
      }
      case 'GET histogram': {
        const typed = queryOf(query, ['interval', 'by'])
        if (typed['interval'] === undefined) throw new NotTyped('a value that the types refuse')
        return (client) => client.histogram({ ...typed, interval: typed['interval'] as Interval })
      }
      case 'GET aggregate': {
        const typed = queryOf(query, ['interval', 'by', 'measure', 'percentiles'])
        return (client) => client.aggregate(typed)
      }
      case 'GET facets/:name': {
        const typed = queryOf(query, ['prefix', 'limit'])
        return (client) => client.facet(name!, typed)
      }
      case 'GET export': {
        const typed = queryOf(query, ['format'])
        return async (client) => (await client.export(typed)).text()
      }
      case 'GET consumers':
        return async (client) => ({ consumers: await client.consumers() })
      case 'GET consumers/:name':
        return (client) => client.consumer(name!).get()
      case 'PUT consumers/:name': {
        const { cursor, lease, rewind } = JSON.parse(request.body!) as Record<string, never>
        const held = lease === undefined ? undefined : this.#leases.get(lease)
        return (client) => client.consumer(name!).commit(cursor!, { lease: held, rewind })
      }
      case 'DELETE consumers/:name':
        return (client) => client.consumer(name!).forget()
      case 'POST consumers/:name/lease': {
        const { seconds, holder } = JSON.parse(request.body!) as Record<string, never>
        return async (client) => {
          const lease = await client.consumer(name!).lease({ seconds: seconds!, holder })
          this.#leases.set(lease.token, lease)
          return { lease: lease.token, expiresAt: lease.expiresAt, cursor: lease.cursor }
        }
      }
      case 'DELETE consumers/:name/lease': {
        const lease = this.#leases.get(headers['eventwell-lease']!)!
        return () => lease.release()
      }
      case 'POST erasures': {
        only(query, [])
        const erasure = JSON.parse(request.body!) as Erasure
        return (client) => client.erase(erasure)
      }
      case 'GET erasures':
        return (client) => client.erasures(queryOf(query, ['limit']))
      case 'GET retention':
        return async (client) => ({ rules: await client.retention() })
      default:
        throw new NotTyped('no operation of the client')
    }
  }

  #append({ headers, body = '' }: SentRequest, query: URLSearchParams): Call {
    const type = headers['content-type'] ?? ''
    if (Object.keys(headers).some((name) => name.startsWith('ce-')))
      throw new NotTyped('binary mode')
    if (type.includes('ndjson')) throw new NotTyped('lines')
    if (headers['content-encoding'] !== undefined) throw new NotTyped('a content encoding')
    const mode = query.get('mode') ?? 'all'
    if (mode !== 'all' && mode !== 'each') throw new NotTyped('a value that the types refuse')
    const value = jsonOf(body)
    const events = Array.isArray(value) ? value : [value]
    if (!events.every(isEvent)) throw new NotTyped('an event that the types refuse')
    // Its pointers are those of a body that is one event; the client sends arrays.
    if (!Array.isArray(value) && 'dataschema' in (value as object)) throw new NotTyped('one event')
    const key = headers['idempotency-key']
    const options = key === undefined ? {} : { idempotencyKey: key.replaceAll('"', '') }
    return async (client) => ({
      events:
        mode === 'each'
          ? await client.append(events, { ...options, mode })
          : await client.append(events, options),
    })
  }
}

function isEvent(value: unknown): value is EventInput {
  if (typeof value !== 'object' || value === null) return false
  return ['specversion', 'id', 'source', 'type'].every((name) => name in value)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new NotTyped('a body that is not JSON', { cause })
  }
}

function queryOf(query: URLSearchParams, others?: readonly string[]) {
  try {
    return typedQuery(query, others)
  } catch (cause) {
    throw new NotTyped((cause as Error).message, { cause })
  }
}

function only(query: URLSearchParams, names: readonly string[]): void {
  if ([...query.keys()].every((name) => names.includes(name))) return
  throw new NotTyped('an unknown parameter')
}

/** The headers of a request that no method of the client sets: those the caller's options can. */
function ownHeaders({ headers }: SentRequest): Record<string, string> {
  const others = Object.entries(headers).filter(
    ([name]) => !['content-type', 'idempotency-key', 'eventwell-lease'].includes(name),
  )
  return Object.fromEntries(others)
}

function assertSameRequest(seen: Seen, request: SentRequest): void {
  const wanted = new URL(request.path, seen.url)
  assert.equal(seen.method, request.method)
  assert.equal(decodeURIComponent(seen.url.pathname), decodeURIComponent(wanted.pathname))
  const spelled = ({ searchParams }: URL) =>
    [...searchParams].map((pair) => pair.join('=')).toSorted()
  assert.deepEqual(spelled(seen.url), spelled(wanted))
  for (const name of ['idempotency-key', 'eventwell-lease']) {
    assert.equal(seen.headers.get(name), request.headers[name] ?? null)
  }
  if (request.body === undefined) return assert.equal(seen.body, undefined)
  const sent: unknown = JSON.parse(seen.body!)
  const meant: unknown = JSON.parse(request.body)
  const isOneEvent = wanted.pathname.endsWith('/events') && !Array.isArray(meant)
  assert.deepEqual(sent, isOneEvent ? [meant] : meant)
  if (!wanted.pathname.endsWith('/events')) return
  assert.equal(seen.headers.get('content-type'), 'application/cloudevents-batch+json')
}

function assertSameAnswer(
  answer: CaseAnswer,
  outcome: { value: unknown } | { error: unknown },
): void {
  const { status, headers, text } = answer
  if ('error' in outcome) {
    const { error } = outcome
    assert.ok(isHttpError(error), String(error))
    assert.equal(error.status, status)
    return assert.deepEqual((error as { problem?: unknown }).problem, JSON.parse(text))
  }
  const { value } = outcome
  if (status === 204 || status === 404) return assert.equal(value, undefined)
  assert.ok(status < 300, text)
  const isText = typeof value === 'string'
  if (isText) assert.equal(value, text)
  else if (/[/+]json/.test(headers['content-type'] ?? '')) assert.deepEqual(value, JSON.parse(text))
}
