import type { StoredEvent } from '../../core/event.ts'
import type { EventLog } from '../../core/log.ts'
import type { FacetFilter, Selection } from '../../core/query.ts'
import { firstReceivedSince, placeOfId } from './cursor.ts'
import type { ListRequest } from './query.ts'
import type { WorkosSettings } from './settings.ts'

/** A page of the list, oldest first unless the newest were asked for and that is heeded. */
export interface ListPage {
  readonly events: readonly StoredEvent[]
  /** On which side of these there is more, on the way that the request goes. */
  readonly more: 'after' | 'before' | 'none'
}

/** The positions between which a page lies, both excluded. */
interface Bounds {
  readonly above: number
  readonly below: number
}

/**
 * One page. `before` alone gives the events next to that one; with `after`, those between the two. Where a
 * list is newest first, `after` means older ones, as the vendor's documents say.
 * @throws EventwellError `invalid_cursor`.
 */
export async function readList(
  log: EventLog,
  workspace: string,
  request: ListRequest,
  settings: WorkosSettings,
): Promise<ListPage> {
  const isNewestFirst = settings.order === 'honoured' && request.order === 'desc'
  const [above, below] = isNewestFirst
    ? (['before', 'after'] as const)
    : (['after', 'before'] as const)
  const bounds: Bounds = {
    above: (await placeOf(log, workspace, request, above))?.after ?? 0,
    below: await endOf(log, workspace, settings, await placeOf(log, workspace, request, below)),
  }
  const isBackFromBefore = request.before !== undefined && request.after === undefined
  const isBackward = isNewestFirst !== isBackFromBefore
  const { events, more } = await readBetween(log, workspace, request, bounds, isBackward)
  return isBackFromBefore
    ? { events: events.toReversed(), more: more ? 'before' : 'none' }
    : { events, more: more ? 'after' : 'none' }
}

async function placeOf(
  log: EventLog,
  workspace: string,
  request: ListRequest,
  field: 'after' | 'before',
) {
  const id = request[field]
  return id === undefined ? undefined : placeOfId(log, workspace, id, field)
}

/** Where the list ends at the latest: before an event, and before those that are held back. */
async function endOf(
  log: EventLog,
  workspace: string,
  { holdBackSeconds = 0 }: WorkosSettings,
  place: { readonly before: number } | undefined,
): Promise<number> {
  const named = place?.before ?? Infinity
  if (holdBackSeconds === 0) return named
  // An event that came in just so many seconds ago is shown.
  const freshMs = Date.now() - holdBackSeconds * 1000 + 1
  return Math.min(named, await firstReceivedSince(log, workspace, freshMs))
}

async function readBetween(
  log: EventLog,
  workspace: string,
  request: ListRequest,
  { above, below }: Bounds,
  isBackward: boolean,
): Promise<{ readonly events: readonly StoredEvent[]; readonly more: boolean }> {
  const start = isBackward ? below : above
  const page = await log.readAfter(workspace, {
    ...selectionOf(request),
    order: 'position',
    direction: isBackward ? 'backward' : 'forward',
    after: start === Infinity || start === 0 ? undefined : { position: start },
    limit: request.limit,
  })
  const events = page.events.filter(({ position }) => position > above && position < below)
  return { events, more: page.more && events.length === page.events.length }
}

function selectionOf({ names, organization, from, until }: ListRequest): Selection {
  const facets: FacetFilter[] = []
  if (names.length > 0) facets.push({ name: 'type', values: names })
  if (organization !== undefined) facets.push({ name: 'organization', values: [organization] })
  return { facets, from, until }
}
