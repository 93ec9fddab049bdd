// The reading thread: pages and single events, while the writing thread goes on.
import { parentPort, workerData } from 'node:worker_threads'
import type { StoredEvent } from '../../core/event.ts'
import type { Page } from '../../core/query.ts'
import { failureOf } from './failure.ts'
import type { Found, ReaderRequest, ReaderResult, Reply } from './messages.ts'
import { encodeRecord } from './record.ts'
import { OpenFiles, workspacesMax } from './open-files.ts'
import type { ReaderSettings } from './settings.ts'
import { WorkspaceReader } from './workspace-reader.ts'

const port = parentPort!
const settings = workerData as ReaderSettings
const readers = new OpenFiles(
  workspacesMax,
  (workspace) => new WorkspaceReader(workspace, settings),
)

port.on('message', (request: ReaderRequest | 'close') => {
  if (request === 'close') {
    readers.closeAll()
    port.close()
  } else {
    port.postMessage(answer(request))
  }
})

function answer(request: ReaderRequest): Reply<ReaderResult> {
  const { ticket } = request
  try {
    const reader = readers.get(request.workspace)
    switch (request.kind) {
      case 'read': {
        const { events, ...page } = reader.read(request.query)
        return { ticket, result: pack(events, page) }
      }
      case 'find':
        return { ticket, result: packOne(reader.find(request.identity)) }
      case 'at':
        return { ticket, result: packOne(reader.at(request.position)) }
      case 'summarize':
        return {
          ticket,
          result: reader.summarize(request.summary, request.after),
        }
      case 'firstSince':
        return { ticket, result: reader.firstSince(request.receivedMs) }
      case 'note':
        return { ticket, result: reader.note(request.name) }
      case 'notes':
        return { ticket, result: reader.notes(request.prefix) }
    }
  } catch (error) {
    return { ticket, failure: failureOf(error) }
  }
}

function packOne(event: StoredEvent | undefined): Found {
  return pack(event === undefined ? [] : [event], { more: false, head: 0 })
}

function pack(events: readonly StoredEvent[], page: Omit<Page, 'events'>): Found {
  return {
    records: events.map(encodeRecord),
    positions: events.map((event) => event.position),
    receivedAtMs: events.map((event) => event.receivedAtMs),
    ...page,
  }
}
