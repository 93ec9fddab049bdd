import { withQuery } from '../http/address.ts'

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
  readonly rangeStart?: string | Date | undefined
  /** The time before which the range ends. WorkOS takes at most 30 days from the start, and 90 days back. */
  readonly rangeEnd?: string | Date | undefined
  /** Only an organization's events. Those without an organization, users' for example, do not match. */
  readonly organizationId?: string | undefined
}

/**
 * The address of a list: parameters and encoding as the official client sends them (contract:
 * `@workos-inc/node` 11), and always with a limit, as WorkOS's client for Go does.
 * @throws TypeError or RangeError for what cannot be asked.
 */
export function listAddress(base: string, query: EventsQuery): string {
  const { events, limit = responseLimit, after, rangeStart, rangeEnd, organizationId } = query
  if (!Number.isInteger(limit) || limit < 1 || limit > limitMax) {
    throw new RangeError(`limit must be a whole number from 1 to ${limitMax}; it is ${limit}.`)
  }
  return withQuery(`${base}/events`, {
    events: events === undefined ? undefined : joined(events),
    organization_id: checked('organizationId', organizationId),
    range_start: timeText('rangeStart', rangeStart),
    range_end: timeText('rangeEnd', rangeEnd),
    limit,
    after: checked('after', after),
  })
}

/** Names are joined by commas, so one that has a comma would be two. */
function joined(names: readonly string[]): string {
  if (!Array.isArray(names)) throw new TypeError('events must be an array of names.')
  for (const name of names as readonly unknown[]) {
    if (typeof name === 'string' && name.trim() !== '' && !name.includes(',')) continue
    const shown = JSON.stringify(name)
    throw new TypeError(`events must hold names, which have no comma; one is ${shown}.`)
  }
  return names.join(',')
}

/**
 * WorkOS takes an empty parameter for none: an empty cursor would list everything from the start, and an
 * empty organization everybody's events. So would a page's cursor that is null, since it was the last.
 */
function checked(name: string, text: string | undefined): string | undefined {
  if (text === undefined || (typeof text === 'string' && text.trim() !== '')) return text
  const hint = name === 'after' ? ' To go on later, store the id of the last event.' : ''
  throw new TypeError(`${name} must be a text that is not empty, or left out.${hint}`)
}

function timeText(name: string, time: string | Date | undefined): string | undefined {
  if (typeof time !== 'object' || time === null) return checked(name, time)
  if (Number.isNaN(time.getTime())) throw new RangeError(`${name} is no valid date.`)
  return time.toISOString()
}
