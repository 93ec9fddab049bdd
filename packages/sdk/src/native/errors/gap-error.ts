/**
 * Where a reader missed events, because retention had removed them before it came (PROTOCOL.md section
 * 4.3).
 */
export interface Gap {
  /**
   * The cursor that was overtaken; empty where it was a consumer's. Events that were not removed may
   * follow.
   */
  readonly cursor: string
  /** The sequence up to which, at most, events were removed. */
  readonly through: string
}

/**
 * Retention removed events before they were read. With `onGap` the reader is told instead, and goes on.
 */
export class GapError extends Error {
  override name = 'GapError' as const
  /** The cursor that was overtaken. */
  readonly cursor: string
  /** The sequence up to which, at most, events were removed. */
  readonly through: string

  /** @param gap What the server said. */
  constructor({ cursor, through }: Gap) {
    super(
      `Retention removed events up to sequence ${through} before they were read. ` +
        'To go on with what is left, read with onGap.',
    )
    this.cursor = cursor
    this.through = through
  }
}

/** Tells of a gap, or throws it where nobody wants to be told. */
export function tellGap(gap: Gap, onGap: ((gap: Gap) => void) | undefined): void {
  if (onGap === undefined) throw new GapError(gap)
  onGap(gap)
}
