import { isWorkspaceName } from './access.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import { checkEvents } from './check-events.ts'
import { Erasures } from './removal/erasure.ts'
import { EventwellError, invalidQuery } from './errors.ts'
import { Expiry } from './removal/expiry.ts'
import type { Identity, NewEvent, Receipt, StoredEvent } from './event.ts'
import { Lanes } from './lanes.ts'
import { defaultLimits, type Limits } from './limits.ts'
import { patienceOf, tooCostly } from './patience.ts'
import { placeOf, type Page, type Place, type Query, type Selection } from './query.ts'
import { readScattered } from './scattered.ts'
import { Slots } from './slots.ts'
import type { EventStore, LogState, Mark, OnChange } from './store.ts'
import { Tally, type Summary, type SummaryPart, type SummaryRow } from './summary.ts'
import { Turns } from './turns.ts'

/** A page with the cursor to go on from; there is one even when nothing more is to come yet. */
export interface CursorPage extends Page {
  readonly cursor: string
}

/** A query whose place is a cursor. */
export type CursorQuery = Omit<Query, 'after' | 'charsMax'> & {
  readonly cursor?: string | undefined
}

/** The event log: bounds and cursors around a store. Every dialect writes and reads through it. */
export class EventLog {
  readonly limits: Limits
  /** Removes what is over by the rules of retention. */
  readonly expiry: Expiry
  /** Erases events for good, and remembers that it did. */
  readonly erasures: Erasures
  readonly #store: EventStore
  #pendingChars = 0
  #pendingReads = 0
  readonly #summaries: Slots
  readonly #parts = new Lanes(1)
  readonly #listeners = new Map<string, Set<() => void>>()

  constructor(store: EventStore, limits: Limits = defaultLimits) {
    this.#store = store
    this.limits = limits
    const { summariesMax, workspaceSummariesMax } = limits
    const refusal = 'Too many questions about many events at once; ask again.'
    this.#summaries = new Slots(summariesMax, workspaceSummariesMax, refusal)
    const turns = new Turns()
    this.expiry = new Expiry(store, turns)
    this.erasures = new Erasures(store, turns)
  }

