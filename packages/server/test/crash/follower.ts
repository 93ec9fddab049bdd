import { setTimeout as pause } from 'node:timers/promises'
import type { Answer, CrashingServer } from './crashing-server.ts'
import { bearer } from './doors.ts'
import type { Random } from './random.ts'

const pollMs = 10

/** One event in one page. */
export interface Sighting {
  readonly mark: string
  readonly data: string
  /** Source, id and position, where the reader is shown them. */
  readonly identity?: string
  readonly position?: number
}

interface SeenPage {
  readonly sightings: readonly Sighting[]
  /** The query with which to go on. */
  readonly next: string
  readonly more: boolean
}

/** A list of events: its path, and how its pages are read. */
export interface List {
  readonly path: string
  readonly limit: { readonly name: string; readonly max: number }
  /** Whether its end is asked for again with the same query, which shows what was there before. */
  readonly showsEndAgain?: boolean
  /** Reads a page that was asked for with this query. */
  read(answer: Answer, query: string): SeenPage
}

/** The native list, followed by its cursor. */
export const nativeList: List = {
  path: '/eventwell/events',
  limit: { name: 'limit', max: 1000 },
  read({ text }) {
    const { events, cursor, more } = JSON.parse(text) as {
      events: { source: string; id: string; sequence: string; data: unknown }[]
      cursor: string
      more: boolean
    }
    const sightings = events.map(({ source, id, sequence, data }) => {
      return sightingOf(data, { identity: `${source} ${id}`, position: Number(sequence) })
    })
    return { sightings, next: `after=${cursor}`, more }
  },
}

/** WorkOS's list, followed by the id of the last event seen, as its consumers do. */
export const workosList: List = {
  path: '/workos/events',
  limit: { name: 'limit', max: 100 },
  read({ text }, query) {
    const { data: events, list_metadata } = JSON.parse(text) as {
      data: { id: string; data: unknown }[]
      list_metadata: { after: string | null }
    }
    const sightings = events.map(({ data }) => sightingOf(data))
    const last = events.at(-1)
    const next = last === undefined ? query : `after=${last.id}`
    return { sightings, next, more: list_metadata.after !== null }
  },
}

/**
 * Webex's list, followed by its `Link`. Without one it is at its end, and consumers come back to the last
 * address they have: it shows what they saw there, and what has come since.
 */
export const webexList: List = {
  path: '/webex/v1/events',
  showsEndAgain: true,
  limit: { name: 'max', max: 1000 },
  read({ text, link }, query) {
    const { items } = JSON.parse(text) as { items: { id: string; data: unknown }[] }
    const sightings = items.map(({ data }) => sightingOf(data))
    if (link === null) return { sightings, next: query, more: false }
    const { searchParams } = new URL(/^<([^>]+)>; rel="next"$/.exec(link)![1]!)
    searchParams.delete('max')
    return { sightings, next: String(searchParams), more: true }
  },
}

/** A consumer that remembers where it is, and goes on from there whatever happens to the server. */
export class Follower {
  readonly seen: Sighting[] = []
  readonly #server: CrashingServer
  readonly #list: List
  readonly #random: Random
  #query = ''
  #limit: number
  /** What an earlier answer to this query showed. */
  #seenHere = new Set<string>()

  constructor(server: CrashingServer, list: List, random: Random) {
    this.#server = server
    this.#list = list
    this.#random = random
    this.#limit = this.#anyLimit()
  }

  /** The path of the list that it follows. */
  get path(): string {
    return this.#list.path
  }

  /** Follows until it is told to end, and then on to the end of the list. */
  async run(end: { readonly isAsked: boolean }): Promise<void> {
    for (;;) {
      const isLast = end.isAsked
      const more = await this.#readPage()
      if (more) continue
      if (isLast) return
      await pause(pollMs)
    }
  }

  /** Now the largest pages, to catch up with the writers, and now pages cut anywhere. */
  #anyLimit(): number {
    const { max } = this.#list.limit
    return this.#random.below(4) > 0 ? max : this.#random.between(1, max)
  }

  /** Reads one page; true when there is more to read. */
  async #readPage(): Promise<boolean> {
    const { path, read, limit } = this.#list
    const address = `${path}?${limit.name}=${this.#limit}&${this.#query}`
    const answer = await this.#server.ask(address, { headers: bearer })
    if (answer === undefined) return true
    const { status, text } = answer
    if (status !== 200) throw new Error(`GET ${address} answered ${status}: ${text}`)
    const { sightings, next, more } = read(answer, this.#query)
    for (const sighting of sightings) {
      if (!this.#seenHere.has(sighting.mark)) this.seen.push(sighting)
    }
    if (this.#list.showsEndAgain === true && next === this.#query) {
      for (const { mark } of sightings) this.#seenHere.add(mark)
    } else {
      this.#seenHere = new Set()
      this.#limit = this.#anyLimit()
    }
    this.#query = next
    return more
  }
}

function sightingOf(data: unknown, place?: { identity: string; position: number }): Sighting {
  return { mark: (data as { mark: string }).mark, data: JSON.stringify(data), ...place }
}
