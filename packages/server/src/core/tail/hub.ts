import { setTimeout as pause } from 'node:timers/promises'
import { Batch, type NamedSelection } from './batch.ts'
import { EventwellError } from '../errors.ts'
import type { StoredEvent } from '../event.ts'
import type { EventLog } from '../log.ts'
import type { Page } from '../query.ts'

/** One who has seen all that the hub has, and takes what comes. */
export interface Follower {
  readonly named: NamedSelection
  /** It has seen what it wants of everything up to here. */
  readonly position: number
  /** Takes the batch's events after its position, or leaves the hub. Must not throw. */
  take(batch: Batch): void
  /** The log could not be read; the hub has let go of it. */
  fail(error: unknown): void
}

const batchEventsMax = 500
// How long appends are gathered before they are read: long enough that a burst shares one read.
const gatherMs = 5
const gatherMsMax = 100
// Giving a batch to everybody may take a third of the time, so that requests have the rest.
const gatherPerGiving = 2
const busyMs = 100

/** How far a page got in the log: everything that was asked for up to there is in it. */
export function reachOf(page: Page, after: number): number {
  if (!page.more) return page.head
  return page.next?.position ?? page.events.at(-1)?.position ?? after
}

/** Reads what is appended to one workspace's log once, for all who follow it. */
export class Hub {
  readonly #log: EventLog
  readonly #workspace: string
  readonly #encode: (event: StoredEvent) => Buffer
  readonly #wait: (ms: number) => Promise<void>
  readonly #stopListening: () => void
  readonly #followers = new Set<Follower>()
  /** Everything up to here was given to the followers. */
  #position = 0
  /** Whether something may have been appended since the last read began. */
  #hasNews = false
  #isRunning = false
  #givingMs = 0

  constructor(
    log: EventLog,
    workspace: string,
    encode: (event: StoredEvent) => Buffer,
    wait: (ms: number) => Promise<void> = (ms) => pause(ms),
  ) {
    this.#log = log
    this.#wait = wait
    this.#workspace = workspace
    this.#encode = encode
    this.#stopListening = log.onAppend(workspace, () => {
      this.#hasNews = true
      this.#start()
    })
  }

  /**
   * Lets one follow from its position on. False when the hub is ahead of it: then it must read on first.
   * Who joins must have read the log at a time when the hub was there already, so that no append is missed.
   */
  join(follower: Follower): boolean {
    if (this.#followers.size === 0) this.#position = Math.max(this.#position, follower.position)
    if (follower.position < this.#position) return false
    this.#followers.add(follower)
    this.#start()
    return true
  }

  /** Gives it nothing more. */
  leave(follower: Follower): void {
    this.#followers.delete(follower)
  }

  /** Stops listening to the log. */
  close(): void {
    this.#stopListening()
    this.#followers.clear()
  }

  #start(): void {
    if (this.#isRunning || !this.#hasNews || this.#followers.size === 0) return
    this.#isRunning = true
    void this.#run()
  }

  /** Reads until there is no news, or nobody to tell it to. Never rejects. */
  async #run(): Promise<void> {
    while (this.#hasNews && this.#followers.size > 0) {
      await this.#wait(Math.min(gatherMsMax, Math.max(gatherMs, this.#givingMs * gatherPerGiving)))
      if (this.#followers.size === 0) break
      try {
        await this.#readOnce()
      } catch (error) {
        this.#hasNews = true
        if (error instanceof EventwellError && error.code === 'busy') await this.#wait(busyMs)
        else this.#fail(error)
      }
    }
    this.#isRunning = false
  }

  async #readOnce(): Promise<void> {
    const after = this.#position
    this.#hasNews = false
    const page = await this.#log.readAfter(this.#workspace, {
      order: 'position',
      direction: 'forward',
      after: { position: after },
      limit: Math.min(batchEventsMax, this.#log.limits.pageEventsMax),
    })
    if (page.more) this.#hasNews = true
    this.#give(new Batch(page.events, { after, through: reachOf(page, after) }, this.#encode))
  }

  #give(batch: Batch): void {
    const startMs = performance.now()
    this.#position = batch.through
    for (const follower of this.#followers) follower.take(batch)
    this.#givingMs = performance.now() - startMs
  }

  #fail(error: unknown): void {
    const followers = [...this.#followers]
    this.#followers.clear()
    for (const follower of followers) follower.fail(error)
  }
}

/** The hubs of those workspaces that somebody follows. */
export class Hubs {
  readonly #log: EventLog
  readonly #open = new Map<string, { readonly hub: Hub; users: number }>()

  constructor(log: EventLog) {
    this.#log = log
  }

  /** How many there are. */
  get size(): number {
    return this.#open.size
  }

  /** The workspace's hub, to be released once; the first to ask says how events are encoded. */
  acquire(
    workspace: string,
    encode: (event: StoredEvent) => Buffer,
  ): { readonly hub: Hub; release(): void } {
    const entry = this.#open.get(workspace) ?? {
      hub: new Hub(this.#log, workspace, encode),
      users: 0,
    }
    entry.users += 1
    this.#open.set(workspace, entry)
    const release = (): void => {
      entry.users -= 1
      if (entry.users > 0) return
      entry.hub.close()
      this.#open.delete(workspace)
    }
    return { hub: entry.hub, release }
  }
}
