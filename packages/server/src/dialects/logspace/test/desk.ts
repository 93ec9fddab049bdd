import assert from 'node:assert/strict'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import type { Keys, Scope } from '../../../core/access.ts'
import { EventLog } from '../../../core/log.ts'
import type { EventStore } from '../../../core/store.ts'
import { dialects } from '../../../dialects.ts'
import { parseAgentJson } from '../json.ts'
import { createApp } from '../../../http/app.ts'
import { openMemoryStore } from '../../../stores/memory/index.ts'
import { openSqliteStore } from '../../../stores/sqlite/index.ts'
import { temporaryFolder } from '../../../../test/support/folder.ts'

const scopesOf: Readonly<Record<string, readonly Scope[]>> = {
  rw: ['read', 'write'],
  r: ['read'],
  w: ['write'],
}

/** A key says itself what it may do, and in which space: `rw:kiwi`, `r:kiwi`, `w:kiwi`. */
const keys: Keys = {
  authenticate(key) {
    const [, letters, workspace] = /^(rw|r|w):([a-z0-9-]+)$/.exec(key) ?? []
    const scopes = scopesOf[letters ?? '']
    if (workspace === undefined || scopes === undefined) return undefined
    return { workspace, scopes, isDevelopment: false }
  },
}

/** What is asked of the app. Without a key, the header is not sent at all. */
export interface Asked {
  readonly method?: 'GET' | 'PUT' | 'POST' | 'DELETE'
  readonly path: string
  readonly key?: string
  readonly body?: string | Buffer | object
  readonly headers?: Readonly<Record<string, string>>
}

/** A page of retrieved events, each still as text where asked so. */
export interface RetrievedPage {
  readonly totalCount: number
  readonly nextCursorMark: string
  readonly events: readonly Record<string, unknown>[]
}

/** The app in memory, without a socket, in which every test takes a space of its own. */
export class Desk {
  readonly log: EventLog
  readonly #app: FastifyInstance
  readonly #remove: () => void
  #spaces = 0

  constructor(store: EventStore = openMemoryStore(), remove = () => {}) {
    this.log = new EventLog(store)
    this.#app = createApp({ log: this.log, keys, dialects })
    this.#remove = remove
  }

  /** One on a folder of its own. */
  static onDisk(): Desk {
    const folder = temporaryFolder()
    return new Desk(openSqliteStore({ dataFolder: folder.path }), () => folder.remove())
  }

  /** The name of a space that nothing was put in yet. */
  newSpace(): string {
    this.#spaces += 1
    return `space-${this.#spaces}`
  }

  async ask({ method = 'POST', path, key, body, headers }: Asked): Promise<LightMyRequestResponse> {
    return this.#app.inject({
      method,
      url: path,
      headers: { ...(key !== undefined && { 'logspace.space-token': key }), ...headers },
      ...(body !== undefined && { payload: body }),
    })
  }

  /** Puts events in, and fails unless they are taken as HQ takes them. */
  async put(space: string, body: string | Buffer | readonly object[]): Promise<void> {
    const answer = await this.ask({ method: 'PUT', path: '/events', key: `w:${space}`, body })
    assert.deepEqual([answer.statusCode, answer.body], [202, ''])
  }

  /** The text of an answer to a reading question, which must be 200. */
  async read(space: string, path: string, body?: string | object): Promise<string> {
    const asked = { path, key: `r:${space}`, ...(body !== undefined && { body }) }
    const answer = await this.ask(asked)
    assert.equal(answer.statusCode, 200, answer.body)
    return answer.body
  }

  /** One page, read with a parser that knows bare NaN and long numbers. */
  async retrieve(space: string, query = '', filter?: string | object): Promise<RetrievedPage> {
    const text = await this.read(space, `/events?${query}`, filter)
    return parseAgentJson(text) as RetrievedPage
  }

  /** The ids of the events that a filter selects, in the order of retrieval. */
  async idsOf(space: string, filter: string | object): Promise<string[]> {
    const { events, totalCount } = await this.retrieve(space, 'count=1000', filter)
    assert.equal(totalCount, events.length)
    return events.map(({ id }) => String(id))
  }

  async close(): Promise<void> {
    await this.#app.close()
    await this.log.close()
    this.#remove()
  }
}

/** The texts of the members of a JSON array that holds objects, cut at its outermost level. */
export function cutArray(text: string): string[] {
  const members: string[] = []
  let [depth, start, inString] = [0, 0, false]
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!
    if (inString) {
      if (char === '\\') at += 1
      else if (char === '"') inString = false
    } else if (char === '"') inString = true
    else if (char === '{' || char === '[') {
      depth += 1
      if (depth === 2) start = at
    } else if (char === '}' || char === ']') {
      depth -= 1
      if (depth === 1) members.push(text.slice(start, at + 1))
    }
  }
  return members
}

/** The text of each event on a page. */
export function eventTexts(page: string): string[] {
  return cutArray(page.slice(page.indexOf('"events":[') + '"events":'.length, -1))
}
