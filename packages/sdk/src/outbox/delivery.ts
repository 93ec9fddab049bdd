import type { Delivery } from '../disk/courier.ts'
import type { RefusedFile, RefusedRecord } from '../disk/refused-file.ts'
import type { NativeApi } from '../native/api.ts'
import type { EncodedEvent, EventIdentity } from '../native/append/event-input.ts'
import { postEach } from '../native/append/post-each.ts'
import { sendEach, type Fate } from '../native/append/send-each.ts'

/** What a delivery needs. */
export interface DeliveryTools {
  readonly api: NativeApi
  readonly refused: RefusedFile
  readonly onRefused: (refused: RefusedRecord) => void
  readonly now: () => number
}

/**
 * Sends events to the server, each for itself, in their order. What it has taken or has already is dealt
 * with, and so is what it will never take, once that is in the file for it. An answer that does not say
 * what became of each event decides of none.
 */
export async function deliver(
  records: readonly string[],
  signal: AbortSignal,
  { api, refused, onRefused, now }: DeliveryTools,
): Promise<Delivery> {
  const fates: Fate[] = []
  const failure = await sendEach(postEach(api, { signal }), records.map(encoded), (index, fate) => {
    fates[index] = fate
  }).then(
    () => undefined,
    (error: unknown) => ({ error }),
  )
  const refusals = fates.flatMap((fate, index) => {
    const reason = reasonOf(fate)
    return reason === undefined ? [] : [{ record: records[index]!, reason }]
  })
  await refused.add(refusals, now())
  for (const one of refusals) onRefused(one)
  return { finished: fates.length, ...failure }
}

/** The text is sent as it is; by its id and source, its outcome is known for its own. */
function encoded(text: string): EncodedEvent {
  const { id, source } = JSON.parse(text) as EventIdentity
  return { id, source, text, bytes: Buffer.byteLength(text) }
}

/** Why an event will never be taken; `undefined` when it was. */
function reasonOf(fate: Fate): string | undefined {
  switch (fate.outcome) {
    case 'created':
    case 'exists':
      return undefined
    case 'conflict':
      return `An event of its source and id is kept with other content, at ${fate.sequence}.`
    case 'rejected':
      return fate.reason
    case 'refused':
      return fate.error.message
  }
}
