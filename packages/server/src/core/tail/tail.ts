import { setTimeout as pause } from 'node:timers/promises'
import { named, type Batch, type Frame, type NamedSelection } from './batch.ts'
import { encodeCursor } from '../cursor.ts'
import type { Lanes } from '../lanes.ts'
import { EventwellError } from '../errors.ts'
import type { StoredEvent } from '../event.ts'
import { reachOf, type Follower, type Hub } from './hub.ts'
import type { CursorPage, EventLog } from '../log.ts'
import type { Selection } from '../query.ts'

/** How what a tail says is spelled. */
export interface TailSpelling {
  event(event: StoredEvent, cursor: string): Buffer
  /** That the reader has all that it wants up to the cursor; `caughtUp`: and nothing more is there yet. */
  progress(cursor: string, caughtUp: boolean): Buffer
  /** That events which the reader may have wanted, up to this position, are gone. */
  gap(cursor: string, until: number): Buffer
  /** That it is alive. */
  beat(): Buffer
}

/** Where a tail writes. */
export interface Outlet {
  /** Bytes that were sent and have not left the process yet. */
  readonly queuedBytes: number
  /** Must not throw, also when nobody is there any more. */
  send(bytes: Buffer): void
  /** Resolves when nothing is queued any more, or nobody is there any more. */
  drained(): Promise<void>
}

/** A tail: whose, of what, from where, to where. */
export interface TailOptions {
  readonly log: EventLog
  readonly hub: Hub
  readonly workspace: string
  /** The tag of the workspace's log, see `LogState`. */
  readonly tag: string
  readonly selection: Selection
  /** It begins with the first event after this. */
  readonly position: number
  /** Nothing is said of gaps up to here: its reader never asked for these events. */
  readonly gapsKnown: number
  /** Whether there was nothing after the position when it was looked up. */
  readonly caughtUp: boolean
  readonly outlet: Outlet
  /** Through which pages are read. */
  readonly lanes: Lanes
  readonly spelling: TailSpelling
  /** Aborts when nobody listens any more. */
  readonly signal: AbortSignal
}

/** Bytes that may wait for a reader: beyond them, its events are read again when it has taken these. */
export const queuedBytesMax = 256 * 1024
const firstEventsMax = 100
const busyMs = 100

/**
 * One reader's way along the log. It reads page after page by itself until it has seen all there is, and
 * then follows the hub; when its reader is too slow for that, it waits for it and reads by itself again.
 */
export class Tail implements Follower {
  readonly named: NamedSelection
  readonly #options: TailOptions
  #position: number
  /** The position of the last cursor that the reader was told. */
  #toldPosition = -1
  #toldCaughtUp = false
  #gapsKnown: number
  #isFollowing = false
  #fallenBehind = Promise.withResolvers<void>()
  /** How many events to ask for: as many as the reader takes at once. */
  #eventsMax = firstEventsMax

  constructor(options: TailOptions) {
    this.#options = options
    this.#position = options.position
    this.#gapsKnown = options.gapsKnown
    this.named = named(options.selection)
  }

  /** Everything up to here was sent, or was not wanted. */
  get position(): number {
    return this.#position
  }

  /** Whether it has seen all there is, and gets what comes from the hub. */
  get isFollowing(): boolean {
    return this.#isFollowing
  }

