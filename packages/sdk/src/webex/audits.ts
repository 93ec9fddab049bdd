import { AnswerError } from '../http/errors/answer-error.ts'
import type { NamesOf } from '../http/known-names.ts'
import { membersOf } from '../http/members-of.ts'
import type { Moment } from '../http/moment.ts'
import type { CallOptions } from '../http/options.ts'
import { auditEventOf, type AuditEvent } from './audit-event.ts'
import type { Connection } from './connection.ts'
import type { WebexPage } from './page.ts'
import { PageReader } from './page-reader.ts'
import { parametersOf, requireParameters } from './query.ts'

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
  readonly from: Moment
  /** Until this time. */
  readonly to: Moment
  /** The size of a page: 100 by default, 200 at most. */
  readonly max?: number | undefined
  /** How many are passed over first. */
  readonly offset?: number | undefined
}

/** Which events of the security audit (contract 1.9); at most a year of them. */
export interface SecurityAuditQuery extends AuditQuery {
  /** From this time on. */
  readonly startTime: Moment
  /** Until this time. */
  readonly endTime: Moment
  /** The size of a page: 100 by default, 1000 at most. */
  readonly max?: number | undefined
}

const ofEach: NamesOf<AuditQuery> = { orgId: true, actorId: true, eventCategories: true }
const adminFilters: NamesOf<AdminAuditQuery> = {
  ...ofEach,
  from: true,
  to: true,
  max: true,
  offset: true,
}
const securityFilters: NamesOf<SecurityAuditQuery> = {
  ...ofEach,
  startTime: true,
  endTime: true,
  max: true,
}

class Audit<Q extends AuditQuery> {
  readonly #pages: PageReader<AuditEvent>
  readonly #filters: NamesOf<Q>
  readonly #required: readonly (keyof Q & string)[]

  constructor(
    pages: PageReader<AuditEvent>,
    filters: NamesOf<Q>,
    required: readonly (keyof Q & string)[],
  ) {
    this.#pages = pages
    this.#filters = filters
    this.#required = required
  }

  /**
   * The first page of a list, newest first.
   * @throws RequestError; TypeError or RangeError without what is required, and for a query that cannot
   * be one.
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
    const parameters = parametersOf(query, this.#filters)
    requireParameters(query, this.#required)
    return parameters
  }
}

/** What administrators did: `GET /adminAudit/events`. */
export class AdminAudit extends Audit<AdminAuditQuery> {
  readonly #connection: Connection

  /** @internal */
  constructor(connection: Connection, pagesMax: number) {
    const pages = new PageReader(connection, '/adminAudit/events', pagesMax, auditEventOf)
    super(pages, adminFilters, ['orgId', 'from', 'to'])
    this.#connection = connection
  }

  /** The categories that there are. */
  async eventCategories(call?: CallOptions): Promise<readonly string[]> {
    const url = `${this.#connection.address}/adminAudit/eventCategories`
    const { request, body } = await this.#connection.get(url, call)
    const { eventCategories } = membersOf(body)
    if (Array.isArray(eventCategories)) return eventCategories as string[]
    throw new AnswerError(`GET ${url} was answered with what is no list of categories`, request)
  }
}

/** Who signed in and out: `GET /admin/securityAudit/events`. */
export class SecurityAudit extends Audit<SecurityAuditQuery> {
  /** @internal */
  constructor(connection: Connection, pagesMax: number) {
    const path = '/admin/securityAudit/events'
    const pages = new PageReader(connection, path, pagesMax, auditEventOf)
    super(pages, securityFilters, ['orgId', 'startTime', 'endTime'])
  }
}
