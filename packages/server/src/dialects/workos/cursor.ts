import { EventwellError } from '../../core/errors.ts'
import type { EventLog } from '../../core/log.ts'
import { instantOfMs } from '../../core/time.ts'
import { derivedPlace, ulidMs, workosSource } from './ids.ts'

/** A place in the order that an id names: the list goes on after the one, or ends before the other. */
export interface CursorPlace {
  readonly after: number
  readonly before: number
}

// An id is made some moments before or after the time that its event carries, and WorkOS lists events some
// seconds late. Beginning this much earlier shows some events again; beginning too late would skip some.
const slackMs = 10_000
// Clocks differ. An id from further ahead was not made by a service that runs now.
const aheadMsMax = 3_600_000

/**
 * The place of the event that a client names as its cursor, whatever filters it has now. An event that is
 * not here (expired, never sent here, or on its way) has the place that the time in its id gives it.
 * @throws EventwellError `invalid_cursor` for an id that tells no place: never the start in silence.
 */
export async function placeOfId(
  log: EventLog,
  workspace: string,
  id: string,
  field: 'after' | 'before',
): Promise<CursorPlace> {
  const own = await log.find(workspace, { source: workosSource, id })
  const position = own?.position ?? (await derivedPosition(log, workspace, id))
  if (position !== undefined) return { after: position, before: position }
  const ms = derivedPlace(id) === undefined ? ulidMs(id) : undefined
  if (ms === undefined || ms > Date.now() + aheadMsMax) {
    const message = `There is no event '${id}' to go on from.`
    throw new EventwellError('invalid_cursor', message, { field })
  }
  const first = await firstSince(log, workspace, ms - slackMs)
  return { after: first - 1, before: first }
}

/** The position of the event that is seen under a derived id; undefined when none is or was. */
export async function derivedPosition(
  log: EventLog,
  workspace: string,
  id: string,
): Promise<number | undefined> {
  const place = derivedPlace(id)
  if (place === undefined || place.position < 1) return undefined
  if (place.position > (await log.state(workspace)).head) return undefined
  const event = await log.at(workspace, place.position)
  // A withdrawn event leaves its position, which is still a place to go on from.
  const isIt = event === undefined || event.receivedAtMs === place.receivedAtMs
  return isIt ? place.position : undefined
}

/** The first position at which an event of this time or later stands; else the one after the last. */
async function firstSince(log: EventLog, workspace: string, ms: number): Promise<number> {
  const { events, head } = await log.readAfter(workspace, {
    from: instantOfMs(ms),
    order: 'position',
    direction: 'forward',
    limit: 1,
  })
  return events[0]?.position ?? head + 1
}
