import type { Identity, NewEvent, Receipt, StoredEvent } from './event.ts'
import type { Page, Query, Selection } from './query.ts'
import type { Summary, SummaryPart } from './summary.ts'

/** What a store can do beyond the contract; users and the conformance suite read the same facts. */
export interface StoreSupports {
  /** What was appended survives closing and reopening, and a crash. */
  readonly durability: boolean
}

/**
 * What happens to an event whose identity is known, but whose content is another: it replaces the known one,
 * nothing of the append is taken, or all others are taken.
 */
export type OnChange = 'replace' | 'refuse' | 'skip'

/** A note that is kept in the same write as the events of an append, when they are taken. */
export interface Mark {
  readonly name: string
  /** The note's first line; a second holds the append's receipts as JSON, see `receiptsText`. */
  readonly text: string
  /** When the note may be forgotten, in ms since 1970. */
  readonly expiresAtMs: number
}

/** Why events go: their time is over, or somebody wants them forgotten. */
export type RemovalReason = 'expired' | 'erased'

/** Which events are removed: those selected, or the one of an identity. */
export type Removal = Selection & {
  readonly identity?: Identity
  /** Events beyond this position stay. */
  readonly through?: number
}

/** What was removed in one go, and the position to go on after; absent when all is done. */
export interface RemovalPart {
  readonly events: number
  /** The highest position of an event that was removed; 0 when there was none. */
  readonly last: number
  readonly next?: number | undefined
}

/** Receipts as JSON text: runs of events with the same outcome at successive positions. */
export function receiptsText(receipts: readonly Receipt[]): string {
  const runs: [Receipt['outcome'], number, number][] = []
  for (const { outcome, position } of receipts) {
    const last = runs.at(-1)
    if (last?.[0] === outcome && position === last[1] + last[2]) last[2] += 1
    else runs.push([outcome, position, 1])
  }
  return JSON.stringify(runs)
}

/** The receipts of a text that `receiptsText` made. */
export function receiptsOf(text: string): Receipt[] {
  const runs = JSON.parse(text) as [Receipt['outcome'], number, number][]
  return runs.flatMap(([outcome, first, count]) =>
    Array.from({ length: count }, (_, index) => ({ outcome, position: first + index })),
  )
}

/**
 * The result of an append: all of the events were taken, in order, or none was, because these (by
 * their index) would have changed an event that must not change.
 */
export type Appended =
  | { readonly receipts: readonly Receipt[]; readonly conflicts?: never }
  | { readonly conflicts: readonly number[]; readonly receipts?: never }

/** A workspace's log as a whole. */
export interface LogState {
  /** Made at random when the workspace's log began: a cursor of another log has another one. */
  readonly tag: string
  /** The last position given out; 0 when nothing was ever appended. */
  readonly head: number
  /** How often something was erased: what was derived from events before is to be derived again. */
  readonly erasures: number
}

/**
 * Where events rest. Every method keeps workspaces apart. Names of workspaces are checked by the log
 * before they come here. After `close`, every call is refused with `busy`.
 */
export interface EventStore {
  readonly supports: StoreSupports

  /**
   * Takes all events or none, and resolves when they are kept: durable, deduplicated by identity, at
   * their final positions, visible to the next read. Concurrent appends take effect one after the other.
   *
   * - Unknown identity: `created` at the next position.
   * - Known identity, same content: `exists` at its position; nothing happens.
   * - Known identity, other content: with `replace`, it moves to the next position and the old state
   *   is withdrawn; with `refuse`, it is a conflict and none of the events is taken; with `skip`, its
   *   receipt says `conflict` and it alone is not taken.
   *
   * Rejects with `busy` or `storage_full`; then nothing was taken.
   */
  append(
    workspace: string,
    events: readonly NewEvent[],
    onChange: OnChange,
    mark?: Mark,
  ): Promise<Appended>

  /**
   * One page of events that satisfy the query, each once, in its order. A page of a query that looks into
   * payloads may end early, see `Page.next`.
   */
  read(workspace: string, query: Query): Promise<Page>

  /** The event of an identity. */
  find(workspace: string, identity: Identity): Promise<StoredEvent | undefined>

  /** The event at a position; undefined when none stands there (never given out, or withdrawn). */
  at(workspace: string, position: number): Promise<StoredEvent | undefined>

  /**
   * A part of a summary: of the events after a position, as many as can be looked at in a short time, so
   * that other reads get their turn between two parts. An event that is replaced between them may count
   * in both.
   */
  summarize(workspace: string, summary: Summary, after: number): Promise<SummaryPart>

  /**
   * Removes events after a position, as many as can be removed in a short time. They are gone from
   * everywhere that the store keeps them, durably, when it resolves; their positions are not given out
   * again. Their identities are free: such an event that comes again is new.
   */
  remove(
    workspace: string,
    removal: Removal,
    reason: RemovalReason,
    after: number,
  ): Promise<RemovalPart>

  /**
   * The first position that was given out at a time of receipt or later, whatever became of its event;
   * the one behind the head when there is none yet. In ms since 1970.
   */
  firstSince(workspace: string, receivedMs: number): Promise<number>

  /**
   * Keeps a note, or forgets it when there is no text; resolves when that is durable. Notes are small texts
   * beside the events: what vendors' routes store that is no event, and states that are read off the log.
   */
  putNote(workspace: string, name: string, text: string | undefined): Promise<void>

  /** The note of a name; undefined when there is none, or its time is over. */
  note(workspace: string, name: string): Promise<string | undefined>

  /** The notes whose names begin with this, by name. */
  notes(workspace: string, prefix: string): Promise<ReadonlyMap<string, string>>

  /** The workspace's log as a whole; a workspace begins to exist with its first use. */
  state(workspace: string): Promise<LogState>

  /** The names of all workspaces that were ever used. */
  workspaces(): Promise<string[]>

  /** Resolves when an append would be taken at this moment; rejects with the reason when it would not. */
  ready(): Promise<void>

  /** Finishes what was begun and lets go of everything. */
  close(): Promise<void>
}
