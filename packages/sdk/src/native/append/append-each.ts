import { membersOf } from '../../http/members-of.ts'
import type { EventFault, StreamAnswer } from '../../wire.ts'
import type { BatchRules } from '../options.ts'
import type { EncodedEvent, EventIdentity, EventInput } from './event-input.ts'
import type { PostEach } from './post-each.ts'
import { sendEach, type Fate } from './send-each.ts'

/** As many as the server itself names (PROTOCOL.md section 3.4). */
const faultsMax = 1000

/** Counts what became of many events. */
export class Tally {
  readonly #counts = { created: 0, exists: 0, conflict: 0, rejected: 0 }
  readonly #faults: EventFault[] = []
  #hasMoreFaults = false

  /** @param index Of the event among all, from 0. */
  add(index: number, fate: Fate, { id, source }: Partial<EventIdentity>): void {
    const outcome = fate.outcome === 'refused' ? 'rejected' : fate.outcome
    this.#counts[outcome] += 1
    if (outcome === 'created' || outcome === 'exists') return
    if (this.#faults.length === faultsMax) {
      this.#hasMoreFaults = true
      return
    }
    const identity = { ...(id !== undefined && { id }), ...(source !== undefined && { source }) }
    this.#faults.push({ index, ...identity, outcome, ...faultOf(index, fate) })
  }

  /** How it stands. */
  answer(): StreamAnswer {
    const more = this.#hasMoreFaults ? ({ moreFaults: true } as const) : {}
    return { ...this.#counts, faults: [...this.#faults], ...more }
  }
}

function faultOf(
  index: number,
  fate: Fate,
): Pick<EventFault, 'pointer' | 'reason'> & { sequence?: string } {
  if (fate.outcome === 'refused') return { pointer: `/${index}`, reason: fate.error.message }
  if (fate.outcome === 'rejected') {
    const pointer = fate.pointer?.replace(/^\/\d+/, '') ?? ''
    return { pointer: `/${index}${pointer}`, reason: fate.reason }
  }
  const { sequence } = fate as { sequence: string }
  const reason = 'An event of this source and id is kept already, with other content.'
  return { pointer: `/${index}/id`, reason, sequence }
}

/** What `appendEach` needs. */
export interface EachTools {
  readonly post: PostEach
  readonly encode: (event: EventInput) => EncodedEvent
  readonly rules: BatchRules
  /** Called after each request. */
  readonly onProgress: ((answer: StreamAnswer) => void) | undefined
}

/**
 * Sends any number of events, a request at a time, and takes no more of them than it sends. One that cannot
 * be encoded is rejected here, as the server would.
 * @throws whatever ends it early; what was counted until then is kept.
 */
export async function appendEach(
  events: Iterable<EventInput> | AsyncIterable<EventInput>,
  { post, encode, rules, onProgress }: EachTools,
): Promise<StreamAnswer> {
  const tally = new Tally()
  let batch: EncodedEvent[] = []
  /** Of each event of the batch, among all. */
  let indexes: number[] = []
  let bytes = 0
  const send = async () => {
    const sent = batch
    const places = indexes
    batch = []
    indexes = []
    bytes = 0
    await sendEach(post, sent, (at, fate) => tally.add(places[at]!, fate, sent[at]!))
    onProgress?.(tally.answer())
  }
  let index = -1
  for await (const event of events) {
    index += 1
    let encoded: EncodedEvent
    try {
      encoded = encode(event)
    } catch (error) {
      tally.add(index, { outcome: 'rejected', reason: messageOf(error) }, identityOf(event))
      continue
    }
    if (batch.length > 0 && bytes + encoded.bytes > rules.bytesMax) await send()
    batch.push(encoded)
    indexes.push(index)
    bytes += encoded.bytes
    if (batch.length === rules.eventsMax) await send()
  }
  if (batch.length > 0) await send()
  return tally.answer()
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** What is known of an event that is none. */
function identityOf(event: unknown): Partial<EventIdentity> {
  const { id, source } = membersOf(event)
  return {
    ...(typeof id === 'string' && { id }),
    ...(typeof source === 'string' && { source }),
  }
}
