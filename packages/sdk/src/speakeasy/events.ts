import { checkNames } from '../http/known-names.ts'
import { momentText } from '../http/moment.ts'
import type { CallOptions } from '../http/options.ts'
import { pathPart } from '../http/path-part.ts'
import { queryText } from '../http/query-text.ts'
import { drain } from '../http/read-text.ts'
import type { ApiRequest, Transport } from '../http/transport.ts'
import { understood } from '../http/understood.ts'
import type { CliEvent, StoredCliEvent } from './cli-event.ts'
import { decodeEvents, decodeTargets } from './decode.ts'
import { encodeEvents } from './encode.ts'
import { wireName } from './fields.ts'
import {
  eventsByTargetOptions,
  searchOptions,
  targetsOptions,
  workspaceOptions,
  type EventsByTargetOptions,
  type SearchOptions,
  type TargetsOptions,
  type WorkspaceOptions,
} from './options.ts'
import type { Target } from './target.ts'

/** What the operations need; a transport for each of the two rules of when to send again. */
export interface Connection {
  readonly base: string
  readonly workspaceId: string | undefined
  readonly posting: Transport
  readonly reading: Transport
}

/** The operations of Speakeasy's group Events, under the names that the vendor's SDK gives them. */
export class SpeakeasyEvents {
  readonly #connection: Connection

  /** @internal */
  constructor(connection: Connection) {
    this.#connection = connection
  }

  /**
   * Posts events, in one request. It is sent again for up to a minute when there is no answer, or one of
   * 408, 500, 502 and 503: an event replaces the one of its id. No event, no request.
   * @throws TypeError or RangeError for an event that cannot be sent, and for no workspace; SpeakeasyError
   *   for a refusal, or another RequestError.
   */
  async post(events: readonly CliEvent[], options: WorkspaceOptions = {}): Promise<void> {
    checkNames('The options', options, workspaceOptions)
    const { workspaceId, ...call } = options
    const request: ApiRequest = {
      method: 'POST',
      url: `${this.#workspace(workspaceId)}/events`,
      headers: { 'content-type': 'application/json' },
      body: encodeEvents(events),
      isRepeatable: true,
    }
    // Any 2xx will do, with any body.
    if (events.length > 0) await this.#connection.posting.send(request, drain, call)
  }

  /**
   * Searches a workspace, newest events first. There is no way to go on behind the last one given.
   * @throws TypeError or RangeError for options that cannot be; SpeakeasyError for a refusal, or another
   *   RequestError.
   */
  async search(options: SearchOptions = {}): Promise<StoredCliEvent[]> {
    checkNames('A search', options, searchOptions)
    const { workspaceId, signal, timeoutMs, totalTimeoutMs, ...filters } = options
    const { limit } = filters
    if (limit !== undefined && !(Number.isSafeInteger(limit) && limit >= 1)) {
      throw new RangeError(`limit must be a whole number from 1; it is ${limit}.`)
    }
    const given = Object.keys(searchOptions).filter((name) => name in filters)
    const query = given.map((name) => {
      const value = filters[name as keyof typeof filters]
      const isText = typeof value !== 'number' && typeof value !== 'boolean'
      return [wireName(name), isText ? queryText(name, value) : value] as const
    })
    const path = addressed(`${this.#workspace(workspaceId)}/events`, Object.fromEntries(query))
    return this.#get(path, { signal, timeoutMs, totalTimeoutMs }, decodeEvents)
  }

  /**
   * The events of a target, newest first.
   * @param targetId Its `generateGenLockId`.
   * @throws As `search`.
   */
  async getEventsByTarget(
    targetId: string,
    options: EventsByTargetOptions = {},
  ): Promise<StoredCliEvent[]> {
    checkNames('The options', options, eventsByTargetOptions)
    const { workspaceId, afterCreatedAt, ...call } = options
    const target = pathPart('targetId', targetId)
    const path = `${this.#workspace(workspaceId)}/events/targets/${target}/events`
    const query = { after_created_at: momentText('afterCreatedAt', afterCreatedAt) }
    return this.#get(addressed(path, query), call, decodeEvents)
  }

  /**
   * The targets of the credential's workspace.
   * @throws As `search`.
   */
  async getTargets(options: TargetsOptions = {}): Promise<Target[]> {
    checkNames('The options', options, targetsOptions)
    return this.#targets(`${this.#connection.base}/v1/workspace/events/targets`, options)
  }

  /**
   * The targets of a workspace that the address names.
   * @deprecated By the vendor, in favour of `getTargets`.
   * @throws As `search`.
   */
  async getTargetsDeprecated(options: TargetsOptions & WorkspaceOptions = {}): Promise<Target[]> {
    checkNames('The options', options, { ...targetsOptions, ...workspaceOptions })
    const { workspaceId, ...rest } = options
    return this.#targets(`${this.#workspace(workspaceId)}/events/targets`, rest)
  }

  async #targets(path: string, options: TargetsOptions): Promise<Target[]> {
    const { afterLastEventCreatedAt, ...call } = options
    const after = momentText('afterLastEventCreatedAt', afterLastEventCreatedAt)
    const url = addressed(path, { after_last_event_created_at: after })
    return this.#get(url, call, decodeTargets)
  }

  async #get<T>(url: string, call: CallOptions, decode: (answer: unknown) => T): Promise<T> {
    const request: ApiRequest = { method: 'GET', url, isRepeatable: true }
    const answer = await this.#connection.reading.json(request, call)
    return understood(request, 'Speakeasy', () => decode(answer))
  }

  #workspace(workspaceId = this.#connection.workspaceId): string {
    return `${this.#connection.base}/v1/workspace/${pathPart('workspaceId', workspaceId)}`
  }
}

/** An address with what is given of a query, to the byte as the vendor's TypeScript SDK spells it. */
function addressed(
  path: string,
  query: Readonly<Record<string, string | number | boolean | undefined>>,
): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined)
  const parts = given.map(([name, value]) => {
    const text = String(value)
    if (!/\p{Surrogate}/u.test(text)) return `${name}=${encodeURIComponent(text)}`
    throw new RangeError(`${name} has half of a surrogate pair.`)
  })
  return parts.length === 0 ? path : `${path}?${parts.join('&')}`
}
