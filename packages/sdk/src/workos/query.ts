import { withQuery } from '../http/address.ts'
import { checkNames, type NamesOf } from '../http/known-names.ts'
import { momentText, type Moment } from '../http/moment.ts'
import { queryNames, queryText } from '../http/query-text.ts'

/** How many events a page has at most where nothing is said: as in WorkOS's first client. */
export const responseLimit = 10

const limitMax = 100

/** Which events are wanted. */
export interface EventsQuery<Name extends string = string> {
  /**
   * Their names. WorkOS insists on one at least and knows no wildcard; an Eventwell server takes none
   * for all.
   */
  readonly events?: readonly Name[] | undefined
  /** How many a page has at most: 1 to 100, 10 by default. */
  readonly limit?: number | undefined
  /**
   * The id of an event; only later ones come. It decides where to begin, also where `rangeStart` is given.
   * What to store for another time is the `id` of the last event that was dealt with.
   */
  readonly after?: string | undefined
  /** The first time: a `Date`, or a text of ISO 8601 that is sent as it is. */
  readonly rangeStart?: Moment | undefined
  /** The time before which the range ends. WorkOS takes at most 30 days from the start, and 90 days back. */
  readonly rangeEnd?: Moment | undefined
  /** Only an organization's events. Those without an organization, users' for example, do not match. */
  readonly organizationId?: string | undefined
}

const names: NamesOf<EventsQuery> = {
  events: true,
  limit: true,
  after: true,
  rangeStart: true,
  rangeEnd: true,
  organizationId: true,
}

/**
 * The address of a list: parameters and encoding as the official client sends them (contract:
 * `@workos-inc/node` 11), and always with a limit, as WorkOS's client for Go does.
 * @throws TypeError or RangeError for what cannot be asked.
 */
export function listAddress(base: string, query: EventsQuery): string {
  checkNames('A query', query, names)
  const { events, limit = responseLimit, after, rangeStart, rangeEnd, organizationId } = query
  if (!Number.isInteger(limit) || limit < 1 || limit > limitMax) {
    throw new RangeError(`limit must be a whole number from 1 to ${limitMax}; it is ${limit}.`)
  }
  return withQuery(`${base}/events`, {
    events: events === undefined ? undefined : queryNames('events', events),
    organization_id: queryText('organizationId', organizationId),
    range_start: momentText('rangeStart', rangeStart),
    range_end: momentText('rangeEnd', rangeEnd),
    limit,
    after: cursorText(after),
  })
}

/** A page's cursor is null where it was the last; sent empty, it would list everything from the start. */
function cursorText(after: unknown): string | undefined {
  if (after !== null && after !== '') return queryText('after', after)
  throw new TypeError('after must not be empty. To go on later, store the id of the last event.')
}
