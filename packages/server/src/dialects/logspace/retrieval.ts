import { EventwellError } from '../../core/errors.ts'
import { charsOf, msOf, withoutReplaced, type StoredEvent } from '../../core/event.ts'
import type { EventLog } from '../../core/log.ts'
import { pageLength } from '../../core/page.ts'
import { placeOf, type Place, type Query, type Selection } from '../../core/query.ts'
import { formatMs, instantOfMs, type Instant } from '../../core/time.ts'
import { encodeEvent } from './encode.ts'
import { readMark, writeMark, type Mark } from './mark.ts'

const beginning = '*'

/** What is retrieved: which events, how many at most, and from which mark on. */
export interface Retrieval {
  /** Undefined when the filter can select nothing. */
  readonly selection: Selection | undefined
  readonly count: number
  readonly cursor: string
  /** Aborts when nobody waits any more. */
  readonly signal: AbortSignal
}

/**
 * A page of events, as `{"totalCount", "nextCursorMark", "events"}` in that order, which HQ's reader wants.
 * The list has ended when the mark is the one that was sent; a page may be short before that.
 * @throws HqRefusal for a mark that was not given out by this log.
 */
export async function retrieve(
  log: EventLog,
  workspace: string,
  { selection, count, cursor, signal }: Retrieval,
): Promise<string> {
  const { tag } = await log.state(workspace)
  const mark = cursor === beginning ? undefined : readMark(tag, cursor)
  if (selection === undefined) return pageText(0, cursor, [])
  const total = mark?.total ?? (await countOf(log, workspace, selection, signal))
  const events = await eventsAfter(log, workspace, selection, { mark, count, signal })
  const last = events.at(-1)
  const next = last === undefined ? cursor : writeMark(tag, { ms: msOf(last), id: last.id, total })
  return pageText(total, next, events)
}

/**
 * The events of a selection, oldest first, as the text of a JSON array, piece by piece; in bounded memory
 * however many there are.
 */
export async function* streamEvents(
  log: EventLog,
  workspace: string,
  selection: Selection | undefined,
  { offset, count }: { readonly offset: number; readonly count: number },
  signal: AbortSignal,
): AsyncGenerator<string> {
  let [toSkip, toSend, separator] = [offset, count, '[']
  for await (const event of selection === undefined
    ? []
    : eventsOf(log, workspace, selection, signal)) {
    if (toSend === 0) break
    if (toSkip > 0) toSkip -= 1
    else {
      yield separator + encodeEvent(event)
      separator = ', '
      toSend -= 1
    }
  }
  yield separator === '[' ? '[]' : ']'
}

/** All events of a selection, oldest first, read page by page. */
export async function* eventsOf(
  log: EventLog,
  workspace: string,
  selection: Selection,
  signal: AbortSignal,
): AsyncGenerator<StoredEvent> {
  let after: Place | undefined
  for (;;) {
    const query: Omit<Query, 'charsMax'> = {
      ...selection,
      order: 'time',
      direction: 'forward',
      after,
      limit: log.limits.pageEventsMax,
    }
    const { events, more } = await log.readAfter(workspace, query, signal)
    yield* events
    const last = events.at(-1)
    if (!more || last === undefined) return
    after = placeOf(last, query)
  }
}

/** The number of events that a selection holds. */
async function countOf(
  log: EventLog,
  workspace: string,
  selection: Selection,
  signal: AbortSignal,
): Promise<number> {
  const [row] = await log.summarize(workspace, selection, signal)
  return row?.events ?? 0
}

/**
 * The next events in order of time and id. The log's order within a millisecond is another, so the events of
 * those at which a page begins and ends are read whole.
 */
async function eventsAfter(
  log: EventLog,
  workspace: string,
  selection: Selection,
  {
    mark,
    count,
    signal,
  }: { readonly mark: Mark | undefined; readonly count: number; readonly signal: AbortSignal },
): Promise<StoredEvent[]> {
  const { pageEventsMax, pageCharsMax } = log.limits
  const cut = (events: StoredEvent[]) =>
    events.slice(0, lengthOf(events, { limit: count, charsMax: pageCharsMax }))
  const found = mark === undefined ? [] : await inMillisecond(mark.ms, mark.id)
  let from = mark === undefined ? selection.from : later(selection.from, instantOfMs(mark.ms + 1))
  for (;;) {
    if (count === 0 || cut(found).length < found.length || found.length === count) return cut(found)
    const query = { ...selection, from, order: 'time', direction: 'forward' } as const
    const limit = Math.min(count - found.length + 1, pageEventsMax)
    const page = await log.readAfter(workspace, { ...query, limit }, signal)
    const last = page.events.at(-1)
    if (last === undefined) return found
    const lastMs = msOf(last)
    const isWhole = (event: StoredEvent) => !page.more || msOf(event) < lastMs
    found.push(...page.events.filter(isWhole).toSorted(byTimeAndId))
    if (page.more) found.push(...(await inMillisecond(lastMs, '')))
    else return cut(found)
    from = later(selection.from, instantOfMs(lastMs + 1))
  }

  /** The first events of a millisecond, by id, after an id. */
  async function inMillisecond(ms: number, afterId: string): Promise<StoredEvent[]> {
    const from = later(selection.from, instantOfMs(ms))
    const until = earlier(selection.until, instantOfMs(ms + 1))
    const deadlineMs = performance.now() + log.limits.summaryMsMax
    const query = { ...selection, from, until, order: 'position', direction: 'forward' } as const
    let first: StoredEvent[] = []
    for (let position = 0; ;) {
      const place = { after: { position }, limit: pageEventsMax }
      const { events, more } = await log.readAfter(workspace, { ...query, ...place }, signal)
      first.push(...events.filter(({ id }) => id > afterId))
      first = cut(withoutReplaced(first).toSorted(byTimeAndId))
      const last = events.at(-1)
      if (!more || last === undefined) return first
      if (performance.now() > deadlineMs) throw tooCrowded(ms)
      position = last.position
    }
  }
}

/** A page of a moment at which very many events happened needs all of them to be sorted. */
function tooCrowded(ms: number): EventwellError {
  const message = `Too many events happened at ${formatMs(ms)} to be put in order; stream them.`
  return new EventwellError('too_costly', message)
}

function later(one: Instant | undefined, other: Instant | undefined): Instant | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return one > other ? one : other
}

function earlier(one: Instant | undefined, other: Instant): Instant {
  return one !== undefined && one < other ? one : other
}

function lengthOf(
  events: readonly StoredEvent[],
  bounds: Pick<Query, 'limit' | 'charsMax'>,
): number {
  return pageLength(events.map(charsOf), bounds)
}

function byTimeAndId(one: StoredEvent, other: StoredEvent): number {
  const [left, right] = [msOf(one), msOf(other)]
  if (left !== right) return left - right
  return one.id < other.id ? -1 : Number(one.id > other.id)
}

function pageText(total: number, mark: string, events: readonly StoredEvent[]): string {
  const list = events.map(encodeEvent).join(',')
  return `{"totalCount":${total},"nextCursorMark":${JSON.stringify(mark)},"events":[${list}]}`
}
