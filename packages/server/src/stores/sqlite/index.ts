import { mkdirSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { EventwellError } from '../../core/errors.ts'
import type { NewEvent, StoredEvent } from '../../core/event.ts'
import type { Appended, EventStore, LogState, RemovalPart } from '../../core/store.ts'
import { parseMs } from '../../core/time.ts'
import type {
  Batch,
  Found,
  ReaderRequest,
  ReaderResult,
  Readings,
  WriterRequest,
  WriterResult,
} from './messages.ts'
import { digestEventsMax } from './digest.ts'
import { encodeRecord, splitRecord } from './record.ts'
import { identityHash, termsOf } from './terms.ts'
import { Thread } from './thread.ts'
import {
  readingDefaults,
  writingDefaults,
  type ReaderSettings,
  type ReadingSettings,
  type WritingSettings,
} from './settings.ts'
import type { WriterSettings } from './writer.ts'

/** How an SQLite store is opened. */
export interface SqliteStoreOptions {
  /** Where the workspaces' files lie; made when it is missing. */
  readonly dataFolder: string
  /** Appends are refused while the disk has fewer free bytes than this; 256 MiB if not given. */
  readonly freeBytesMin?: number
  /** Where writing is to differ from its defaults. */
  readonly writing?: Partial<WritingSettings>
  /** Where reading is to differ from its defaults. */
  readonly reading?: Partial<ReadingSettings>
}

/**
 * The store of a server on one machine: SQLite files, written by one thread and read by another.
 * See docs/design/store.md for the shape on disk.
 */
export function openSqliteStore({
  dataFolder,
  freeBytesMin = 256 * 1024 * 1024,
  writing = {},
  reading = {},
}: SqliteStoreOptions): EventStore {
  if ((writing.blockEvents ?? 0) > digestEventsMax) {
    throw new RangeError(`A block may have ${digestEventsMax} events.`)
  }
  mkdirSync(dataFolder, { recursive: true })
  const settings: WriterSettings = { ...writingDefaults, ...writing, dataFolder, freeBytesMin }
  const writer = new Thread<WriterRequest, WriterResult>(
    new URL('./writer.ts', import.meta.url),
    settings,
  )
  const readerSettings: ReaderSettings = { ...readingDefaults, ...reading, dataFolder }
  const reader = new Thread<ReaderRequest | 'close', ReaderResult>(
    new URL('./reader.ts', import.meta.url),
    readerSettings,
  )
  const opened = new Map<string, Promise<KnownState>>()
  let isClosed = false

  /** Opens the workspace's file once; the reader may look at it after that. */
  function open(workspace: string): Promise<KnownState> {
    if (isClosed) return Promise.reject(new EventwellError('busy', 'The store is closed.'))
    let state = opened.get(workspace)
    if (state === undefined) {
      const opening = writer.ask((ticket) => ({ kind: 'open', ticket, workspace }))
      state = opening.then((result) => ({ ...(result as LogState) }))
      opened.set(workspace, state)
      state.catch(() => opened.delete(workspace))
    }
    return state
  }

  async function ask<Kind extends keyof Readings>(
    workspace: string,
    kind: Kind,
    what: Readings[Kind]['ask'],
  ): Promise<Readings[Kind]['answer']> {
    await open(workspace)
    return reader.ask((ticket) => ({ kind, ...what, ticket, workspace }) as ReaderRequest)
  }

  return {
    supports: { durability: true },
    async append(workspace, events, onChange, mark) {
      const state = await open(workspace)
      const batch = batchOf(events)
      const appended = (await writer.ask((ticket) => {
        return { kind: 'append', ticket, workspace, batch, onChange, mark }
      })) as Appended
      for (const { position } of appended.receipts ?? []) noteHead(state, position)
      return appended
    },
    async read(workspace, query) {
      const found = await ask(workspace, 'read', { query })
      // A page may be here before the receipt of the append that it shows.
      noteHead(await open(workspace), found.head)
      const { records: _r, positions: _p, receivedAtMs: _m, ...page } = found
      return { ...page, events: unpack(found) }
    },
    async find(workspace, { source, id }) {
      return unpack(await ask(workspace, 'find', { identity: { source, id } }))[0]
    },
    async at(workspace, position) {
      return unpack(await ask(workspace, 'at', { position }))[0]
    },
    async summarize(workspace, summary, after) {
      return ask(workspace, 'summarize', { summary, after })
    },
    async remove(workspace, removal, reason, after) {
      const state = await open(workspace)
      const part = await writer.ask((ticket) => {
        return { kind: 'remove', ticket, workspace, removal, reason, after }
      })
      if (reason === 'erased' && after === 0) state.erasures += 1
      return part as RemovalPart
    },
    async firstSince(workspace, receivedMs) {
      return ask(workspace, 'firstSince', { receivedMs })
    },
    async putNote(workspace, name, text) {
      await open(workspace)
      await writer.ask((ticket) => ({ kind: 'note', ticket, workspace, name, text }))
    },
    async note(workspace, name) {
      return ask(workspace, 'note', { name })
    },
    async notes(workspace, prefix) {
      return ask(workspace, 'notes', { prefix })
    },
    async state(workspace) {
      return open(workspace)
    },
    async workspaces() {
      return readdir(join(dataFolder, 'workspaces')).catch(noFolder)
    },
    async ready() {
      if (isClosed) throw new EventwellError('busy', 'The store is closed.')
      await writer.ask((ticket) => ({ kind: 'ready', ticket }))
    },
    async close() {
      if (isClosed) return
      isClosed = true
      reader.tell('close')
      await reader.ended
      await writer.ask((ticket) => ({ kind: 'close', ticket }))
      await writer.ended
    },
  }
}

/** Nothing was ever written there. */
function noFolder(error: unknown): string[] {
  if ((error as { code?: string }).code === 'ENOENT') return []
  throw error
}

/** What the main thread knows of a log, as of the last answer about it. */
interface KnownState {
  readonly tag: string
  head: number
  erasures: number
}

function noteHead(state: { head: number }, position: number): void {
  if (position > state.head) state.head = position
}

function batchOf(events: readonly NewEvent[]): Batch {
  const ends = new Uint32Array(events.length)
  const hashes = new Float64Array(events.length)
  const times = new Float64Array(events.length)
  const terms: string[] = []
  let records = ''
  for (let index = 0; index < events.length; index++) {
    const event = events[index]!
    records += encodeRecord(event)
    ends[index] = records.length
    hashes[index] = identityHash(event)
    times[index] = (event.time === undefined ? undefined : parseMs(event.time)) ?? NaN
    terms.push(termsOf(event))
  }
  return { records, ends, hashes, times, terms: terms.join('\n') }
}

function unpack({ records, positions, receivedAtMs }: Found): StoredEvent[] {
  return records.map((record, index) => ({
    ...splitRecord(record),
    position: positions[index]!,
    receivedAtMs: receivedAtMs[index]!,
  }))
}