  /** Goes on until nobody listens. Rejects when the log cannot be read. */
  async run(): Promise<void> {
    const { signal, hub, outlet, caughtUp } = this.#options
    signal.addEventListener('abort', () => this.#fallBehind())
    this.#tellProgress(caughtUp)
    while (!signal.aborted) {
      if (outlet.queuedBytes > queuedBytesMax) await outlet.drained()
      const isAtEnd = await this.#readOn()
      if (!isAtEnd || signal.aborted || !hub.join(this)) continue
      this.#isFollowing = true
      if (!this.#toldCaughtUp) this.#tellProgress(true)
      await this.#fallenBehind.promise
    }
  }

  /** To be called now and then: shows the reader that the tail is alive, and how far it got. */
  beat(): void {
    const { outlet, spelling } = this.#options
    if (outlet.queuedBytes > queuedBytesMax) return
    outlet.send(spelling.beat())
    if (this.#position > this.#toldPosition) this.#tellProgress(this.#isFollowing)
  }

  take(batch: Batch): void {
    const { frames, whole } = batch.chosen(this.named)
    const { outlet } = this.#options
    const isAllNew = this.#position <= batch.after
    if (isAllNew && outlet.queuedBytes + whole.length <= queuedBytesMax) {
      if (frames.length > 0) {
        outlet.send(whole)
        this.#toldPosition = frames.at(-1)!.position
      }
    } else if (!this.#sendNew(frames)) return this.#fallBehind()
    this.#position = Math.max(this.#position, batch.through)
  }

  fail(error: unknown): void {
    this.#isFollowing = false
    this.#fallenBehind.reject(error)
  }

  #fallBehind(): void {
    this.#options.hub.leave(this)
    this.#isFollowing = false
    this.#toldCaughtUp = false
    const { resolve } = this.#fallenBehind
    this.#fallenBehind = Promise.withResolvers()
    resolve()
  }

  /** Reads a page and sends it; true when there was nothing behind it. */
  async #readOn(): Promise<boolean> {
    const { signal } = this.#options
    const after = this.#position
    let page: CursorPage
    try {
      page = await this.#options.lanes.pass(() => this.#readPage())
      // Asked after the page was read: what went before that is not in it.
      await this.#lookForGap(after)
    } catch (error) {
      if (signal.aborted) return false
      if (!(error instanceof EventwellError) || error.code !== 'busy') throw error
      await pause(busyMs)
      return false
    }
    if (signal.aborted) return false
    const { spelling, tag, log } = this.#options
    const frames = page.events.values().map((event): Frame => {
      const { position } = event
      return { position, bytes: spelling.event(event, encodeCursor(tag, { position })) }
    })
    if (!this.#sendNew(frames)) {
      this.#eventsMax = Math.ceil(this.#eventsMax / 2)
      return false
    }
    this.#eventsMax = Math.min(this.#eventsMax * 2, log.limits.pageEventsMax)
    this.#position = reachOf(page, this.#position)
    if (page.more && this.#position > this.#toldPosition) this.#tellProgress(false)
    return !page.more
  }

  #readPage(): Promise<CursorPage> {
    const { log, workspace, selection, tag, signal } = this.#options
    const query = {
      ...selection,
      order: 'position',
      direction: 'forward',
      cursor: encodeCursor(tag, { position: this.#position }),
      limit: Math.min(this.#eventsMax, log.limits.pageEventsMax),
    } as const
    return log.read(workspace, query, signal)
  }

  async #lookForGap(after: number): Promise<void> {
    const { log, workspace, selection, outlet, spelling, tag, signal } = this.#options
    const until = await log.overtaken(workspace, selection, after)
    if (until === undefined || until <= this.#gapsKnown || signal.aborted) return
    this.#gapsKnown = until
    // Not the cursor behind the gap: between here and there may be events that were not removed.
    outlet.send(spelling.gap(encodeCursor(tag, { position: after }), until))
  }

  /** Sends those that are new, as many as may be queued; true when these were all. */
  #sendNew(frames: Iterable<Frame>): boolean {
    const { outlet } = this.#options
    const taken: Buffer[] = []
    let [room, isAll] = [queuedBytesMax - outlet.queuedBytes, true]
    for (const { position, bytes } of frames) {
      if (position <= this.#position) continue
      isAll = room >= 0
      if (!isAll) break
      room -= bytes.length
      taken.push(bytes)
      this.#position = position
      this.#toldPosition = position
    }
    // One alone is shared with others who have it: a large event is in memory once.
    if (taken.length > 0) outlet.send(taken.length === 1 ? taken[0]! : Buffer.concat(taken))
    return isAll
  }

  #tellProgress(caughtUp: boolean): void {
    const { outlet, spelling, tag } = this.#options
    outlet.send(spelling.progress(encodeCursor(tag, { position: this.#position }), caughtUp))
    this.#toldPosition = this.#position
    this.#toldCaughtUp = caughtUp
  }
}
