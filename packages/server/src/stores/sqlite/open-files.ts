/**
 * Workspaces whose files are open at once in each of the two threads; each is a few files, and caches of up
 * to some 100 MiB.
 */
export const workspacesMax = 16

/** What is open for a workspace. */
interface Closable {
  close(): void
}

/** What is open for each of the most recently used workspaces; the least recent is closed for a new one. */
export class OpenFiles<T extends Closable> {
  readonly #max: number
  readonly #open: (workspace: string) => T
  readonly #files = new Map<string, T>()

  constructor(max: number, open: (workspace: string) => T) {
    this.#max = max
    this.#open = open
  }

  get(workspace: string): T {
    const known = this.#files.get(workspace)
    this.#files.delete(workspace)
    if (known === undefined && this.#files.size >= this.#max) this.#closeOldest()
    const file = known ?? this.#open(workspace)
    this.#files.set(workspace, file)
    return file
  }

  /** All that are open, the least recently used first. */
  values(): Iterable<T> {
    return this.#files.values()
  }

  closeAll(): void {
    for (const file of this.#files.values()) file.close()
    this.#files.clear()
  }

  #closeOldest(): void {
    const [workspace, file] = this.#files.entries().next().value!
    this.#files.delete(workspace)
    file.close()
  }
}
