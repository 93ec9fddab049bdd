import type { Clock } from '../../http/clock.ts'
import { CursorTrail } from '../../http/cursor-trail.ts'
import { AnswerError } from '../../http/errors/answer-error.ts'
import type { SentRequest } from '../../http/errors/request-error.ts'
import { waitMs } from '../../http/retry.ts'
import type { EventPage } from '../../wire.ts'

const repeatsMax = 5
const backoff = { firstMs: 1000, factor: 2, maxMs: 30_000, jitter: 0.5, retryAfterMsMax: 0 }

/**
 * Keeps a reader from going in a circle. A page that found nothing in its time may stand where it began: a
 * few such are asked for again, each after a longer pause.
 */
export class PageGuard {
  readonly #clock: Clock
  readonly #trail = new CursorTrail()
  #repeats = 0

  /** @param after Where it begins. */
  constructor(clock: Clock, after?: string) {
    this.#clock = clock
    if (after !== undefined) this.#trail.add(after)
  }

  /**
   * Ends when the page after this one may be asked for.
   * @throws AnswerError when a server would have the same pages asked for without end.
   */
  async goOn(
    { events, cursor }: EventPage,
    sent: SentRequest,
    signal?: AbortSignal,
  ): Promise<void> {
    if (typeof cursor !== 'string' || cursor === '') throw wrong(sent, 'no cursor, and more')
    if (!this.#trail.has(cursor)) {
      this.#trail.add(cursor)
      this.#repeats = 0
      return
    }
    this.#repeats += 1
    if (events.length > 0 || this.#repeats > repeatsMax) {
      throw wrong(sent, 'a cursor that was there before, and more')
    }
    const delayMs = waitMs(backoff, undefined, this.#repeats, this.#clock.random())
    await this.#clock.sleep(delayMs, signal)
  }
}

function wrong(sent: SentRequest, what: string): AnswerError {
  return new AnswerError(`${sent.method} ${sent.url} was answered with ${what}`, sent)
}
