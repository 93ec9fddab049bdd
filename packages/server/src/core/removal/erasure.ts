import { createHash } from 'node:crypto'
import type { Identity } from '../event.ts'
import type { EventStore, Removal } from '../store.ts'
import { viewNotes } from '../view-notes.ts'
import type { Turns } from '../turns.ts'

/** What is to be erased: the event of an identity, or all events about a subject, or by an actor. */
export type ErasureTarget =
  | (Identity & { readonly kind: 'id' })
  | { readonly kind: 'subject' | 'actor'; readonly value: string }

/** What the log remembers of an erasure; never what was erased. */
export interface ErasureRecord {
  /** Ids increase; they are digits that sort as they count. */
  readonly id: string
  /** When it was asked for, in ms since 1970. */
  readonly atMs: number
  readonly kind: ErasureTarget['kind']
  /** SHA-256, in hex, of the subject or the actor; of an identity, of source, a line feed, and id. */
  readonly sha256: string
  /** How many events it removed; after a crash in its middle, at least so many. */
  readonly events: number
  /** No event beyond this position was removed; 0 when none was. */
  readonly last: number
}

/** A page of records, newest first. */
export interface ErasurePage {
  readonly erasures: readonly ErasureRecord[]
  /** Whether there are older ones. */
  readonly more: boolean
}

/** An erasure that has begun, and is to be finished whatever happens. It is forgotten when it is. */
interface OpenErasure {
  readonly target: ErasureTarget
  readonly atMs: number
  /** What stood there when it began. */
  readonly events: number
  readonly head: number
}

const lastName = 'erasure'
const recordPrefix = 'erasures/'
const openPrefix = 'erasing/'
const idDigits = 12
// Records are read by what their names begin with, so many at once.
const runDigits = 2

/**
 * Removes events for good, and what was derived from them. An erasure that has begun is finished, by the next
 * one if the process ends in its middle, or by `finish`. Those of a workspace go one after the other.
 */
export class Erasures {
  readonly #store: EventStore
  readonly #turns: Turns
  readonly #now: () => number

  constructor(store: EventStore, turns: Turns, now: () => number = () => Date.now()) {
    this.#store = store
    this.#turns = turns
    this.#now = now
  }

  /**
   * Erases; resolves when it is done. When one of the same target has been broken off, it is that one's
   * record that is returned.
   */
  async erase(workspace: string, target: ErasureTarget): Promise<ErasureRecord> {
    return this.#turns.take(workspace, async () => {
      const finished = await this.#finishAll(workspace)
      const sha256 = hashOf(target)
      const same = finished.find((one) => one.kind === target.kind && one.sha256 === sha256)
      if (same !== undefined) return same
      const id = idOf(Number(await this.#lastId(workspace)) + 1)
      const { head } = await this.#store.state(workspace)
      const events = await this.#count(workspace, target)
      const open: OpenErasure = { target, atMs: this.#now(), events, head }
      await this.#store.putNote(workspace, lastName, id)
      await this.#store.putNote(workspace, openPrefix + id, JSON.stringify(open))
      return this.#complete(workspace, id, open, false)
    })
  }

  /** Finishes what was broken off; returns what was. To be called when a server starts. */
  async finish(workspace: string): Promise<readonly ErasureRecord[]> {
    return this.#turns.take(workspace, () => this.#finishAll(workspace))
  }

  /** The erasures of a workspace that are done, newest first, before an id if one is given. */
  async list(workspace: string, limit: number, before?: string): Promise<ErasurePage> {
    const lastId = Number(await this.#lastId(workspace))
    const found: ErasureRecord[] = []
    let next = Math.min(lastId, before === undefined ? lastId : Number(before) - 1)
    for (; next > 0 && found.length <= limit; next = firstOfRun(next) - 1) {
      const prefix = recordPrefix + idOf(next).slice(0, -runDigits)
      const run = [...(await this.#store.notes(workspace, prefix)).values()]
        .map((text) => JSON.parse(text) as ErasureRecord)
        .filter(({ id }) => id <= idOf(next))
      found.push(...run.toReversed())
    }
    return { erasures: found.slice(0, limit), more: found.length > limit }
  }

  async #finishAll(workspace: string): Promise<ErasureRecord[]> {
    const finished: ErasureRecord[] = []
    for (const [name, text] of await this.#store.notes(workspace, openPrefix)) {
      const open = JSON.parse(text) as OpenErasure
      const id = name.slice(openPrefix.length)
      finished.push(await this.#complete(workspace, id, open, true))
    }
    return finished
  }

  async #complete(
    workspace: string,
    id: string,
    open: OpenErasure,
    isResumed: boolean,
  ): Promise<ErasureRecord> {
    const { target, atMs, events, head } = open
    // What came in after it was asked for is not concerned.
    const removal: Removal = { ...removalOf(target), through: head }
    const first = await this.#removeAll(workspace, removal)
    // Once more, so that whatever was derived while parts were still there is derived anew.
    const late = await this.#removeAll(workspace, removal)
    const removed = first.events + late.events
    const last = Math.max(first.last, late.last)
    const record: ErasureRecord = {
      id,
      atMs,
      kind: target.kind,
      sha256: hashOf(target),
      // What had gone before the process ended was counted when it began.
      events: isResumed ? Math.max(events, removed) : removed,
      last: isResumed && events > first.events ? Math.max(head, last) : last,
    }
    await this.#store.putNote(workspace, recordPrefix + id, JSON.stringify(record))
    for (const name of (await this.#store.notes(workspace, viewNotes)).keys()) {
      await this.#store.putNote(workspace, name, undefined)
    }
    await this.#store.putNote(workspace, openPrefix + id, undefined)
    // Nothing stands there: this has the store overwrite on disk what those notes were.
    await this.#store.remove(workspace, removal, 'erased', Number.MAX_SAFE_INTEGER)
    return record
  }

  async #removeAll(workspace: string, removal: Removal): Promise<{ events: number; last: number }> {
    let [events, last] = [0, 0]
    for (let after: number | undefined = 0; after !== undefined;) {
      const part = await this.#store.remove(workspace, removal, 'erased', after)
      events += part.events
      last = Math.max(last, part.last)
      after = part.next
    }
    return { events, last }
  }

  async #count(workspace: string, target: ErasureTarget): Promise<number> {
    if (target.kind === 'id') {
      return (await this.#store.find(workspace, target)) === undefined ? 0 : 1
    }
    let events = 0
    for (let after: number | undefined = 0; after !== undefined;) {
      const part = await this.#store.summarize(workspace, removalOf(target), after)
      events += part.rows[0]?.events ?? 0
      after = part.next
    }
    return events
  }

  /** The id of the workspace's latest erasure; of zeros when there is none. */
  async #lastId(workspace: string): Promise<string> {
    return (await this.#store.note(workspace, lastName)) ?? idOf(0)
  }
}

function removalOf(target: ErasureTarget): Removal {
  if (target.kind !== 'id') return { facets: [{ name: target.kind, values: [target.value] }] }
  return { identity: { source: target.source, id: target.id } }
}

function hashOf(target: ErasureTarget): string {
  const text = target.kind === 'id' ? `${target.source}\n${target.id}` : target.value
  return createHash('sha256').update(text).digest('hex')
}

function idOf(number: number): string {
  return String(number).padStart(idDigits, '0')
}

/** The first number of those that are read together with this one. */
function firstOfRun(number: number): number {
  return number - (number % 10 ** runDigits)
}
