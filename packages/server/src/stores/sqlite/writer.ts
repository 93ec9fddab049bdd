// The writing thread: one commit carries every append that arrived while the last one was running.
import { statfsSync } from 'node:fs'
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { EventwellError } from '../../core/errors.ts'
import { failureOf } from './failure.ts'
import type { Failure, Reply, WriterRequest, WriterResult } from './messages.ts'
import { OpenFiles, workspacesMax } from './open-files.ts'
import type { WritingSettings } from './settings.ts'
import { WorkspaceWriter } from './workspace-writer.ts'

type AppendRequest = Extract<WriterRequest, { kind: 'append' }>

/** What the thread is started with. */
export interface WriterSettings extends WritingSettings {
  readonly dataFolder: string
  /** Appends are refused as `storage_full` while the disk has fewer free bytes than this. */
  readonly freeBytesMin: number
}

const commitRequestsMax = 256
const commitCharsMax = 32 * 1024 * 1024
const freeSpaceCheckMs = 500
// Whoever looks at the health must see a failure, and send writes again in time to see it mended.
const failureRecallMs = 10_000
const smallNoteChars = 65_536
const digestWaitMs = 20
const idleMs = 50
// Whoever appends waits for this at most.
const idleSliceMs = 20
// While requests come, digests may take a twentieth of the thread's time.
const busySliceMs = 4
const restFactor = 19

const port = parentPort!
const { dataFolder, freeBytesMin, isDigestedAtOnce, blockEvents } = workerData as WriterSettings
const writers = new OpenFiles(
  workspacesMax,
  (workspace) => new WorkspaceWriter(dataFolder, workspace, blockEvents),
)
let spaceCheckedMs = -Infinity
let hasSpace = true
let lastRequestMs = 0
/** The wait for the next slice of digests. */
let digesting: NodeJS.Timeout | undefined
/** The last commit that failed unexpectedly, and when; undefined after one that succeeded. */
let lastFailure: { readonly failure: Failure; readonly atMs: number } | undefined

port.on('message', (first: WriterRequest) => {
  const requests = takeWaiting(first)
  const replies = handle(requests)
  if (isDigestedAtOnce) {
    for (const writer of writers.values()) while (writer.hasUndigested) writer.digest(Infinity)
  }
  port.postMessage(replies)
  lastRequestMs = performance.now()
  if (requests.at(-1)?.kind === 'close') {
    clearTimeout(digesting)
    port.close()
    return
  }
  for (const writer of writers.values()) writer.keepFilter()
  digestLater(digestWaitMs)
})

function digestLater(waitMs: number): void {
  const hasWork = [...writers.values()].some((writer) => writer.hasUndigested)
  if (hasWork) digesting ??= setTimeout(digestSome, waitMs)
}

/** Digests some, and rests before it goes on: long while requests come, not at all while none do. */
function digestSome(): void {
  digesting = undefined
  const beginMs = performance.now()
  const isIdle = beginMs - lastRequestMs > idleMs
  const writer = [...writers.values()].find(({ hasUndigested }) => hasUndigested)
  writer?.digest(isIdle ? idleSliceMs : busySliceMs)
  digestLater(isIdle ? 0 : (performance.now() - beginMs) * restFactor)
}

/** What waits already, up to the bounds of one commit. */
function takeWaiting(first: WriterRequest): WriterRequest[] {
  const requests = [first]
  let last = first
  let chars = 0
  while (requests.length < commitRequestsMax && last.kind === 'append') {
    chars += last.batch.records.length
    const next = chars > commitCharsMax ? undefined : receiveMessageOnPort(port)
    if (next === undefined) break
    last = next.message as WriterRequest
    requests.push(last)
  }
  return requests
}

function handle(requests: readonly WriterRequest[]): Reply<WriterResult>[] {
  const replies: Reply<WriterResult>[] = []
  const appends = new Map<string, AppendRequest[]>()
  for (const request of requests) {
    if (request.kind !== 'append') continue
    const sameWorkspace = appends.get(request.workspace)
    if (sameWorkspace === undefined) appends.set(request.workspace, [request])
    else sameWorkspace.push(request)
  }
  for (const [workspace, group] of appends) replies.push(...commit(workspace, group))
  for (const request of requests) {
    if (request.kind !== 'append') replies.push(answer(request))
  }
  return replies
}

function commit(workspace: string, group: readonly AppendRequest[]): Reply<WriterResult>[] {
  try {
    checkSpace()
    const results = writers.get(workspace).commit(group, Date.now())
    lastFailure = undefined
    return group.map(({ ticket }, index) => ({ ticket, ...results[index]! }))
  } catch (error) {
    const failure = failureOf(error)
    if (failure.code === 'internal') lastFailure = { failure, atMs: performance.now() }
    return group.map(({ ticket }) => ({ ticket, failure }))
  }
}

function answer(request: Exclude<WriterRequest, AppendRequest>): Reply<WriterResult> {
  const { ticket } = request
  try {
    if (request.kind === 'close') {
      writers.closeAll()
      return { ticket, result: undefined }
    }
    if (request.kind === 'ready') {
      checkSpace()
      const isRecent = performance.now() - (lastFailure?.atMs ?? -Infinity) < failureRecallMs
      return lastFailure !== undefined && isRecent
        ? { ticket, failure: lastFailure.failure }
        : { ticket, result: undefined }
    }
    const writer = writers.get(request.workspace)
    if (request.kind === 'note') {
      // Small ones are taken on a full disk, too: to remove events takes some, and makes room.
      if ((request.text?.length ?? 0) > smallNoteChars) checkSpace()
      writer.putNote(request.name, request.text)
      return { ticket, result: undefined }
    }
    if (request.kind === 'remove') {
      const { removal, reason, after } = request
      return { ticket, result: writer.remove(removal, reason, after) }
    }
    const { tag, head, erasures } = writer
    return { ticket, result: { tag, head, erasures } }
  } catch (error) {
    return { ticket, failure: failureOf(error) }
  }
}

function checkSpace(): void {
  const nowMs = performance.now()
  if (nowMs - spaceCheckedMs > freeSpaceCheckMs) {
    const { bavail, bsize } = statfsSync(dataFolder)
    hasSpace = bavail * bsize >= freeBytesMin
    spaceCheckedMs = nowMs
  }
  if (!hasSpace) {
    const mib = Math.ceil(freeBytesMin / 1024 / 1024)
    throw new EventwellError(
      'storage_full',
      `Less than ${mib} MiB are free; nothing more is taken.`,
    )
  }
}
