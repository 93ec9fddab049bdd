import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Identity, StoredEvent } from '../../core/event.ts'
import { cutPage } from '../../core/page.ts'
import type { Page, Query, Selection } from '../../core/query.ts'
import type { Summary, SummaryPart } from '../../core/summary.ts'
import { Blocks } from './blocks.ts'
import { ChangeReader } from './changes.ts'
import { Directory, type BlockSpan } from './directory.ts'
import { isDigestible, summarizeDigests } from './digest-summary.ts'
import { Digests } from './digest-walk.ts'
import { FacetWalk } from './facet-walk.ts'
import { mayHaveWord } from './word-filter.ts'
import { findEvents, type BlockSource } from './page-walk.ts'
import { firstSince, receivedRange } from './received.ts'
import type { Block } from './record.ts'
import { countRow, isPlainCount, summarizeEvents } from './summary-walk.ts'
import { openToRead } from './schema.ts'
import type { ReaderSettings } from './settings.ts'
import { identityHash, identityTerm } from './terms.ts'

const blockCacheBytes = 64 * 1024 * 1024

/** Reads one workspace's file, beside the thread that writes it. Each call sees one moment of the log. */
export class WorkspaceReader {
  readonly #settings: ReaderSettings
  readonly #db: DatabaseSync
  readonly #blocks: Blocks
  readonly #directory: Directory
  readonly #facets: FacetWalk
  readonly #withdrawnWithin: StatementSync
  readonly #findTerm: StatementSync
  readonly #noteOf: StatementSync
  readonly #notesFrom: StatementSync
  readonly #digests: Digests
  readonly #withdrawnFrom: StatementSync
  readonly #changes: ChangeReader

  constructor(workspace: string, settings: ReaderSettings) {
    this.#settings = settings
    this.#db = openToRead(settings.dataFolder, workspace)
    this.#blocks = new Blocks(this.#db, blockCacheBytes)
    this.#directory = new Directory(this.#db)
    this.#facets = new FacetWalk(this.#db, settings.tailEvents)
    this.#withdrawnWithin = this.#db.prepare(
      'SELECT position FROM withdrawn WHERE position BETWEEN ? AND ?',
    )
    this.#findTerm = this.#db.prepare(
      'SELECT rowid FROM facet WHERE facet MATCH ? ORDER BY rowid DESC',
    )
    const isGood = '(expires_ms IS NULL OR expires_ms > ?)'
    this.#noteOf = this.#db.prepare(`SELECT text FROM note WHERE name = ? AND ${isGood}`)
    this.#notesFrom = this.#db.prepare(
      `SELECT name, text FROM note WHERE name >= ? AND ${isGood} ORDER BY name`,
    )
    this.#changes = new ChangeReader(this.#db, this.#directory, this.#blocks)
    this.#digests = new Digests(this.#db)
    this.#withdrawnFrom = this.#db.prepare(
      'SELECT position FROM withdrawn WHERE position > ? ORDER BY position',
    )
  }

  read(query: Query): Page {
    return this.#atOneMoment(() => {
      const found = findEvents(query, this.#directory, this.#sourceOf(query))
      const { events, next, isScattered } = found
      const page = cutPage(events, query, this.#directory.head)
      if (isScattered === true) return { ...page, more: true, isScattered }
      return next === undefined || page.more ? page : { ...page, more: true, next }
    })
  }

  summarize(summary: Summary, after: number): SummaryPart {
    return this.#atOneMoment(() => {
      const facets = summary.facets ?? []
      const isCount = after === 0 && isPlainCount(summary)
      const events = isCount ? this.#facets.count(facets) : undefined
      if (events !== undefined) return { rows: countRow(events), head: this.#directory.head }
      const query = { ...summary, direction: 'forward' } as const
      const request = { summary, after, partMs: this.#settings.summaryPartMs }
      const source = this.#sourceOf(query)
      if (!isDigestible(summary)) return summarizeEvents(request, this.#directory, source)
      return summarizeDigests(request, {
        directory: this.#directory,
        digests: this.#digests,
        events: source,
        withdrawnAfter: (position) => this.#withdrawnAfter(position),
      })
    })
  }

  firstSince(receivedMs: number): number {
    return this.#atOneMoment(() =>
      firstSince(receivedMs, this.#directory, (span) => this.#open(span)),
    )
  }

  note(name: string): string | undefined {
    return this.#noteOf.get(name, Date.now())?.['text'] as string | undefined
  }

  notes(prefix: string): Map<string, string> {
    const found = new Map<string, string>()
    for (const { name, text } of this.#notesFrom.iterate(prefix, Date.now())) {
      if (!String(name).startsWith(prefix)) break
      found.set(String(name), String(text))
    }
    return found
  }

  find(identity: Identity): StoredEvent | undefined {
    return this.#atOneMoment(() => {
      for (const row of this.#findTerm.iterate(`"${identityTerm(identityHash(identity))}"`)) {
        const event = this.#eventAt(Number(row['rowid']))
        if (event?.id === identity.id && event.source === identity.source) return event
      }
      return undefined
    })
  }

  at(position: number): StoredEvent | undefined {
    return this.#atOneMoment(() => this.#eventAt(position))
  }

  close(): void {
    this.#db.close()
  }

  #sourceOf(query: Selection & Pick<Query, 'direction'>): BlockSource {
    return {
      range: receivedRange(query, this.#directory, (span) => this.#open(span)),
      positionsIn: (span) =>
        this.#mayHave(span, query.words ?? [])
          ? this.#facets.positionsIn(query, span, this.#directory.head)
          : [],
      load: (span, positions) => this.#load(span, positions),
      sliceBlocks: this.#settings.sliceBlocks,
    }
  }

  #atOneMoment<T>(work: () => T): T {
    this.#db.exec('BEGIN')
    try {
      this.#changes.refresh()
      this.#directory.refresh()
      return work()
    } finally {
      this.#facets.reset()
      this.#db.exec('COMMIT')
    }
  }

  #eventAt(position: number): StoredEvent | undefined {
    const span = this.#directory.spanOf(position)
    return span === undefined ? undefined : this.#load(span, [position])[0]
  }

  #open({ first, count }: BlockSpan): Block {
    return this.#blocks.get(first, count)
  }

  *#withdrawnAfter(position: number): Generator<number, undefined> {
    for (const row of this.#withdrawnFrom.iterate(position)) yield Number(row['position'])
    return undefined
  }

  /** Whether the payloads of a block may have all of these words. */
  #mayHave({ first }: BlockSpan, words: readonly string[]): boolean {
    const filter = words.length === 0 ? undefined : this.#digests.wordsAt(first)
    return filter === undefined || words.every((word) => mayHaveWord(filter, word))
  }

  /** The events at these positions of a block, those withdrawn left out. */
  #load(span: BlockSpan, positions: readonly number[]): StoredEvent[] {
    const block = this.#blocks.get(span.first, span.count)
    const rows = this.#withdrawnWithin.all(positions[0]!, positions.at(-1)!)
    const withdrawn = new Set(rows.map((row) => Number(row['position'])))
    return positions
      .filter((position) => !withdrawn.has(position))
      .map((position) => block.event(position))
  }
}
