import { after, before, it, type TestContext } from 'node:test'
import type { StoredEvent } from '../../core/event.ts'
import { EventLog } from '../../core/log.ts'
import type { Query, Selection } from '../../core/query.ts'
import type { EventStore } from '../../core/store.ts'
import { parseInstant } from '../../core/time.ts'
import { aQuery } from './events.ts'

/** How the suite gets a store: a fresh one, and the same one closed and opened again. */
export interface StoreFactory {
  open(): Promise<EventStore>
  /** Opens what an earlier store of this factory left; only asked of stores that keep anything. */
  reopen(): Promise<EventStore>
}

/** What the cases share: one store for all of them, and a workspace for each. */
export class Suite {
  readonly factory: StoreFactory
  /** The running case's own. */
  workspace = ''
  #store: EventStore | undefined
  #cases = 0

  constructor(factory: StoreFactory) {
    this.factory = factory
    before(async () => {
      this.#store = await factory.open()
    })
    after(() => this.store.close())
  }

  get store(): EventStore {
    if (this.#store === undefined) throw new Error('The store is there once the cases run.')
    return this.#store
  }

  test(title: string, run: (context: TestContext) => Promise<void>): void {
    it(title, async (context) => {
      this.workspace = `case-${++this.#cases}`
      await run(context)
    })
  }

  /** The events of one page; of several, where the store ends them early. */
  async list(query: Partial<Query> = {}): Promise<readonly StoredEvent[]> {
    const log = new EventLog(this.store)
    let page = await log.readAfter(this.workspace, aQuery(query))
    const events = [...page.events]
    while (page.next !== undefined) {
      page = await log.readAfter(this.workspace, aQuery({ ...query, after: page.next }))
      events.push(...page.events)
    }
    return events
  }

  /** The ids of one page's events. */
  async ids(query: Partial<Query> = {}): Promise<string[]> {
    return (await this.list(query)).map((event) => event.id)
  }

  /** How many events a summary counts. */
  async count(selection: Selection = {}): Promise<number> {
    const rows = await new EventLog(this.store).summarize(this.workspace, selection)
    return rows[0]?.events ?? 0
  }

  /** The ids of all pages' events, page after page. */
  async walk(query: Partial<Query>): Promise<string[]> {
    const seen: string[] = []
    let after: Query['after']
    for (;;) {
      const page = await this.store.read(this.workspace, aQuery({ ...query, after }))
      seen.push(...page.events.map((event) => event.id))
      const last = page.events.at(-1)
      if (!page.more || last === undefined) return seen
      const instant = query.order === 'time' ? { instant: parseInstant(last.time!)! } : {}
      after = { position: last.position, ...instant }
    }
  }
}
