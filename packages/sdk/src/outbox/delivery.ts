import type { Delivery } from '../disk/courier.ts'
import type { RefusedFile, RefusedRecord } from '../disk/refused-file.ts'
import { AnswerError } from '../http/errors/answer-error.ts'
import type { NativeApi, NativeRequest } from '../native/api.ts'
import type { EncodedEvent } from '../native/append/event-input.ts'
import { sendEach, type Fate, type PostEach } from '../native/append/send-each.ts'
import type { EachAnswer } from '../wire.ts'

/** What a delivery needs. */
export interface DeliveryTools {
  readonly api: NativeApi
  readonly refused: RefusedFile
  readonly onRefused: (refused: RefusedRecord) => void
  readonly now: () => number
}

/**
 * Sends events to the server, each for itself, in their order. What it has taken or has already is dealt
 * with, and so is what it will never take, once that is in the file for it.
 */
export async function deliver(
  records: readonly string[],
  signal: AbortSignal,
  { api, refused, onRefused, now }: DeliveryTools,
): Promise<Delivery> {
  const fates: Fate[] = []
  const failure = await sendEach(postTo(api, signal), records.map(encoded), (index, fate) => {
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

function postTo(api: NativeApi, signal: AbortSignal): PostEach {
  return async (body, count) => {
    const request: NativeRequest = {
      method: 'POST',
      path: '/events',
      parameters: { mode: 'each' },
      headers: { 'content-type': 'application/cloudevents-batch+json' },
      body,
    }
    const answer = await api.json<EachAnswer>(request, ['events'], { signal })
    if (Array.isArray(answer.events) && answer.events.length === count) return answer
    const { method, url } = api.sent(request)
    throw new AnswerError(`${method} ${url} was not answered for each of ${count} events`, {
      method,
      url,
    })
  }
}

/** Only the text is sent; whose it is stands in it. */
function encoded(text: string): EncodedEvent {
  return { id: '', source: '', text, bytes: Buffer.byteLength(text) }
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
