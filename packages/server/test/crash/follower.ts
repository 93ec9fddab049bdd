import { setTimeout as pause } from 'node:timers/promises'
import type { CrashingServer } from './crashing-server.ts'
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
  /** Where to go on from. */
  readonly after: string | undefined
  readonly more: boolean
}

/** A list of events: its path, and how its pages are read. */
export interface List {
  readonly path: string
  readonly limitMax: number
  read(body: string, after: string | undefined): SeenPage
}

/** The native list, followed by its cursor. */
export const nativeList: List = {
  path: '/eventwell/events',
  limitMax: 1000,
  read(body) {
    const { events, cursor, more } = JSON.parse(body) as {
      events: { source: string; id: string; sequence: string; data: unknown }[]
      cursor: string
      more: boolean
    }
    const sightings = events.map(({ source, id, sequence, data }) => {
      return sightingOf(data, { identity: `${source} ${id}`, position: Number(sequence) })
    })
    return { sightings, after: cursor, more }
  },
}

/** WorkOS's list, followed by the id of the last event seen, as its consumers do. */
export const workosList: List = {
  path: '/workos/events',
  limitMax: 100,
  read(body, after) {
    const { data: events, list_metadata } = JSON.parse(body) as {
      data: { id: string; data: unknown }[]
      list_metadata: { after: string | null }
    }
    const sightings = events.map(({ data }) => sightingOf(data))
    return { sightings, after: events.at(-1)?.id ?? after, more: list_metadata.after !== null }
  },
}

/** A consumer that remembers where it is, and goes on from there whatever happens to the server. */
export class Follower {
  readonly seen: Sighting[] = []
  readonly #server: CrashingServer
  readonly #list: List
  readonly #random: Random
  #after: string | undefined

  constructor(server: CrashingServer, list: List, random: Random) {
    this.#server = server
    this.#list = list
    this.#random = random
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

  /** Reads one page; true when there is more to read. */
  async #readPage(): Promise<boolean> {
    const { path, read, limitMax } = this.#list
    // Now with the largest pages, to catch up with the writers, and now with pages cut anywhere.
    const limit = this.#random.below(4) > 0 ? limitMax : this.#random.between(1, limitMax)
    const query = new URLSearchParams({ limit: String(limit) })
    if (this.#after !== undefined) query.set('after', this.#after)
    const answer = await this.#server.ask(`${path}?${query}`, { headers: bearer })
    if (answer === undefined) return true
    const { status, text } = answer
    if (status !== 200) throw new Error(`GET ${path}?${query} answered ${status}: ${text}`)
    const { sightings, after, more } = read(text, this.#after)
    for (const sighting of sightings) this.seen.push(sighting)
    this.#after = after
    return more
  }
}

function sightingOf(data: unknown, place?: { identity: string; position: number }): Sighting {
  return { mark: (data as { mark: string }).mark, data: JSON.stringify(data), ...place }
}
