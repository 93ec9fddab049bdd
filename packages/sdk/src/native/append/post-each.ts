import { AnswerError } from '../../http/errors/answer-error.ts'
import { isPlainObject } from '../../http/plain-object.ts'
import type { CallOptions } from '../../http/options.ts'
import type { EachAnswer, EventReceipt, EventRejection } from '../../wire.ts'
import type { NativeApi, NativeRequest } from '../api.ts'
import type { EncodedEvent } from './event-input.ts'

/** Sends events in one request with `mode=each`, and gives what became of each, in their order. */
export type PostEach = (
  events: readonly EncodedEvent[],
) => Promise<readonly (EventReceipt | EventRejection)[]>

/**
 * Sends events with these options. An answer is taken as a whole or not at all: where it is not told of
 * every event what became of it, it is told of none.
 * @throws RequestError, an AnswerError for such an answer among them.
 */
export function postEach(api: NativeApi, call: CallOptions): PostEach {
  return (events) => postEvents(api, events, 'each', call)
}

/**
 * Sends events in one request, of which all are kept or none, or each that can be.
 * @param more Headers besides.
 * @throws RequestError, an AnswerError for an answer that does not say what became of each.
 */
export async function postEvents(
  api: NativeApi,
  events: readonly EncodedEvent[],
  mode: 'all' | 'each',
  call: CallOptions,
  more: Readonly<Record<string, string>> = {},
): Promise<(EventReceipt | EventRejection)[]> {
  const request: NativeRequest = {
    ...appendRequest,
    parameters: mode === 'each' ? { mode } : {},
    headers: { 'content-type': 'application/cloudevents-batch+json', ...more },
    body: `[${events.map(({ text }) => text).join(',')}]`,
  }
  const { events: outcomes } = await api.json<EachAnswer>(request, ['events'], call)
  const fault = faultOf(outcomes, events, outcomesOf[mode])
  if (fault === undefined) return outcomes
  const sent = api.sent(request)
  throw new AnswerError(`${sent.method} ${sent.url} was answered with ${fault}`, sent)
}

/** Where events are appended. */
export const appendRequest = { method: 'POST', path: '/events' } as const

type Outcome = (EventReceipt | EventRejection)['outcome']

const outcomesOf: Readonly<Record<'all' | 'each', readonly Outcome[]>> = {
  all: ['created', 'exists'],
  each: ['created', 'exists', 'conflict', 'rejected'],
}

/** Why an answer does not say what became of each event; `undefined` when it does. */
function faultOf(
  outcomes: unknown,
  events: readonly EncodedEvent[],
  known: readonly string[],
): string | undefined {
  if (!Array.isArray(outcomes) || outcomes.length !== events.length) {
    const count = Array.isArray(outcomes) ? outcomes.length : 'no list of'
    return `${count} outcomes for ${events.length} events`
  }
  const at = outcomes.findIndex((one: unknown, index) => !isOutcomeOf(one, events[index]!, known))
  return at < 0 ? undefined : `what is no outcome of the event at ${at}`
}

function isOutcomeOf(
  one: unknown,
  { id, source }: EncodedEvent,
  known: readonly string[],
): boolean {
  if (!isPlainObject(one) || !known.includes(one['outcome'] as string)) return false
  if (one['outcome'] !== 'rejected') {
    return one['id'] === id && one['source'] === source && typeof one['sequence'] === 'string'
  }
  // A rejection need not name the event, and where it does, it is this one.
  return (
    typeof one['reason'] === 'string' &&
    [undefined, id].includes(one['id'] as string | undefined) &&
    [undefined, source].includes(one['source'] as string | undefined) &&
    ['undefined', 'string'].includes(typeof one['pointer'])
  )
}
