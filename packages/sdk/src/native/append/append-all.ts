import type { EventFault, StreamAnswer } from '../../wire.ts'
import type { BatchRules } from '../options.ts'
import type { EncodedEvent, EventInput } from './event-input.ts'
import { sendEach, type Fate, type PostEach } from './send-each.ts'

/** As many as the server itself names (PROTOCOL.md section 3.4). */
const faultsMax = 1000

/** Counts what became of many events. */
export class Tally {
  readonly #counts = { created: 0, exists: 0, conflict: 0, rejected: 0 }
  readonly #faults: EventFault[] = []
  #hasMoreFaults = false

  /** @param index Of the event among all, from 0. */
  add(index: number, fate: Fate, { id, source }: EncodedEvent): void {
    const outcome = fate.outcome === 'refused' ? 'rejected' : fate.outcome
    this.#counts[outcome] += 1
    if (outcome === 'created' || outcome === 'exists') return
    if (this.#faults.length === faultsMax) {
      this.#hasMoreFaults = true
      return
    }
    this.#faults.push({ index, id, source, outcome, ...faultOf(index, fate) })
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

/** What `appendAll` needs. */
export interface ManyTools {
  readonly post: PostEach
  readonly encode: (event: EventInput) => EncodedEvent
  readonly rules: BatchRules
  /** Called after each request. */
  readonly onProgress: ((answer: StreamAnswer) => void) | undefined
}

/**
 * Sends any number of events, a request at a time, and takes no more of them than it sends.
 * @throws whatever ends it early; what was counted until then is kept.
 */
export async function appendAll(
  events: Iterable<EventInput> | AsyncIterable<EventInput>,
  { post, encode, rules, onProgress }: ManyTools,
): Promise<StreamAnswer> {
  const tally = new Tally()
  let batch: EncodedEvent[] = []
  let bytes = 0
  let first = 0
  const send = async () => {
    const sent = batch
    const offset = first
    first += sent.length
    batch = []
    bytes = 0
    await sendEach(post, sent, (index, fate) => tally.add(offset + index, fate, sent[index]!))
    onProgress?.(tally.answer())
  }
  for await (const event of events) {
    const encoded = encode(event)
    if (batch.length > 0 && bytes + encoded.bytes > rules.bytesMax) await send()
    batch.push(encoded)
    bytes += encoded.bytes
    if (batch.length === rules.eventsMax) await send()
  }
  if (batch.length > 0) await send()
  return tally.answer()
}
