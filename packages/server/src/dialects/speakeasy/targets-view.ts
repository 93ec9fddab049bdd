import type { EventLog } from '../../core/log.ts'
import type { ViewPlan } from '../../core/view.ts'
import { ownEvents } from './query.ts'
import type { Fields } from './supplier.ts'
import {
  dropOldest,
  noTargets,
  removeTarget,
  supply,
  takeEvent,
  type TargetBounds,
  type Targets,
} from './targets.ts'

const defaultBounds: TargetBounds = { targetsMax: 10_000, charsMax: 16 * 1024 * 1024 }

// Dropping looks at all targets, so while events stream in it waits until it is worth the while.
const slack = 2

/** How the targets of a workspace follow its log: asking for them costs only what is new. */
export function targetsPlan(bounds: TargetBounds = defaultBounds): ViewPlan<Targets> {
  return {
    name: 'view/speakeasy-targets',
    version: 1,
    facets: [ownEvents],
    begin: noTargets,
    take(targets, event) {
      takeEvent(targets, event)
      dropOldest(targets, bounds, slack)
    },
    async settle(targets, log, workspace) {
      // Deriving one may find that another must be; a set is walked with what is added on the way.
      for (const lockId of targets.stale) {
        await deriveAnew(targets, lockId, log, workspace)
        dropOldest(targets, bounds, slack)
      }
      dropOldest(targets, bounds, 1)
    },
    write,
    read,
  }
}

/** Takes all events of a target again: some of them come to supply what another does no longer. */
async function deriveAnew(
  targets: Targets,
  lockId: string,
  log: EventLog,
  workspace: string,
): Promise<void> {
  // Not after the reading: what changes meanwhile may mark the target again.
  targets.stale.delete(lockId)
  try {
    await takeEventsOf(targets, lockId, log, workspace)
  } catch (error) {
    targets.stale.add(lockId)
    throw error
  }
  if (targets.byLockId.get(lockId)?.suppliers.size === 0) removeTarget(targets, lockId)
}

async function takeEventsOf(
  targets: Targets,
  lockId: string,
  log: EventLog,
  workspace: string,
): Promise<void> {
  const facets = [ownEvents, { name: 'generate_gen_lock_id', values: [lockId] }]
  for (let position: number | undefined = 0; position !== undefined;) {
    const { events, more } = await log.readAfter(workspace, {
      facets,
      order: 'position',
      direction: 'forward',
      after: { position },
      limit: log.limits.pageEventsMax,
    })
    for (const event of events) takeEvent(targets, event)
    position = more ? events.at(-1)!.position : undefined
  }
}

// Grouped by supplier, since most of a target's slots are held by its last one or two events.
interface Written {
  readonly hasDropped: boolean
  readonly stale: readonly string[]
  readonly targets: readonly (readonly [lockId: string, suppliers: readonly WrittenSupplier[]])[]
}
type WrittenSupplier = readonly [
  id: string,
  instant: string,
  position: number,
  slots: readonly (readonly [slot: string, fields: Fields])[],
]

function write({ hasDropped, stale, byLockId }: Targets): string {
  const targets = [...byLockId].map(([lockId, { suppliers }]) => {
    const written = [...suppliers.values()].map(({ id, instant, position, slots }) => {
      return [id, String(instant), position, [...slots]] as const
    })
    return [lockId, written] as const
  })
  return JSON.stringify({ hasDropped, stale: [...stale], targets } satisfies Written)
}

function read(text: string): Targets {
  const written = JSON.parse(text) as Written
  const targets = noTargets()
  for (const [lockId, suppliers] of written.targets) {
    for (const [id, instant, position, slots] of suppliers) {
      supply(targets, lockId, { id, instant: BigInt(instant), position, slots: new Map(slots) })
    }
  }
  for (const lockId of written.stale) targets.stale.add(lockId)
  targets.hasDropped = written.hasDropped
  return targets
}