  /**
   * Keeps all of the events, or none (all but those that conflict, where those are skipped), and the
   * mark with them. Resolves when they are on disk at their places in the order.
   * @throws EventwellError `invalid_event`, `too_large`, `conflict` (naming each), `busy`, `storage_full`.
   */
  async append(
    workspace: string,
    events: readonly NewEvent[],
    onChange: OnChange,
    mark?: Mark,
  ): Promise<readonly Receipt[]> {
    checkWorkspace(workspace)
    const chars = checkEvents(events, this.limits)
    if (events.length === 0 && mark === undefined) return []
    const { receipts, conflicts } = await this.#writing(chars, () =>
      this.#store.append(workspace, events, onChange, mark),
    )
    if (receipts === undefined) throw conflict(events, conflicts)
    this.#tellOf(workspace, receipts)
    return receipts
  }

  /**
   * Calls `listener` after each append that put an event into a workspace's log, until it is told to stop.
   */
  onAppend(workspace: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(workspace) ?? new Set()
    this.#listeners.set(workspace, listeners.add(listener))
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) this.#listeners.delete(workspace)
    }
  }

  /**
   * One page of a query, with the cursor to go on from. When looking takes longer than its budget, the page
   * is cut: it may be empty, and its cursor goes on behind what was looked at.
   * @throws EventwellError `invalid_query`, `invalid_cursor`, `busy`.
   */
  async read(workspace: string, query: CursorQuery, signal?: AbortSignal): Promise<CursorPage> {
    checkWorkspace(workspace)
    this.#checkLimit(query.limit)
    const { cursor, ...rest } = query
    return this.#reading(async () => {
      const { tag, head } = await this.#store.state(workspace)
      const after = cursor === undefined ? undefined : decodeCursor(tag, head, cursor)
      if (after !== undefined && (after.instant !== undefined) !== (query.order === 'time')) {
        throw new EventwellError('invalid_cursor', 'This cursor belongs to another kind of list.')
      }
      const placed: Query = { ...rest, after, charsMax: this.limits.pageCharsMax }
      const page = await this.#readPage(workspace, placed, 'cut', signal)
      return { ...page, cursor: encodeCursor(tag, goOnFrom(page, placed)) }
    })
  }

  /** The cursor that stands behind a position of the workspace's order. */
  async cursorAt(workspace: string, position: number): Promise<string> {
    const { tag } = await this.state(workspace)
    return encodeCursor(tag, { position })
  }

  /**
   * The position that a cursor of the workspace's order stands behind.
   * @throws EventwellError `invalid_cursor`.
   */
  async positionOf(workspace: string, cursor: string): Promise<number> {
    const { tag, head } = await this.state(workspace)
    const { position, instant } = decodeCursor(tag, head, cursor)
    if (instant === undefined) return position
    throw new EventwellError('invalid_cursor', 'This cursor belongs to another kind of list.')
  }

  /**
   * The highest position beyond this one at which retention removed an event that the selection might have
   * chosen, going by its types; undefined when there is none. A reader who asks once it has read up to a
   * position is told of everything that was gone before it read.
   */
  async overtaken(
    workspace: string,
    selection: Selection,
    position: number,
  ): Promise<number | undefined> {
    checkWorkspace(workspace)
    return this.expiry.overtaken(workspace, selection, position)
  }

  /** One page of a query whose place the caller knows itself, as WorkOS's clients name an event. */
  async readAfter(
    workspace: string,
    query: Omit<Query, 'charsMax'>,
    signal?: AbortSignal,
  ): Promise<Page> {
    checkWorkspace(workspace)
    this.#checkLimit(query.limit)
    const charsMax = this.limits.pageCharsMax
    return this.#reading(() => this.#readPage(workspace, { ...query, charsMax }, 'refuse', signal))
  }

  /** The event of an identity. */
  async find(workspace: string, identity: Identity): Promise<StoredEvent | undefined> {
    checkWorkspace(workspace)
    return this.#reading(() => this.#store.find(workspace, identity))
  }

  /** The event at a position, if one stands there. */
  async at(workspace: string, position: number): Promise<StoredEvent | undefined> {
    checkWorkspace(workspace)
    return this.#reading(() => this.#store.at(workspace, position))
  }

  /**
   * What a summary finds, in rows that hold at least one event. A caller who goes away aborts it.
   * @throws EventwellError `too_costly` when it takes longer than its budget or has too many rows, `busy`.
   */
  async summarize(
    workspace: string,
    summary: Summary,
    signal?: AbortSignal,
  ): Promise<readonly SummaryRow[]> {
    const { rows, next } = await this.summarizeSome(workspace, summary, 0, signal)
    if (next !== undefined) throw tooCostly('would take too long')
    return rows
  }

  /**
   * What a summary finds in the events after a position. When that takes longer than its budget it is cut:
   * `next` is the position to go on after.
   * @throws EventwellError `too_costly` when it has too many rows, `busy`.
   */
  async summarizeSome(
    workspace: string,
    summary: Summary,
    after: number,
    signal?: AbortSignal,
  ): Promise<SummaryPart> {
    checkWorkspace(workspace)
    const patience = patienceOf(this.limits.summaryMsMax, signal)
    return this.#summaries.hold(workspace, async () => {
      const tally = new Tally(summary)
      for (let next: number | undefined = after; ;) {
        const from: number = next
        // One part after the other, whoever asked: their rows are put together on this thread.
        const part: SummaryPart = await this.#parts.pass(async () => {
          const found = await this.#store.summarize(workspace, summary, from)
          tally.merge(found.rows)
          return found
        })
        next = part.next
        if (tally.size > this.limits.summaryRowsMax)
          throw tooCostly('has too many groups and stretches')
        if (next === undefined || patience.isOver()) return { ...part, rows: tally.rows() }
      }
    })
  }

  /** A note beside the events; undefined when there is none of that name. */
  async note(workspace: string, name: string): Promise<string | undefined> {
    checkWorkspace(workspace)
    return this.#reading(() => this.#store.note(workspace, name))
  }

  /** The notes whose names begin with this, by name. */
  async notes(workspace: string, prefix: string): Promise<ReadonlyMap<string, string>> {
    checkWorkspace(workspace)
    return this.#reading(() => this.#store.notes(workspace, prefix))
  }

  /**
   * Keeps a note, or forgets it when there is no text; resolves when that is durable.
   * @throws EventwellError `too_large`, `busy`, `storage_full`.
   */
  async putNote(workspace: string, name: string, text: string | undefined): Promise<void> {
    checkWorkspace(workspace)
    const chars = text?.length ?? 0
    if (chars > this.limits.noteCharsMax) {
      throw new EventwellError(
        'too_large',
        `A note may have ${this.limits.noteCharsMax} characters.`,
      )
    }
    await this.#writing(chars, () => this.#store.putNote(workspace, name, text))
  }

  /** The workspace's log as a whole. */
  async state(workspace: string): Promise<LogState> {
    checkWorkspace(workspace)
    return this.#reading(() => this.#store.state(workspace))
  }

  /** The names of all workspaces that were ever used. */
  async workspaces(): Promise<string[]> {
    return (await this.#store.workspaces()).filter(isWorkspaceName)
  }

  /** Resolves when an append would be taken at this moment; rejects with the reason when it would not. */
  async ready(): Promise<void> {
    await this.#store.ready()
  }

  /** Finishes what was begun and closes the store. */
  async close(): Promise<void> {
    await this.#store.close()
  }

  /**
   * A page that has an event, unless there is none, or looking for it took too long and a page by position
   * may be cut. @throws EventwellError `too_costly`, `busy`.
   */
  async #readPage(
    workspace: string,
    query: Query,
    whenOver: 'cut' | 'refuse',
    signal?: AbortSignal,
  ): Promise<Page> {
    const patience = patienceOf(this.limits.summaryMsMax, signal)
    let placed = query
    let page = await this.#store.read(workspace, placed)
    while (page.events.length === 0 && page.next !== undefined) {
      if (whenOver === 'cut' && query.order === 'position' && patience.isOver()) return page
      patience.check()
      placed = { ...query, after: page.next }
      page = await this.#store.read(workspace, placed)
    }
    if (page.isScattered !== true) return page
    const readOne = (part: Query) => this.#store.read(workspace, part)
    return readScattered(readOne, placed, this.limits.pageEventsMax, patience)
  }

  #tellOf(workspace: string, receipts: readonly Receipt[]): void {
    const isNew = receipts.some(({ outcome }) => outcome === 'created' || outcome === 'replaced')
    if (!isNew) return
    for (const listener of this.#listeners.get(workspace) ?? []) listener()
  }

  async #writing<T>(chars: number, work: () => Promise<T>): Promise<T> {
    if (this.#pendingChars > 0 && this.#pendingChars + chars > this.limits.pendingCharsMax) {
      throw new EventwellError('busy', 'The server is writing as fast as it can; send this again.')
    }
    this.#pendingChars += chars
    try {
      return await work()
    } finally {
      this.#pendingChars -= chars
    }
  }

  async #reading<T>(work: () => Promise<T>): Promise<T> {
    if (this.#pendingReads >= this.limits.pendingReadsMax) {
      throw new EventwellError('busy', 'Too many reads are waiting; send this again.')
    }
    this.#pendingReads += 1
    try {
      return await work()
    } finally {
      this.#pendingReads -= 1
    }
  }

  #checkLimit(limit: number): void {
    if (limit >= 1 && limit <= this.limits.pageEventsMax) return
    throw invalidQuery('limit', `limit must be 1 to ${this.limits.pageEventsMax}.`)
  }
}

function checkWorkspace(workspace: string): void {
  if (!isWorkspaceName(workspace)) {
    throw new EventwellError('not_found', 'There is no workspace of that name.')
  }
}

function conflict(events: readonly NewEvent[], conflicts: readonly number[]): EventwellError {
  const { id } = events[conflicts[0]!]!
  const others =
    conflicts.length > 1 ? `, and so are ${conflicts.length - 1} more of this request` : ''
  return new EventwellError(
    'conflict',
    `An event with the id "${id}" is here already with other content${others}. ` +
      'Give new content a new id; nothing of this request was stored.',
    conflicts.map((index) => ({ index, field: 'id' })),
  )
}

// Cursors of an empty list ordered by time stand before every time there is.
const beforeAllTime = -(10n ** 21n)

/** Past the last event; at the end of a forward list past everything the store looked at. */
function goOnFrom(page: Page, query: Query): Place {
  const sawAll = !page.more && query.order === 'position' && query.direction === 'forward'
  if (sawAll) return { position: page.head }
  const last = page.events.at(-1)
  if (last !== undefined) return placeOf(last, query)
  if (page.next !== undefined) return page.next
  const start = query.order === 'time' ? { position: 0, instant: beforeAllTime } : { position: 0 }
  return query.after ?? start
}
