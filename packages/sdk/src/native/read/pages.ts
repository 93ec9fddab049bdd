import { checkCall } from '../../http/call.ts'
import type { Clock } from '../../http/clock.ts'
import type { NamesOf } from '../../http/known-names.ts'
import { callOptions, type CallOptions } from '../../http/options.ts'
import type { CloudEvent, EventPage } from '../../wire.ts'
import type { NativeApi, NativeRequest } from '../api.ts'
import { tellGap, type Gap } from '../errors/gap-error.ts'
import type { EventQuery } from '../query/query.ts'
import { parametersOf } from '../query/selection.ts'
import { PageGuard } from './page-guard.ts'

/** How events are read. */
export interface ReadOptions extends CallOptions {
  /**
   * Told where retention removed events that might have been selected, before they were read. Without it
   * that is thrown, as a `GapError`.
   */
  readonly onGap?: ((gap: Gap) => void) | undefined
}

/** What there is in `ReadOptions`. */
export const readOptions: NamesOf<ReadOptions> = { ...callOptions, onGap: true }

/** What reading needs. */
export interface ReadTools {
  readonly api: NativeApi
  readonly clock: Clock
}

/** Asks for one page. */
export function list(api: NativeApi, query: EventQuery, call?: CallOptions): Promise<EventPage> {
  return api.json<EventPage>(listRequest(query), ['events[]', 'cursor'], call, api.parse)
}

/** The request for a page. @throws TypeError or RangeError for what is no query. */
export function listRequest(query: EventQuery): NativeRequest {
  const { limit, direction, fields, consumer } = query
  const others = { limit, direction, fields: fieldsText(fields), consumer }
  return { path: '/events', parameters: parametersOf(query, others) }
}

/** The names of attributes. @throws TypeError for what is no array. */
export function fieldsText(fields: unknown): string | undefined {
  if (fields === undefined) return undefined
  if (Array.isArray(fields)) return fields.join(',')
  throw new TypeError('fields must be an array of names.')
}

/**
 * Page by page, as long as there is more.
 * @throws TypeError or RangeError, at once, for what is no query, and for options that cannot be.
 */
export function pages(
  tools: ReadTools,
  query: EventQuery,
  options: ReadOptions,
): AsyncGenerator<EventPage, void, undefined> {
  listRequest(query)
  checkCall(options, readOptions)
  return eachPage(tools, query, options)
}

/** Event by event, as long as there is more. As `pages`. */
export function read(
  tools: ReadTools,
  query: EventQuery,
  options: ReadOptions,
): AsyncGenerator<CloudEvent, void, undefined> {
  return eachEvent(pages(tools, query, options))
}

async function* eachEvent(
  each: AsyncIterable<EventPage>,
): AsyncGenerator<CloudEvent, void, undefined> {
  for await (const { events } of each) yield* events
}

async function* eachPage(
  { api, clock }: ReadTools,
  query: EventQuery,
  { onGap, ...call }: ReadOptions,
): AsyncGenerator<EventPage, void, undefined> {
  const guard = new PageGuard(clock, query.after)
  let asked = query
  for (;;) {
    const page = await list(api, asked, call)
    tellPageGap(page, asked, onGap)
    yield page
    if (!page.more) return
    await guard.goOn(page, api.sent(listRequest(asked)), call.signal)
    asked = { ...query, consumer: undefined, after: page.cursor }
  }
}

/** Tells of the gap before a page, if there is one, or throws it where nobody wants to be told. */
export function tellPageGap(
  { gap }: EventPage,
  { after = '' }: EventQuery,
  onGap: ReadOptions['onGap'],
): void {
  // Of a consumer's own cursor only the server knows where it stands.
  if (gap) tellGap({ cursor: after, through: gap.through }, onGap)
}
