import { encodeAs } from './encode.ts'
import type { Spelling } from './dialect.ts'
import type { LogspaceEvent } from './event.ts'

/** How many events go into a request at most: as many as the vendor's agents send. */
export const batchEventsMax = 1000
// So that large events do not become a request that no server takes.
const batchCharsMax = 8 * 1024 * 1024

/**
 * The bodies of the requests that store these events, in their order. An event longer than 8 Mi
 * characters is alone in its request.
 * @throws TypeError or RangeError for an event that cannot be sent, before there is any body.
 */
export function bodiesOf(events: readonly LogspaceEvent[], spelling: Spelling): string[] {
  if (!Array.isArray(events)) throw new TypeError('events must be an array of events.')
  const batches: string[][] = []
  let chars = 0
  for (const [index, event] of (events as readonly LogspaceEvent[]).entries()) {
    const text = encodeAs(spelling, event, `events[${index}]`)
    const batch = batches.at(-1)
    chars += text.length
    if (batch === undefined || batch.length === batchEventsMax || chars > batchCharsMax) {
      batches.push([text])
      chars = text.length
    } else batch.push(text)
  }
  return batches.map((texts) => `[${texts.join(',')}]`)
}
