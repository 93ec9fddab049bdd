import { invalidEvent } from '../../core/errors.ts'
import type { NewEvent } from '../../core/event.ts'
import type { EventLog } from '../../core/log.ts'
import { derivedPosition } from './cursor.ts'
import { derivedPlace } from './ids.ts'

// By how much the clock may be set back while the server runs.
const clockSlackMs = 60_000

/**
 * An event under an id that another one is seen under, or will be, would hide that one from those who poll.
 * Ids are made of the time of receipt, so no event will be seen under one whose time has passed.
 * @throws EventwellError `invalid_event`.
 */
export async function checkIds(
  log: EventLog,
  workspace: string,
  events: readonly NewEvent[],
): Promise<void> {
  for (const [index, { id }] of events.entries()) {
    const place = derivedPlace(id)
    if (place === undefined) continue
    const mayCome = place.receivedAtMs > Date.now() - clockSlackMs
    if (!mayCome && (await derivedPosition(log, workspace, id)) === undefined) continue
    throw invalidEvent(
      index,
      'id',
      'id is one under which another event is, or may come to be, seen here.',
    )
  }
}
