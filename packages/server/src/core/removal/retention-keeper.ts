import type { EventLog } from '../log.ts'
import type { Retention } from './retention.ts'

/** What a keeper works with. */
export interface RetentionKeeperOptions {
  readonly log: EventLog
  /** The workspaces that have rules, and what these are. */
  readonly workspaces: readonly string[]
  readonly retentionOf: (workspace: string) => Retention
  /** Told of a workspace's first failure after a success; it is tried again all the same. */
  readonly onFailure: (workspace: string, error: unknown) => void
  /** The time in ms since 1970. */
  readonly now?: () => number
  /** How long it rests between two sweeps. */
  readonly intervalMs?: number
}

const usualIntervalMs = 60_000

/** Has what is over removed, again and again, one workspace after the other. */
export class RetentionKeeper {
  readonly #options: RetentionKeeperOptions
  readonly #failing = new Set<string>()
  readonly #stopping = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #sweep: Promise<void> | undefined

  constructor(options: RetentionKeeperOptions) {
    this.#options = options
  }

  /** Begins at once, and goes on until it is stopped. */
  start(): void {
    if (this.#stopping.signal.aborted) return
    const { intervalMs = usualIntervalMs } = this.#options
    void this.sweep().then(() => {
      if (this.#stopping.signal.aborted) return
      this.#timer = setTimeout(() => this.start(), intervalMs)
      this.#timer.unref()
    })
  }

  /** Sweeps all workspaces once; resolves when it is done. Asked while it sweeps, it is the same sweep. */
  sweep(): Promise<void> {
    this.#sweep ??= this.#sweepAll().finally(() => {
      this.#sweep = undefined
    })
    return this.#sweep
  }

  /** Ends before the next part of a sweep; resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    clearTimeout(this.#timer)
    await this.#sweep
  }

  async #sweepAll(): Promise<void> {
    const { log, workspaces, retentionOf, onFailure, now = () => Date.now() } = this.#options
    const { signal } = this.#stopping
    for (const workspace of workspaces) {
      if (signal.aborted) return
      try {
        await log.expiry.expire(workspace, retentionOf(workspace), now(), signal)
        this.#failing.delete(workspace)
      } catch (error) {
        if (!this.#failing.has(workspace)) onFailure(workspace, error)
        this.#failing.add(workspace)
      }
    }
  }
}
