import { isWorkspaceName } from './access.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import { EventwellError, invalidEvent, invalidQuery } from './errors.ts'
import {
  charsOf,
  eachFacet,
  type Identity,
  type NewEvent,
  type Receipt,
  type StoredEvent,
} from './event.ts'
import { defaultLimits, type Limits } from './limits.ts'
import { patienceOf, tooCostly } from './patience.ts'
import { placeOf, type Page, type Place, type Query } from './query.ts'
import { readScattered } from './scattered.ts'
import type { EventStore, LogState, OnChange } from './store.ts'
import { Tally, type Summary, type SummaryRow } from './summary.ts'

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
  readonly #store: EventStore
  #pendingChars = 0
  #pendingReads = 0
  #summaries = 0

  constructor(store: EventStore, limits: Limits = defaultLimits) {
    this.#store = store
    this.limits = limits
  }

  /**
   * Keeps all of the events, or none. Resolves when they are on disk at their places in the order.
   * @throws EventwellError `invalid_event`, `too_large`, `conflict` (naming each), `busy`, `storage_full`.
   */
  async append(
    workspace: string,
    events: readonly NewEvent[],
    onChange: OnChange,
  ): Promise<readonly Receipt[]> {
    const chars = this.#checkEvents(workspace, events)
    if (events.length === 0) return []
    const { receipts, conflicts } = await this.#writing(chars, () =>
      this.#store.append(workspace, events, onChange),
    )
    if (receipts !== undefined) return receipts
    throw conflict(events, conflicts)
  }

  /**
   * One page of a query, with the cursor to go on from.
   * @throws EventwellError `invalid_query`, `invalid_cursor`, `busy`.
   */
  async read(workspace: string, query: CursorQuery): Promise<CursorPage> {
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
      const page = await this.#readPage(workspace, placed)
      return { ...page, cursor: encodeCursor(tag, goOnFrom(page, placed)) }
    })
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
    return this.#reading(() => this.#readPage(workspace, { ...query, charsMax }, signal))
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
  ): Promise<SummaryRow[]> {
    checkWorkspace(workspace)
    const patience = patienceOf(this.limits.summaryMsMax, signal)
    return this.#summing(async () => {
      const tally = new Tally(summary)
      for (let after: number | undefined = 0; after !== undefined;) {
        const part = await this.#store.summarize(workspace, summary, after)
        tally.merge(part.rows)
        after = part.next
        if (after !== undefined) patience.check()
        if (tally.size > this.limits.summaryRowsMax)
          throw tooCostly('has too many groups and stretches')
      }
      return tally.rows()
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

  /** Resolves when an append would be taken at this moment; rejects with the reason when it would not. */
  async ready(): Promise<void> {
    await this.#store.ready()
  }

  /** Finishes what was begun and closes the store. */
  async close(): Promise<void> {
    await this.#store.close()
  }

  /** A page that has an event, unless there is none. @throws EventwellError `too_costly`, `busy`. */
  async #readPage(workspace: string, query: Query, signal?: AbortSignal): Promise<Page> {
    const patience = patienceOf(this.limits.summaryMsMax, signal)
    let placed = query
    let page = await this.#store.read(workspace, placed)
    while (page.events.length === 0 && page.next !== undefined) {
      patience.check()
      placed = { ...query, after: page.next }
      page = await this.#store.read(workspace, placed)
    }
    if (page.isScattered !== true) return page
    const readOne = (part: Query) => this.#store.read(workspace, part)
    return readScattered(readOne, placed, this.limits.pageEventsMax, patience)
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

  async #summing<T>(work: () => Promise<T>): Promise<T> {
    if (this.#summaries >= this.limits.summariesMax) {
      throw new EventwellError('busy', 'Too many questions about many events at once; ask again.')
    }
    this.#summaries += 1
    try {
      return await work()
    } finally {
      this.#summaries -= 1
    }
  }

  #checkLimit(limit: number): void {
    if (limit >= 1 && limit <= this.limits.pageEventsMax) return
    throw invalidQuery('limit', `limit must be 1 to ${this.limits.pageEventsMax}.`)
  }

  #checkEvents(workspace: string, events: readonly NewEvent[]): number {
    checkWorkspace(workspace)
    if (events.length > this.limits.appendEventsMax) {
      const most = this.limits.appendEventsMax
      throw new EventwellError('too_large', `Send at most ${most} events in one request.`)
    }
    let chars = 0
    for (let index = 0; index < events.length; index++) {
      chars += this.#checkEvent(events[index]!, index)
    }
    return chars
  }

  #checkEvent(event: NewEvent, index: number): number {
    const { idCharsMax, timeCharsMax, nameCharsMax, eventCharsMax, facetsMax } = this.limits
    if (event.id === '') throw invalidEvent(index, 'id', 'id must not be empty.')
    if (event.id.length > idCharsMax) {
      throw invalidEvent(index, 'id', `id must have at most ${idCharsMax} characters.`)
    }
    checkText(event.id, 'id', index)
    if ((event.time?.length ?? 0) > timeCharsMax) {
      throw invalidEvent(index, 'time', `time must have at most ${timeCharsMax} characters.`)
    }
    let facets = 0
    eachFacet(event, (name, value) => {
      facets += 1
      checkText(value, name, index)
      if (value.length <= nameCharsMax) return
      throw invalidEvent(index, name, `${name} must have at most ${nameCharsMax} characters.`)
    })
    if (facets > facetsMax) {
      throw invalidEvent(index, 'facets', `An event may have at most ${facetsMax} facets.`)
    }
    const chars = charsOf(event) + event.id.length
    if (chars <= eventCharsMax) return chars
    const place = { index, field: 'data' }
    throw new EventwellError('too_large', `An event may have ${eventCharsMax} characters.`, place)
  }
}

function checkWorkspace(workspace: string): void {
  if (!isWorkspaceName(workspace)) {
    throw new EventwellError('not_found', 'There is no workspace of that name.')
  }
}

/** Text by which events are found must be Unicode: half a surrogate pair cannot be sent, or put in a URL. */
function checkText(text: string, field: string, index: number): void {
  if (text.isWellFormed()) return
  throw invalidEvent(
    index,
    field,
    `${field} holds half of a surrogate pair, which is no character.`,
  )
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
  const start = query.order === 'time' ? { position: 0, instant: beforeAllTime } : { position: 0 }
  return query.after ?? start
}
