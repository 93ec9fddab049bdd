import { EventwellError } from '../core/errors.ts'
import { charsOf } from '../core/event.ts'
import type { ServerMetrics } from '../core/metrics/server-metrics.ts'
import type { Appended, EventStore } from '../core/store.ts'

/** The native API's name among the doors: its events bring sources of their own. */
const native = 'eventwell'

/**
 * A store that does as the given one does, and counts what it is asked and how long it takes. Events are
 * counted by the door that they came in by: a vendor's have its name as their source, and nobody else's
 * have.
 */
export function measured(
  store: EventStore,
  metrics: ServerMetrics,
  vendors: readonly string[],
): EventStore {
  const { readSeconds, pendingReads, pendingChars, appendSeconds, storeFailures } = metrics

  async function counted<T>(operation: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      const code = error instanceof EventwellError ? error.code : 'internal'
      storeFailures.add(1, operation, code)
      throw error
    }
  }

  async function timed<T>(kind: string, work: () => Promise<T>): Promise<T> {
    const start = performance.now()
    pendingReads.add(1)
    try {
      return await counted(kind, work)
    } finally {
      pendingReads.add(-1)
      readSeconds.observe((performance.now() - start) / 1000, kind)
    }
  }

  return {
    supports: store.supports,
    async append(workspace, events, onChange, mark) {
      const start = performance.now()
      const chars = events.reduce((sum, event) => sum + charsOf(event), 0)
      pendingChars.add(chars)
      try {
        const append = () => store.append(workspace, events, onChange, mark)
        const appended = await counted('append', append)
        const source = events[0]?.source ?? native
        const door = vendors.includes(source) ? source : native
        countOutcomes(metrics, door, appended)
        return appended
      } finally {
        pendingChars.add(-chars)
        appendSeconds.observe((performance.now() - start) / 1000)
      }
    },
    read: (workspace, query) => timed('page', () => store.read(workspace, query)),
    find: (workspace, identity) => timed('event', () => store.find(workspace, identity)),
    at: (workspace, position) => timed('event', () => store.at(workspace, position)),
    summarize: (workspace, summary, after) =>
      timed('summary', () => store.summarize(workspace, summary, after)),
    remove: (workspace, removal, reason, after) =>
      counted('remove', () => store.remove(workspace, removal, reason, after)),
    firstSince: (workspace, receivedMs) => store.firstSince(workspace, receivedMs),
    putNote: (workspace, name, text) => counted('note', () => store.putNote(workspace, name, text)),
    note: (workspace, name) => store.note(workspace, name),
    notes: (workspace, prefix) => store.notes(workspace, prefix),
    state: (workspace) => store.state(workspace),
    workspaces: () => store.workspaces(),
    ready: () => store.ready(),
    close: () => store.close(),
  }
}

/** The events of one append came by one door. */
function countOutcomes(
  { events: counter }: ServerMetrics,
  door: string,
  { receipts, conflicts }: Appended,
): void {
  const counts = new Map<string, number>()
  for (const { outcome } of receipts ?? []) counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  if (conflicts !== undefined) counts.set('conflict', conflicts.length)
  for (const [outcome, count] of counts) counter.add(count, door, outcome)
}
