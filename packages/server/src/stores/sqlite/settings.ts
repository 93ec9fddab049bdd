/** How reading takes turns and goes without the index; tests make these small, to try what long logs need. */
export interface ReadingSettings {
  /** How long a part of a summary may take, in ms; it holds one block at least. */
  readonly summaryPartMs: number
  /** How many blocks a query that looks into payloads may open in one go. */
  readonly sliceBlocks: number
  /** When no more events than this are left in front of a query, they are looked at without the index. */
  readonly tailEvents: number
}

/** How events are put on disk; tests change this, to try with few events what many need. */
export interface WritingSettings {
  /** How many events a block has at most; see docs/design/store.md. */
  readonly blockEvents: number
  /** Whether full blocks are digested before the append that filled them is answered. */
  readonly isDigestedAtOnce: boolean
}

/** A rare event costs opening its block; a larger block compresses better. */
export const writingDefaults: WritingSettings = { blockEvents: 128, isDigestedAtOnce: false }

/** What the reading thread is started with. */
export interface ReaderSettings extends ReadingSettings {
  readonly dataFolder: string
}

/** Other reads wait while a part or a slice is made: some 20 ms. */
export const readingDefaults: ReadingSettings = {
  summaryPartMs: 20,
  sliceBlocks: 64,
  tailEvents: 512,
}
