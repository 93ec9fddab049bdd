import { EventwellError, invalidQuery } from '../../core/errors.ts'
import { msOf, type NewEvent, type StoredEvent } from '../../core/event.ts'
import type { JsonObject } from '../../core/json/json.ts'
import type { CursorQuery } from '../../core/log.ts'
import { formatMs, instantOfMs, type Instant } from '../../core/time.ts'
import {
  eventList,
  facetText,
  optionalName,
  otherFields,
  requireObject,
  requireText,
  requireTime,
} from '../shared/event-list.ts'
import { membersText, payloadObject } from '../shared/payload.ts'
import { lastValue, wholeNumber } from '../shared/query-string.ts'
import { dayMs } from '../shared/window.ts'
import { checkEnvelope } from './decode.ts'
import { requireOwnId, spellingsOf, viewId, webexSource } from './ids.ts'
import { cursorOf, instantOf, maxOf } from './query.ts'

/** One of the two audit feeds: what its events' types begin with, and how its parameters are called. */
export interface AuditFeed {
  readonly resource: 'adminAudit' | 'securityAudit'
  readonly from: 'from' | 'startTime'
  readonly to: 'to' | 'endTime'
  /** The most events of a page. */
  readonly ceiling: number
}

/** What administrators did (contract 1.8). */
export const adminAudit: AuditFeed = {
  resource: 'adminAudit',
  from: 'from',
  to: 'to',
  ceiling: 200,
}

/** Who signed in and out (contract 1.9). */
export const securityAudit: AuditFeed = {
  resource: 'securityAudit',
  from: 'startTime',
  to: 'endTime',
  ceiling: 1000,
}

const spanMsMax = 366 * dayMs
const offsetMax = 10_000
const uncategorized = 'created'
const placedFields = new Set(['id', 'actorId', 'created', 'data'])

/**
 * Events of an audit feed's shape, one or many. The type of each is the feed and the event's category.
 * @throws EventwellError `invalid_event` for the first fault.
 */
export function decodeAuditEvents(body: unknown, feed: AuditFeed): NewEvent[] {
  return eventList(body, 'one or many').map((event, index) => decodeAuditEvent(event, index, feed))
}

function decodeAuditEvent(event: JsonObject, index: number, { resource }: AuditFeed): NewEvent {
  const id = requireOwnId(event, index)
  const data = requireObject(event, 'data', index)
  const category = data['eventCategory']
  checkEnvelope(event, index)
  return {
    source: webexSource,
    id,
    type: `${resource}.${(typeof category === 'string' && categoryOf(category)) || uncategorized}`,
    subject: facetText(data['targetId']),
    time: requireTime(event, 'created', index),
    actor: requireText(event, 'actorId', index),
    organization: facetText(data['targetOrgId']) ?? optionalName(event, 'actorOrgId', index),
    envelope: otherFields(event, placedFields),
    data: JSON.stringify(data),
  }
}

/** A page's body: the envelope of contract 1.8, without `resource` and `type`. */
export function encodeAuditList(events: readonly StoredEvent[]): string {
  return `{"items":[${events.map(encodeAuditEvent).join(',')}]}`
}

function encodeAuditEvent(event: StoredEvent): string {
  const { actorOrgId = event.organization, ...rest } = event.envelope ?? {}
  const members = {
    created: formatMs(msOf(event)),
    actorOrgId,
    id: viewId(event),
    actorId: event.actor ?? event.source,
  }
  const others = event.source === webexSource ? membersText(rest) : ''
  return `{${membersText(members).slice(1)},"data":${payloadObject(event)}${others}}`
}

/** What a request for an audit list asks for. */
export interface AuditRequest {
  readonly query: CursorQuery
  /** How many events to pass over first. */
  readonly offset: number
}

/**
 * The query of an audit list: newest first, as the vendor shows it (contract 1.6).
 * @throws EventwellError `invalid_query` naming the parameter.
 */
export function decodeAuditList(pairs: URLSearchParams, feed: AuditFeed): AuditRequest {
  const [from, until] = rangeOf(pairs, feed)
  const organization = lastValue(pairs, 'orgId')
  if (organization === undefined) throw missing('orgId')
  const actor = lastValue(pairs, 'actorId')
  const cursor = cursorOf(pairs)
  return {
    query: {
      facets: [
        typesOf(pairs, feed),
        { name: 'organization', values: spellingsOf(organization, 'ORGANIZATION') },
        ...(actor === undefined ? [] : [{ name: 'actor', values: spellingsOf(actor, 'PEOPLE') }]),
      ],
      from,
      until,
      order: 'time',
      direction: 'backward',
      limit: maxOf(pairs, feed.ceiling),
      cursor,
    },
    // Clients that follow a link send their own parameters again: what was passed over is in the cursor.
    offset: cursor === undefined ? offsetOf(pairs) : 0,
  }
}

/** The category in a type of the feed's; undefined for other types. */
export function categoryOfType(type: string, { resource }: AuditFeed): string | undefined {
  const category = type.startsWith(`${resource}.`) ? type.slice(resource.length + 1) : uncategorized
  return category === uncategorized ? undefined : category
}

function typesOf(pairs: URLSearchParams, { resource }: AuditFeed) {
  const wanted = pairs.getAll('eventCategories').flatMap((value) => value.split(','))
  const categories = wanted.map((name) => name.trim()).filter((name) => name !== '')
  return categories.length === 0
    ? { name: 'resource', values: [resource] }
    : {
        name: 'type',
        values: categories.flatMap((name) => [
          `${resource}.${categoryOf(name)}`,
          `${resource}.${name}`,
        ]),
      }
}

/** A category's bare name: documents show `EventCategory.LOGINS` and `logins`, too (contract 1.8). */
function categoryOf(text: string): string {
  return text.trim().split('.').at(-1)!.toUpperCase()
}

function rangeOf(pairs: URLSearchParams, feed: AuditFeed): [Instant, Instant] {
  const [from, until] = [instantOf(pairs, feed.from), instantOf(pairs, feed.to)]
  if (from === undefined) throw missing(feed.from)
  if (until === undefined) throw missing(feed.to)
  if (until < from) throw invalidQuery(feed.to, `${feed.to} must not be before ${feed.from}.`)
  if (until - from <= instantOfMs(spanMsMax)) return [from, until]
  throw invalidQuery(feed.to, `${feed.to} may be at most one year after ${feed.from}.`)
}

function offsetOf(pairs: URLSearchParams): number {
  const offset = wholeNumber(lastValue(pairs, 'offset'), 0)
  if (offset >= 0 && offset <= offsetMax) return offset
  const message = `offset must be a whole number from 0 to ${offsetMax}; follow the Link header instead.`
  throw invalidQuery('offset', message)
}

function missing(name: string): EventwellError {
  return invalidQuery(name, `${name} is required.`)
}
