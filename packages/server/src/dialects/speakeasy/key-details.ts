import type { Access } from '../../core/access.ts'
import type { EventLog } from '../../core/log.ts'
import { formatMs } from '../../core/time.ts'

/**
 * The ApiKeyDetails of a key (contract section 4): whose workspace it is, and that everything is
 * allowed and nothing is billed. The deprecated `feature_flags` is left out: there are none.
 */
export async function keyDetails(log: EventLog, { workspace }: Access): Promise<object> {
  return {
    workspace_id: workspace,
    workspace_slug: workspace,
    org_slug: workspace,
    workspace_created_at: formatMs(await beginMs(log, workspace)),
    account_type_v2: 'enterprise',
    enabled_features: [],
    billing_add_ons: [],
    generation_access_unlimited: true,
    telemetry_disabled: false,
  }
}

/** A workspace begins with its first event; until then it is about to begin. */
async function beginMs(log: EventLog, workspace: string): Promise<number> {
  const { events } = await log.readAfter(workspace, {
    order: 'position',
    direction: 'forward',
    limit: 1,
  })
  return events[0]?.receivedAtMs ?? Date.now()
}
