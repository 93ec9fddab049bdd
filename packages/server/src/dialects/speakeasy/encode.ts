import type { StoredEvent } from '../../core/event.ts'
import { isJsonObject, parseJson } from '../../core/json/json.ts'
import type { Instant } from '../../core/time.ts'
import { withZone } from '../shared/lenient-time.ts'
import { isTimeField } from './decode.ts'
import { listTargets, type Targets } from './targets.ts'

/**
 * A CliEventBatch: a bare array. Events are as they were sent, but for two things that the vendor's
 * clients cannot decode (contract 0.5, 3.1): fields that are null are left out, and naive times get a Z.
 */
export function encodeEvents(events: readonly StoredEvent[]): string {
  return `[${events.map((event) => encodeEvent(event.data ?? '{}')).join(',')}]`
}

/** A TargetSDKList: a bare array of the targets; of those with an event after an instant, if given. */
export function encodeTargets(targets: Targets, after?: Instant): string {
  return JSON.stringify(listTargets(targets, after))
}

function encodeEvent(data: string): string {
  const event = parseJson(data)
  if (!isJsonObject(event)) return '{}'
  for (const name in event) {
    const value = event[name]
    if (value === null) delete event[name]
    else if (isTimeField(name) && typeof value === 'string') event[name] = withZone(value)
  }
  return JSON.stringify(event)
}
