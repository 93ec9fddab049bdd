import { isHttpError } from '../../http/errors/guards.ts'
import type { HttpError } from '../../http/errors/http-error.ts'
import { isLogspaceError } from '../errors.ts'
import type { LogspaceEvent } from '../event.ts'

/** Stores events, all or none of them. */
export type Store = (events: readonly LogspaceEvent[]) => Promise<void>

/** What became of events, from the first on. */
export interface Parted {
  /** For each that is decided: `stored`, or why the server cannot store it. */
  readonly fates: readonly ('stored' | HttpError)[]
  /** Why the others are not. */
  readonly error?: unknown
}

const requestsMax = 64

/**
 * Whether a refusal may be for what the events are. HQ itself says so with no more than 500 (contract
 * 1.4).
 */
export function isOfContent(error: unknown): error is HttpError {
  return isHttpError(error) && [400, 413, 422, 500].includes(error.status)
}

/**
 * Whether it is for that, beyond a doubt: too large is too large, whoever says so; else the answer must
 * have a type, as HQ's have (contract: the Event API's page), since a proxy has pages of its own. A
 * failure of HQ's storage has the same status as an event that it cannot read.
 */
export function isCertain(error: HttpError): boolean {
  return error.status === 413 || (error.status !== 500 && isLogspaceError(error))
}

/**
 * Finds the events for which a batch was refused: its halves are sent one after the other, down to single
 * events. A refusal in doubt counts as an event's own fault only where others of the batch were stored, it
 * is answered so again after that, and one of the others is stored once more: else it may be the
 * server's, and nothing is decided. At most 64 requests to find them, then the rest is left for the next
 * time.
 * @param refusal How all of them together were answered.
 */
export async function storeApart(
  events: readonly LogspaceEvent[],
  refusal: unknown,
  store: Store,
): Promise<Parted> {
  if (!isOfContent(refusal)) return { fates: [], error: refusal }
  const fates: ('stored' | HttpError)[] = []
  let requestsLeft = requestsMax
  let failure: { error: unknown } | undefined

  async function part(start: number, end: number, refused: HttpError): Promise<void> {
    if (end - start === 1) {
      fates.push(refused)
      return
    }
    const middle = Math.ceil((start + end) / 2)
    await send(start, middle)
    if (failure === undefined) await send(middle, end)
  }

  async function send(start: number, end: number): Promise<void> {
    requestsLeft -= 1
    try {
      if (requestsLeft < 0) throw refusal
      await store(events.slice(start, end))
      for (let index = start; index < end; index += 1) fates.push('stored')
    } catch (error) {
      if (requestsLeft < 0 || !isOfContent(error)) failure = { error }
      else await part(start, end, error)
    }
  }

  await part(0, events.length, refusal)
  const witness = events[fates.indexOf('stored')]
  for (const [index, fate] of fates.entries()) {
    if (fate === 'stored' || isCertain(fate)) continue
    const verdict =
      witness === undefined ? undefined : await tryAgain(events[index]!, witness, store)
    if (verdict === undefined) return { fates: fates.slice(0, index), error: fate }
    fates[index] = verdict
  }
  return { fates, ...failure }
}

/**
 * Gives an event that was refused in doubt another chance; `undefined` when it cannot be told whose fault it
 * is.
 * @param witness One that was stored, and can be stored again without harm.
 */
async function tryAgain(
  event: LogspaceEvent,
  witness: LogspaceEvent,
  store: Store,
): Promise<'stored' | HttpError | undefined> {
  try {
    await store([event])
    return 'stored'
  } catch (error) {
    if (!isOfContent(error)) return undefined
    // Only a server that still stores is a judge.
    return store([witness]).then(
      () => error,
      () => undefined,
    )
  }
}
