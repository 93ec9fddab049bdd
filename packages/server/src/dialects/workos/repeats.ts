import { EventwellError } from '../../core/errors.ts'
import { instantOf, sayTheSame, type NewEvent, type StoredEvent } from '../../core/event.ts'
import { isJsonObject } from '../../core/json/json.ts'
import type { EventLog } from '../../core/log.ts'

/**
 * Keeps events, each once. One that is here already may have come by a webhook, which spells its time in
 * another way or leaves its context out: it is the same one all the same, and stays as it came first.
 * Otherwise one such event would keep a mirror from bringing the page that it is on.
 * @throws EventwellError `conflict` for an event that is here with other content, and what `append` throws.
 */
export async function keepOnce(
  log: EventLog,
  workspace: string,
  events: readonly NewEvent[],
): Promise<void> {
  try {
    await log.append(workspace, events, 'refuse')
  } catch (error) {
    if (!(error instanceof EventwellError && error.code === 'conflict')) throw error
    const repeats = new Set<number>()
    for (const { index = 0 } of error.places) {
      const event = events[index]!
      const stored = await log.find(workspace, event)
      if (stored === undefined || !isRepeat(event, stored)) throw error
      repeats.add(index)
    }
    const rest = events.filter((_, index) => !repeats.has(index))
    await log.append(workspace, rest, 'refuse')
  }
}

/** Whether an event says what one that is here says, its context left out on either side. */
function isRepeat(event: NewEvent, stored: StoredEvent): boolean {
  const { position, receivedAtMs, ...known } = stored
  const place = { position, receivedAtMs }
  if (instantOf({ ...event, ...place }) !== instantOf(stored)) return false
  const isSilent = isEmpty(event.envelope?.['context']) || isEmpty(known.envelope?.['context'])
  const bare = ({ envelope, ...rest }: NewEvent): NewEvent => {
    const { context, ...others } = envelope ?? {}
    const kept = isSilent || isEmpty(context) ? others : { ...others, context }
    return { ...rest, time: undefined, actor: isSilent ? undefined : rest.actor, envelope: kept }
  }
  return sayTheSame(bare(event), bare(known))
}

function isEmpty(context: unknown): boolean {
  if (context === undefined || context === null) return true
  return isJsonObject(context) && Object.keys(context).length === 0
}
