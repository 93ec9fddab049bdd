import { isHttpError } from '../../http/errors/guards.ts'
import type { HttpError } from '../../http/errors/http-error.ts'
import type { EventReceipt, EventRejection } from '../../wire.ts'
import { isProblem } from '../errors/guards.ts'
import type { EncodedEvent } from './event-input.ts'
import type { PostEach } from './post-each.ts'

/** What became of an event. `refused`: alone in its request, it was refused as a request. */
export type Fate =
  EventReceipt | EventRejection | { readonly outcome: 'refused'; readonly error: HttpError }

/**
 * Sends events in a request. Where it is refused as a whole for what stands in it (too large, nested too
 * deeply), its halves are sent one after the other, down to single events, so that the good ones are kept
 * whatever they were put together with.
 * @param settle Called once for each event that the server decided on, with its index.
 * @throws RequestError for what concerns all of them; of those that were not settled nothing is known.
 */
export async function sendEach(
  post: PostEach,
  events: readonly EncodedEvent[],
  settle: (index: number, fate: Fate) => void,
  first = 0,
): Promise<void> {
  let outcomes: Awaited<ReturnType<PostEach>>
  try {
    outcomes = await post(events)
  } catch (error) {
    if (!isOfContent(error)) throw error
    if (events.length === 1) return settle(first, { outcome: 'refused', error })
    const middle = Math.ceil(events.length / 2)
    await sendEach(post, events.slice(0, middle), settle, first)
    return await sendEach(post, events.slice(middle), settle, first + middle)
  }
  outcomes.forEach((fate, at) => settle(first + at, fate))
}

/** Whether a request was refused for what its events are, so that fewer of them might be taken. */
function isOfContent(error: unknown): error is HttpError {
  return (isHttpError(error) && error.status === 413) || isProblem(error, 'invalid_json')
}
