import { randomBytes } from 'node:crypto'
import { EventwellError } from '../../core/errors.ts'
import {
  sayTheSame,
  type Identity,
  type NewEvent,
  type Receipt,
  type StoredEvent,
} from '../../core/event.ts'
import { cutPage } from '../../core/page.ts'
import { comparePlaces, matches, placeOf, type Page, type Query } from '../../core/query.ts'
import {
  receiptsText,
  type Appended,
  type EventStore,
  type LogState,
  type Mark,
  type OnChange,
  type Removal,
  type RemovalPart,
} from '../../core/store.ts'
import { Tally, type Summary, type SummaryPart } from '../../core/summary.ts'

interface WorkspaceLog {
  readonly tag: string
  /** The event at position n stands at n - 1; a withdrawn one leaves a hole. */
  readonly events: (StoredEvent | undefined)[]
  /** When each position was given out. */
  readonly receivedAtMs: number[]
  readonly notes: Map<string, Note>
  erasures: number
  /** When the last event was received: the order of positions and of these times must agree. */
  lastMs: number
}

interface Note {
  readonly text: string
  readonly expiresAtMs: number
}

/**
 * The model: the contract in its plainest form, which the property tests compare every other store
 * with. It keeps nothing when the process ends, and looks at every event for every query.
 */
export function openMemoryStore(now: () => number = Date.now): EventStore {
  const logs = new Map<string, WorkspaceLog>()
  let isClosed = false

  function logOf(workspace: string): WorkspaceLog {
    if (isClosed) throw new EventwellError('busy', 'The store is closed.')
    let log = logs.get(workspace)
    if (log === undefined) {
      log = {
        tag: randomBytes(5).toString('hex'),
        events: [],
        receivedAtMs: [],
        notes: new Map(),
        erasures: 0,
        lastMs: 0,
      }
      logs.set(workspace, log)
    }
    return log
  }

  return {
    supports: { durability: false },
    async append(workspace, events, onChange, mark) {
      const log = logOf(workspace)
      const appended = append(log, events, onChange, now())
      if (mark !== undefined && appended.receipts !== undefined) keep(log, mark, appended.receipts)
      return appended
    },
    async read(workspace, query) {
      return read(logOf(workspace), query)
    },
    async find(workspace, identity) {
      return find(logOf(workspace), identity)
    },
    async at(workspace, position) {
      return logOf(workspace).events[position - 1]
    },
    async summarize(workspace, summary, after) {
      return summarize(logOf(workspace), summary, after)
    },
    async remove(workspace, removal, reason, after) {
      const log = logOf(workspace)
      if (reason === 'erased' && after === 0) log.erasures += 1
      return remove(log, removal, after)
    },
    async firstSince(workspace, receivedMs) {
      const { receivedAtMs } = logOf(workspace)
      const index = receivedAtMs.findIndex((ms) => ms >= receivedMs)
      return (index < 0 ? receivedAtMs.length : index) + 1
    },
    async putNote(workspace, name, text) {
      const { notes } = logOf(workspace)
      if (text === undefined) notes.delete(name)
      else notes.set(name, { text, expiresAtMs: Infinity })
    },
    async note(workspace, name) {
      const note = logOf(workspace).notes.get(name)
      return note !== undefined && note.expiresAtMs > now() ? note.text : undefined
    },
    async notes(workspace, prefix) {
      const found = [...logOf(workspace).notes]
        .filter(([name, { expiresAtMs }]) => name.startsWith(prefix) && expiresAtMs > now())
        .map(([name, { text }]) => [name, text] as const)
      return new Map(found.toSorted(([one], [other]) => (one < other ? -1 : 1)))
    },
    async state(workspace): Promise<LogState> {
      const { tag, events, erasures } = logOf(workspace)
      return { tag, head: events.length, erasures }
    },
    async workspaces() {
      return [...logs.keys()]
    },
    async ready() {
      if (isClosed) throw new EventwellError('busy', 'The store is closed.')
    },
    async close() {
      isClosed = true
    },
  }
}

function append(
  log: WorkspaceLog,
  events: readonly NewEvent[],
  onChange: OnChange,
  nowMs: number,
): Appended {
  const before = [...log.events]
  log.lastMs = Math.max(log.lastMs, nowMs)
  const conflicts: number[] = []
  const receipts = events.map((event, index): Receipt => {
    const known = find(log, event)
    if (known === undefined) return put(log, event, 'created')
    if (sayTheSame(known, event)) return { outcome: 'exists', position: known.position }
    if (onChange !== 'replace') {
      if (onChange === 'refuse') conflicts.push(index)
      return { outcome: 'conflict', position: known.position }
    }
    log.events[known.position - 1] = undefined
    return put(log, event, 'replaced')
  })
  if (conflicts.length === 0) return { receipts }
  log.events.splice(0, log.events.length, ...before)
  log.receivedAtMs.length = before.length
  return { conflicts }
}

function put(log: WorkspaceLog, event: NewEvent, outcome: 'created' | 'replaced'): Receipt {
  const position = log.events.length + 1
  log.receivedAtMs.push(log.lastMs)
  log.events.push({ ...event, position, receivedAtMs: log.lastMs })
  return { outcome, position }
}

function keep(
  { notes }: WorkspaceLog,
  { name, text, expiresAtMs }: Mark,
  receipts: readonly Receipt[],
): void {
  notes.set(name, { text: `${text}\n${receiptsText(receipts)}`, expiresAtMs })
}

function remove(log: WorkspaceLog, removal: Removal, after: number): RemovalPart {
  const { identity, through, ...selection } = removal
  let [events, last] = [0, 0]
  for (const event of log.events.slice(after, through)) {
    if (event === undefined || !matches(event, selection)) continue
    if (identity !== undefined && (event.id !== identity.id || event.source !== identity.source)) {
      continue
    }
    log.events[event.position - 1] = undefined
    events += 1
    last = event.position
  }
  return { events, last }
}

function read(log: WorkspaceLog, query: Query): Page {
  const found = log.events
    .filter((event) => event !== undefined)
    .filter((event) => matches(event, query) && isBeyond(event, query))
    .toSorted((one, other) => comparePlaces(placeOf(one, query), placeOf(other, query), query))
  return cutPage(found, query, log.events.length)
}

function summarize(log: WorkspaceLog, summary: Summary, after: number): SummaryPart {
  const tally = new Tally(summary)
  for (const event of log.events.slice(after)) {
    if (event !== undefined && matches(event, summary)) tally.add(event)
  }
  return { rows: tally.rows(), head: log.events.length }
}

function isBeyond(event: StoredEvent, query: Query): boolean {
  return query.after === undefined || comparePlaces(placeOf(event, query), query.after, query) > 0
}

function find(log: WorkspaceLog, { source, id }: Identity): StoredEvent | undefined {
  return log.events.findLast((event) => event?.id === id && event.source === source)
}
