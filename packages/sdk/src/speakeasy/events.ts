import { withQuery, type QueryValue } from '../http/address.ts'
import { AnswerError } from '../http/errors/answer-error.ts'
import type { CallOptions } from '../http/options.ts'
import { readText } from '../http/read-text.ts'
import type { ApiRequest, Transport } from '../http/transport.ts'
import type { CliEvent, StoredCliEvent } from './cli-event.ts'
import { decodeEvents, decodeTargets } from './decode.ts'
import { encodeEvents, timeText } from './encode.ts'
import { wireName } from './fields.ts'
import type {
  EventsByTargetOptions,
  SearchOptions,
  TargetsOptions,
  WorkspaceOptions,
} from './options.ts'
import type { Target } from './target.ts'

const answerBytesMax = 1024 * 1024

// In the order in which the vendor's SDK sends them.
const filterNames = [
  'executionId',
  'generateGenLockId',
  'interactionType',
  'limit',
  'lintReportDigest',
  'openapiDiffReportDigest',
  'sourceRevisionDigest',
  'success',
] as const satisfies readonly (keyof SearchOptions)[]
const isFilter = (name: string) => filterNames.some((one) => one === name)

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
   * 408, 500, 502 and 503: an event replaces the one of its id.
   * @throws TypeError or RangeError for an event that cannot be sent, for no event, and for no workspace;
   *   SpeakeasyError for a refusal, or another RequestError.
   */
  async post(events: readonly CliEvent[], options: WorkspaceOptions = {}): Promise<void> {
    const { workspaceId, ...call } = options
    const request: ApiRequest = {
      method: 'POST',
      url: `${this.#workspace(workspaceId)}/events`,
      headers: { 'content-type': 'application/json' },
      body: encodeEvents(events),
      isRepeatable: true,
    }
    // Any 2xx will do, with any body; it is read so that the connection can be used again.
    const read = (response: Response) => readText(response, answerBytesMax).catch(() => '')
    await this.#connection.posting.send(request, read, call)
  }

  /**
   * Searches a workspace, newest events first. There is no way to go on behind the last one given.
   * @throws TypeError or RangeError for options that cannot be; SpeakeasyError for a refusal, or another
   *   RequestError.
   */
  async search(options: SearchOptions = {}): Promise<StoredCliEvent[]> {
    const { workspaceId, signal, timeoutMs, totalTimeoutMs, ...filters } = options
    const other = Object.keys(filters).find((name) => !isFilter(name))
    if (other !== undefined) throw new TypeError(`search knows no ${other}.`)
    const { limit } = filters
    if (limit !== undefined && !(Number.isSafeInteger(limit) && limit >= 1)) {
      throw new RangeError(`limit must be a whole number from 1; it is ${limit}.`)
    }
    const query = filterNames.map((name) => [wireName(name), filters[name]] as const)
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
    const { workspaceId, afterCreatedAt, ...call } = options
    const target = segment(targetId, 'targetId')
    const path = `${this.#workspace(workspaceId)}/events/targets/${target}/events`
    const query = { after_created_at: timeOrNone(afterCreatedAt, 'afterCreatedAt') }
    return this.#get(addressed(path, query), call, decodeEvents)
  }

  /**
   * The targets of the credential's workspace.
   * @throws As `search`.
   */
  async getTargets(options: TargetsOptions = {}): Promise<Target[]> {
    return this.#targets(`${this.#connection.base}/v1/workspace/events/targets`, options)
  }

  /**
   * The targets of a workspace that the address names.
   * @deprecated By the vendor, in favour of `getTargets`.
   * @throws As `search`.
   */
  async getTargetsDeprecated(options: TargetsOptions & WorkspaceOptions = {}): Promise<Target[]> {
    const { workspaceId, ...rest } = options
    return this.#targets(`${this.#workspace(workspaceId)}/events/targets`, rest)
  }

  async #targets(path: string, options: TargetsOptions): Promise<Target[]> {
    const { afterLastEventCreatedAt, ...call } = options
    const after = timeOrNone(afterLastEventCreatedAt, 'afterLastEventCreatedAt')
    const url = addressed(path, { after_last_event_created_at: after })
    return this.#get(url, call, decodeTargets)
  }

  async #get<T>(url: string, call: CallOptions, decode: (answer: unknown) => T): Promise<T> {
    const request: ApiRequest = { method: 'GET', url, isRepeatable: true }
    const answer = await this.#connection.reading.json(request, call)
    try {
      return decode(answer)
    } catch (cause) {
      const what = `GET ${url} was answered with what is none of Speakeasy's`
      throw new AnswerError(`${what}: ${(cause as Error).message}`, request, { cause })
    }
  }

  #workspace(workspaceId = this.#connection.workspaceId): string {
    return `${this.#connection.base}/v1/workspace/${segment(workspaceId, 'workspaceId')}`
  }
}

/** A space as `%20`, as the vendor's TypeScript SDK has it. */
function addressed(path: string, query: Readonly<Record<string, QueryValue>>): string {
  return path + withQuery('', query).replaceAll('+', '%20')
}

/** A part of a path. An address leaves `.` and `..` out, and would lead elsewhere. */
function segment(text: string | undefined, name: string): string {
  if (typeof text !== 'string' || text === '') {
    throw new TypeError(`${name} must be given, as a text that is not empty.`)
  }
  if (text === '.' || text === '..') throw new RangeError(`${name} must not be ${text}.`)
  return encodeURIComponent(text)
}

function timeOrNone(value: Date | undefined, name: string): string | undefined {
  return value === undefined ? undefined : timeText(value, name)
}
