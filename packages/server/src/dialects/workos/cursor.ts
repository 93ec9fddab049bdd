import { EventwellError } from '../../core/errors.ts'
import type { StoredEvent } from '../../core/event.ts'
import type { EventLog } from '../../core/log.ts'
import { instantOfMs } from '../../core/time.ts'
import { dayMs } from '../shared/window.ts'
import { derivedPlace, ulidMs, workosSource } from './ids.ts'

/** A place in the order that an id names: the list goes on after the one, or ends before the other. */
export interface CursorPlace {
  readonly after: number
  readonly before: number
}

// An id is made some moments before or after the time that its event carries, and WorkOS lists events some
// seconds late. Beginning this much earlier shows some events again; beginning too late would skip some.
const slackMs = 10_000
// Before that there was no such service: an id of that time was made up.
const earliestMs = Date.UTC(2018)
// Clocks differ. An id from further ahead was not made by a service that runs now.
const aheadMsMax = 3_600_000
// WorkOS goes on trying to deliver a webhook for this long (contract 5.1).
const deliveryMsMax = 3 * dayMs

/**
 * The place of the event that a client names as its cursor, whatever filters it has now. An event that is
 * not here has the place that the time in its id gives it: before every event that happened later, and, as
 * long as it and others may still be on their way here, before everything that has come since.
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
  const ms = ulidMs(id)
  if (ms === undefined || ms < earliestMs || ms > Date.now() + aheadMsMax) {
    const message = `There is no event '${id}' to go on from.`
    throw new EventwellError('invalid_cursor', message, { field })
  }
  const happened = await firstHappenedSince(log, workspace, ms - slackMs)
  const mayBeOnTheWay = ms > Date.now() - deliveryMsMax
  const received = mayBeOnTheWay ? await firstReceivedSince(log, workspace, ms - slackMs) : happened
  const first = Math.min(happened, received)
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

/**
 * The first position whose event was received at this time or later; else the one after the last. Times of
 * receipt increase with the positions, so it is found by halving, from the end on: mostly it is near.
 */
export async function firstReceivedSince(
  log: EventLog,
  workspace: string,
  ms: number,
): Promise<number> {
  const { head } = await log.state(workspace)
  // At or below `low` all were received before; at `high` and above, all since.
  let [low, high] = [0, head + 1]
  for (let step = 1; low + 1 < high; step *= 2) {
    const isNear = low === 0 && step < high
    const middle = isNear ? high - step : Math.floor((low + high) / 2)
    const event = await lastBefore(log, workspace, middle + 1)
    if (event !== undefined && event.receivedAtMs >= ms) high = event.position
    else low = middle
  }
  return high
}

async function lastBefore(
  log: EventLog,
  workspace: string,
  position: number,
): Promise<StoredEvent | undefined> {
  const { events } = await log.readAfter(workspace, {
    order: 'position',
    direction: 'backward',
    after: { position },
    limit: 1,
  })
  return events[0]
}

/** The first position at which an event of this time or later stands; else the one after the last. */
async function firstHappenedSince(log: EventLog, workspace: string, ms: number): Promise<number> {
  const { events, head } = await log.readAfter(workspace, {
    from: instantOfMs(ms),
    order: 'position',
    direction: 'forward',
    limit: 1,
  })
  return events[0]?.position ?? head + 1
}
