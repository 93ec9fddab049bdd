import { AnswerError } from '../http/errors/answer-error.ts'
import type { CallOptions } from '../http/options.ts'
import { auditEventOf, type AuditEvent } from './audit-event.ts'
import type { Connection } from './connection.ts'
import type { WebexPage } from './page.ts'
import { PageReader } from './page-reader.ts'
import { parametersOf, requireParameters, type QueryTime } from './query.ts'

interface AuditQuery {
  /** Whose events. */
  readonly orgId: string
  /** Who did it. */
  readonly actorId?: string | undefined
  /** Of any of these, `LOGINS` say; of all where none is named. */
  readonly eventCategories?: readonly string[] | undefined
}

/** Which events of the admin audit (contract 1.8); at most a year of them. */
export interface AdminAuditQuery extends AuditQuery {
  /** From this time on. */
  readonly from: QueryTime
  /** Until this time. */
  readonly to: QueryTime
  /** The size of a page: 100 by default, 200 at most. */
  readonly max?: number | undefined
  /** How many are passed over first. */
  readonly offset?: number | undefined
}

/** Which events of the security audit (contract 1.9); at most a year of them. */
export interface SecurityAuditQuery extends AuditQuery {
  /** From this time on. */
  readonly startTime: QueryTime
  /** Until this time. */
  readonly endTime: QueryTime
  /** The size of a page: 100 by default, 1000 at most. */
  readonly max?: number | undefined
}

class Audit<Q extends AuditQuery> {
  readonly #pages: PageReader<AuditEvent>
  readonly #required: readonly string[]

  constructor(connection: Connection, path: string, pagesMax: number, required: readonly string[]) {
    this.#pages = new PageReader(connection, path, pagesMax, auditEventOf)
    this.#required = required
  }

  /**
   * The first page of a list, newest first.
   * @throws RequestError; TypeError without what is required, RangeError for a `max` below 1.
   */
  async list(query: Q, call?: CallOptions): Promise<WebexPage<AuditEvent>> {
    return this.#pages.first(this.#parameters(query), call)
  }

  /**
   * The page at an address that was kept from an earlier one (`page.nextUrl`).
   * @throws TypeError when it is of another origin than the base address: the token goes there.
   */
  listAt(nextUrl: string, call?: CallOptions): Promise<WebexPage<AuditEvent>> {
    return this.#pages.at(nextUrl, call)
  }

  /**
   * All events of a list, newest first, page after page; the times of `call` are those of each page.
   * @throws As `list`; what is wrong with the query at once.
   */
  iterate(query: Q, call?: CallOptions): AsyncGenerator<AuditEvent, void> {
    const parameters = this.#parameters(query)
    return this.#pages.items(() => this.#pages.first(parameters, call), call)
  }

  #parameters(query: Q) {
    requireParameters(query, this.#required)
    return parametersOf(query)
  }
}

/** What administrators did: `GET /adminAudit/events`. */
export class AdminAudit extends Audit<AdminAuditQuery> {
  readonly #connection: Connection

  /** @internal */
  constructor(connection: Connection, pagesMax: number) {
    super(connection, '/adminAudit/events', pagesMax, ['orgId', 'from', 'to'])
    this.#connection = connection
  }

  /** The categories that there are. */
  async eventCategories(call?: CallOptions): Promise<readonly string[]> {
    const url = `${this.#connection.address}/adminAudit/eventCategories`
    const { request, body } = await this.#connection.get(url, call)
    const { eventCategories } = (body ?? {}) as { readonly eventCategories?: unknown }
    if (Array.isArray(eventCategories)) return eventCategories as string[]
    throw new AnswerError(`GET ${url} was answered with what is no list of categories`, request)
  }
}

/** Who signed in and out: `GET /admin/securityAudit/events`. */
export class SecurityAudit extends Audit<SecurityAuditQuery> {
  /** @internal */
  constructor(connection: Connection, pagesMax: number) {
    const required = ['orgId', 'startTime', 'endTime']
    super(connection, '/admin/securityAudit/events', pagesMax, required)
  }
}
