import type { StoredEvent } from './event.ts'
import { parseJson } from './json/json.ts'
import type { EventLog } from './log.ts'
import type { FacetFilter } from './query.ts'

/** What is read off a log, and how. */
export interface ViewPlan<S> {
  /** The name under which its state is noted beside the log; it begins with `viewNotes`. */
  readonly name: string
  /** The version of its rules: a state that was noted by other rules is read off the log anew. */
  readonly version: number
  /** The events that it is made of. */
  readonly facets: readonly FacetFilter[]
  /** The state of an empty log. */
  begin(): S
  /**
   * Takes the next event in order of position into the state. An event that replaces another comes with
   * the same identity; the one that it replaced is not taken back, unless the plan sees to it.
   */
  take(state: S, event: StoredEvent): void
  /** Called when the state has caught up, before it is shown: for what needs another look at the log. */
  settle?(state: S, log: EventLog, workspace: string): Promise<void>
  /** The state as JSON text, and back. */
  write(state: S): string
  read(text: string): S
}

interface Follower<S> {
  state: S
  /** Which log it was read off, and since which erasure; and the position up to which it has taken events. */
  tag: string
  position: number
  /** How many events were taken since the state was noted. */
  taken: number
  /** After how many it is noted again. */
  noteAfter: number
}

/** The first line of a note: the rules it was made by, and up to where in which log. */
interface Standing {
  readonly version: number
  readonly tag: string
  readonly position: number
}

// A large state is noted more rarely, so that notes cost a part of what the events did.
const noteAfterEvents = 2000
const noteCharsAnEvent = 500
const followersMax = 16

/**
 * A state that follows the log of each workspace: it is brought up to date when it is asked for, at the
 * cost of the events that came since. It is never a second truth: it holds what can be read off the log, and
 * its note, by which a restart is spared from reading all of it again, may be lost or deleted at any time.
 */
export class View<S> {
  readonly #log: EventLog
  readonly #plan: ViewPlan<S>
  readonly #followers = new Map<string, Promise<Follower<S>>>()

  constructor(log: EventLog, plan: ViewPlan<S>) {
    this.#log = log
    this.#plan = plan
  }

  /**
   * The state of a workspace's log, with every event that was acknowledged before this call. It is the living
   * state: whoever asks makes its answer of it at once, before waiting for anything else.
   */
  async of(workspace: string): Promise<S> {
    const known = this.#followers.get(workspace)
    const following = this.#follow(workspace, known)
    this.#followers.delete(workspace)
    this.#followers.set(workspace, following)
    // What failed is begun anew from its note by the next call.
    following.catch(() => {
      if (this.#followers.get(workspace) === following) this.#followers.delete(workspace)
    })
    this.#forgetOldest()
    return (await following).state
  }

  async #follow(workspace: string, before?: Promise<Follower<S>>): Promise<Follower<S>> {
    let follower = (await before?.catch(() => undefined)) ?? (await this.#recall(workspace))
    // Not before: what another call has followed by now may lie beyond a head that was asked for earlier.
    const { tag: logTag, erasures, head } = await this.#log.state(workspace)
    // What was derived from an event that was erased since is derived anew, without it.
    const tag = `${logTag}.${erasures}`
    const isOfThisLog = follower?.tag === tag && follower.position <= head
    if (follower === undefined || !isOfThisLog) {
      follower = {
        state: this.#plan.begin(),
        tag,
        position: 0,
        taken: 0,
        noteAfter: noteAfterEvents,
      }
    }
    await this.#catchUp(workspace, follower)
    return follower
  }

  async #catchUp(workspace: string, follower: Follower<S>): Promise<void> {
    const { facets, take, settle } = this.#plan
    for (;;) {
      const page = await this.#log.readAfter(workspace, {
        facets,
        order: 'position',
        direction: 'forward',
        after: { position: follower.position },
        limit: this.#log.limits.pageEventsMax,
      })
      for (const event of page.events) take(follower.state, event)
      follower.taken += page.events.length
      follower.position = page.more ? page.events.at(-1)!.position : page.head
      if (follower.taken >= follower.noteAfter) await this.#note(workspace, follower)
      if (!page.more) break
    }
    await settle?.(follower.state, this.#log, workspace)
  }

  async #note(workspace: string, follower: Follower<S>): Promise<void> {
    const { name, version } = this.#plan
    const { tag, position } = follower
    const text = `${JSON.stringify({ version, tag, position })}\n${this.#plan.write(follower.state)}`
    follower.noteAfter = follower.taken + noteAfterOf(text)
    try {
      await this.#log.putNote(workspace, name, text)
      follower.taken = 0
      follower.noteAfter = noteAfterOf(text)
      // An erasure that ended before the note was kept could not forget it.
      const { tag: logTag, erasures } = await this.#log.state(workspace)
      if (tag !== `${logTag}.${erasures}`) await this.#log.putNote(workspace, name, undefined)
    } catch {
      // It only spares a restart some reading. The state is right without it; the next time will do.
    }
  }

  async #recall(workspace: string): Promise<Follower<S> | undefined> {
    const text = await this.#log.note(workspace, this.#plan.name)
    if (text === undefined) return undefined
    const end = text.indexOf('\n')
    try {
      const { version, tag, position } = parseJson(text.slice(0, end)) as Standing
      if (version !== this.#plan.version) return undefined
      const state = this.#plan.read(text.slice(end + 1))
      return { state, tag, position, taken: 0, noteAfter: noteAfterOf(text) }
    } catch {
      // What cannot be read is as good as lost: the log is read again.
      return undefined
    }
  }

  #forgetOldest(): void {
    if (this.#followers.size <= followersMax) return
    const [oldest] = this.#followers.keys()
    this.#followers.delete(oldest!)
  }
}

function noteAfterOf(text: string): number {
  return Math.max(noteAfterEvents, Math.ceil(text.length / noteCharsAnEvent))
}
