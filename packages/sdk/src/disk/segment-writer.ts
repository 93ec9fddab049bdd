import { open, rm } from 'node:fs/promises'
import { cutOff, nothing, unlessGone, segmentPath, syncFolder, type Segment } from './segment.ts'

// No more than this is written before a sync, unless one line has more.
const commitBytes = 4 * 1024 * 1024

/** A file as the writer needs it; a test may put a disk in its place that fails. */
export interface WritableFile {
  write(bytes: Uint8Array, position: number): Promise<void>
  sync(): Promise<void>
  close(): Promise<void>
}

/** Makes a new file. */
export type MakeFile = (path: string) => Promise<WritableFile>

/** How files are made. */
export interface WriterRules {
  /**
   * A file with so many bytes is followed by another, so that what was sent can be removed by the file.
   */
  readonly segmentBytes: number
  readonly makeFile: MakeFile
}

interface Pending {
  readonly line: Uint8Array
  readonly onKept: (segment: Segment) => void
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/**
 * Appends lines and syncs them, those of many callers at once: while one sync runs, what comes waits for
 * the next.
 */
export class SegmentWriter {
  readonly #folder: string
  readonly #segments: Segment[]
  readonly #rules: WriterRules
  #pending: Pending[] = []
  #running: Promise<void> | undefined
  // Lines are settled in their order.
  #newest: Promise<unknown> = Promise.resolve()
  #active: { segment: Segment; file: WritableFile } | undefined
  #committing: Segment | undefined
  #nextNumber: number
  // A file in which there may be more than was acknowledged.
  #torn: Segment | undefined

  /** @param segments New files are put at its end. */
  constructor(folder: string, segments: Segment[], nextNumber: number, rules: WriterRules) {
    this.#folder = folder
    this.#segments = segments
    this.#nextNumber = nextNumber
    this.#rules = rules
  }

  /**
   * Resolves when the line is on disk for good; rejects when it is not there at all.
   * @param onKept Called at the moment from which it can be read.
   */
  write(line: Uint8Array, onKept: (segment: Segment) => void): Promise<void> {
    const written = new Promise<void>((resolve, reject) => {
      this.#pending.push({ line, onKept, resolve, reject })
      this.#running ??= this.#run()
    })
    this.#newest = written.catch(() => undefined)
    return written
  }

  /** Waits until all that was to be written so far is on disk, or could not be written. */
  async settled(): Promise<void> {
    await this.#newest
  }

  /** Whether lines are added to this file. */
  isWriting(segment: Segment): boolean {
    if (this.#committing === segment) return true
    return this.#active?.segment === segment && this.#hasRoom(segment)
  }

  /** A file that was found damaged may be another by now, or gone: no more is trusted to it. */
  #hasRoom({ length, isDamaged }: Segment): boolean {
    return length < this.#rules.segmentBytes && !isDamaged
  }

  /** Waits for what is being written. */
  async close(): Promise<void> {
    await this.#running
    await this.#release()
  }

  async #run(): Promise<void> {
    // Lets all who call in the same turn share the first sync, too.
    await Promise.resolve()
    while (this.#pending.length > 0) await this.#commit(this.#taken())
    this.#running = undefined
  }

  #taken(): readonly Pending[] {
    let bytes = 0
    const end = this.#pending.findIndex(({ line }, index) => {
      bytes += line.length
      return index > 0 && bytes > commitBytes
    })
    return this.#pending.splice(0, end === -1 ? this.#pending.length : end)
  }

  async #commit(group: readonly Pending[]): Promise<void> {
    try {
      const { segment, file } = await this.#writable()
      this.#committing = segment
      const bytes = Buffer.concat(group.map(({ line }) => line))
      await file.write(bytes, segment.length)
      await file.sync()
      segment.length += bytes.length
      for (const { onKept, resolve } of group) {
        onKept(segment)
        resolve()
      }
    } catch (cause) {
      const error = writeError(this.#folder, await this.#abandon(cause))
      for (const { reject } of group) reject(error)
    } finally {
      this.#committing = undefined
    }
  }

  async #writable(): Promise<{ segment: Segment; file: WritableFile }> {
    // It must be in order before more is written, or a restart would find what was never acknowledged.
    await this.#tidyUp()
    if (this.#active !== undefined && this.#hasRoom(this.#active.segment)) return this.#active
    await this.#release()
    const number = this.#nextNumber
    this.#nextNumber += 1
    const path = segmentPath(this.#folder, number)
    const segment: Segment = { number, path, length: 0, unread: nothing, isDamaged: false }
    const file = await this.#rules.makeFile(path)
    this.#active = { segment, file }
    this.#segments.push(segment)
    await syncFolder(this.#folder)
    return this.#active
  }

  /**
   * Leaves the file: after a sync that failed, a second one may claim success without reason.
   * @param cause Why; returned, unless something graver happens now.
   */
  async #abandon(cause: unknown): Promise<unknown> {
    this.#torn = this.#active?.segment ?? this.#torn
    try {
      await this.#release()
      await this.#tidyUp()
      return cause
    } catch (error) {
      return error
    }
  }

  /** Cuts a file off where its last acknowledged line ends. */
  async #tidyUp(): Promise<void> {
    if (this.#torn === undefined) return
    const { path, length } = this.#torn
    const at = this.#segments.indexOf(this.#torn)
    if (length > 0) await cutOff(path, length).catch(unlessGone)
    else {
      await rm(path, { force: true })
      if (at >= 0) this.#segments.splice(at, 1)
    }
    this.#torn = undefined
  }

  async #release(): Promise<void> {
    const active = this.#active
    this.#active = undefined
    await active?.file.close()
  }
}

/** The system's own. */
export async function makeFile(path: string): Promise<WritableFile> {
  const file = await open(path, 'wx', 0o600)
  return {
    async write(bytes, position) {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done)
        done += bytesWritten
      }
    },
    sync: () => file.datasync(),
    close: () => file.close(),
  }
}

function writeError(folder: string, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new Error(`${folder} could not be written: ${reason}. Nothing was added.`, { cause })
}
