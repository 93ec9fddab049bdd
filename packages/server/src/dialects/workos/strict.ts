import { invalidQuery } from '../../core/errors.ts'
import type { EventLog } from '../../core/log.ts'
import { catalogue } from './catalogue.ts'
import type { ListRequest } from './query.ts'
import type { WorkosSettings } from './settings.ts'

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
