import { AnswerError } from '../../http/errors/answer-error.ts'
import type { CallOptions } from '../../http/options.ts'
import type { CloudEvent, EventPage } from '../../wire.ts'
import type { NativeApi, NativeRequest } from '../api.ts'
import { tellGap, type Gap } from '../errors/gap-error.ts'
import type { EventQuery } from '../query/query.ts'
import { parametersOf } from '../query/selection.ts'

/** How events are read. */
export interface ReadOptions extends CallOptions {
  /**
   * Told where retention removed events that might have been selected, before they were read. Without it
   * that is thrown, as a `GapError`.
   */
  readonly onGap?: ((gap: Gap) => void) | undefined
}

/** Asks for one page. */
export function list(api: NativeApi, query: EventQuery, call?: CallOptions): Promise<EventPage> {
  return api.json<EventPage>(listRequest(query), ['events'], call, api.parse)
}

function listRequest(query: EventQuery): NativeRequest {
  const { limit, direction, fields, consumer } = query
  return {
    path: '/events',
    parameters: parametersOf(query, { limit, direction, fields: fields?.join(','), consumer }),
  }
}

/**
 * Page by page, as long as there is more.
 * @throws AnswerError when a server would have the same page asked for without end.
 */
export async function* pages(
  api: NativeApi,
  query: EventQuery,
  call?: CallOptions,
): AsyncGenerator<EventPage, void, undefined> {
  let asked = query
  for (;;) {
    const page = await list(api, asked, call)
    yield page
    if (!page.more) return
    // One that found nothing in its time may stand where it began; the server has worked on it for long.
    if (page.cursor === asked.after && page.complete !== false) {
      const { url } = api.sent(listRequest(asked))
      throw new AnswerError(`GET ${url} was answered with the cursor it was asked with, and more`, {
        method: 'GET',
        url,
      })
    }
    asked = { ...query, consumer: undefined, after: page.cursor }
  }
}

/** Event by event, as long as there is more. */
export async function* read(
  api: NativeApi,
  query: EventQuery,
  { onGap, ...call }: ReadOptions = {},
): AsyncGenerator<CloudEvent, void, undefined> {
  let { after = '' } = query
  for await (const page of pages(api, query, call)) {
    // Of a consumer's own cursor only the server knows where it stands.
    if (page.gap !== undefined) tellGap({ cursor: after, through: page.gap.through }, onGap)
    yield* page.events
    after = page.cursor
  }
}
