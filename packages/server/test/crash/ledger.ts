/** One state of one event, as a writer sends it. */
export interface Sent {
  /** Source and id. */
  readonly identity: string
  readonly mark: string
  readonly event: Readonly<Record<string, unknown>>
}

/** What readers must be shown of a state that was sent. */
export interface Known {
  readonly identity: string
  readonly data: string
  readonly isRefused: boolean
}

/** The writers' books: all that was ever sent, what of it must never appear, and what stands. */
export class Ledger {
  /** Requests that were answered with yes. */
  acknowledged = 0
  /** Requests that were answered with no, as they must be. */
  refused = 0
  /** Requests that were cut off: nobody can know what became of them. */
  unknown = 0
  readonly #known = new Map<string, Known>()
  readonly #latest = new Map<string, string>()

  /** To be called before the first byte goes out. */
  note(sent: Sent, data: unknown, isRefused: boolean): void {
    const { identity, mark } = sent
    this.#known.set(mark, { identity, data: JSON.stringify(data), isRefused })
  }

  /** These states stand from now on, in place of earlier ones of the same events. */
  acknowledge(batch: readonly Sent[]): void {
    this.acknowledged += 1
    for (const { identity, mark } of batch) this.#latest.set(identity, mark)
  }

  /** What is known of a mark; undefined when it was never sent. */
  get(mark: string): Known | undefined {
    return this.#known.get(mark)
  }

  /** For each identity that was acknowledged, the mark of the state that stands. */
  get latest(): ReadonlyMap<string, string> {
    return this.#latest
  }
}
