import { invalidQuery } from '../../core/errors.ts'
import type { EventLog } from '../../core/log.ts'
import { instantOfMs, type Instant } from '../../core/time.ts'
import { catalogue } from './catalogue.ts'
import type { ListRequest } from './query.ts'
import type { WorkosSettings } from './settings.ts'

const dayMs = 86_400_000

/**
 * Refuses what the live service refuses, in its words (contract section 2), where that is set.
 * @throws EventwellError `invalid_query`.
 */
export async function checkAsLive(
  log: EventLog,
  workspace: string,
  request: ListRequest,
  settings: WorkosSettings,
): Promise<void> {
  if (settings.strict !== true) return
  checkNames(request.names, settings.names ?? [])
  const { organization } = request
  if (organization === undefined || (await hasEvents(log, workspace, organization))) return
  throw invalidQuery('organization_id', `Organization not found: '${organization}'.`)
}

/**
 * The request with its range within what is set for a workspace: how far back, and how long. Pagers send the
 * range of their first page again with every cursor (contract trap 5), while the window moves on.
 * @throws EventwellError `invalid_query` where it reaches further.
 */
export function withinWindow(
  request: ListRequest,
  { windowDays, spanDays }: WorkosSettings,
  nowMs: number,
): ListRequest {
  if (request.after !== undefined || request.before !== undefined) return request
  let { from } = request
  if (windowDays !== undefined) {
    const edge = instantOfMs(nowMs - windowDays * dayMs)
    if (from !== undefined && from < edge) {
      throw invalidQuery('range_start', `range_start may lie at most ${windowDays} days back.`)
    }
    from ??= edge
  }
  if (spanDays !== undefined && request.from !== undefined) {
    const until: Instant = request.until ?? instantOfMs(nowMs)
    if (until - request.from > instantOfMs(spanDays * dayMs)) {
      throw invalidQuery('range_end', `A range may span at most ${spanDays} days.`)
    }
  }
  return { ...request, from }
}

function checkNames(names: readonly string[], others: readonly string[]): void {
  if (names.length === 0) {
    const message =
      'One or more event names (e.g. dsync.user.created) must be provided using the events parameter.'
    throw invalidQuery('events', message)
  }
  const unknown = names.find((name) => !catalogue.has(name) && !others.includes(name))
  if (unknown === undefined) return
  const message = `Invalid name parameter, received: '${unknown}'. You must pass in valid event names`
  throw invalidQuery('events', message)
}

/** Whether an organization is known: all that is known here of one is its events. */
async function hasEvents(log: EventLog, workspace: string, organization: string): Promise<boolean> {
  const { events } = await log.readAfter(workspace, {
    facets: [{ name: 'organization', values: [organization] }],
    order: 'position',
    direction: 'backward',
    limit: 1,
  })
  return events.length > 0
}
