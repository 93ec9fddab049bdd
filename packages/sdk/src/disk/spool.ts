import { mkdir, rename, rm } from 'node:fs/promises'
import { damagedFilesIn } from './damaged-files.ts'
import { DoneNote } from './done-note.ts'
import { SpoolFullError, type SpoolDamageError } from './errors.ts'
import { lockFolder } from './folder-lock.ts'
import { lineOf } from './line.ts'
import { loadFolder, type Loaded } from './load-folder.ts'
import { SegmentReader } from './segment-reader.ts'
import { makeFile, SegmentWriter, type MakeFile } from './segment-writer.ts'
import { sumOf, unlessGone, without, type Amount, type Segment } from './segment.ts'

/** What a spool may take, and whom it tells of what goes wrong beside its calls. */
export interface SpoolOptions {
  /**
   * How many bytes unsent records may take; 256 MiB by default. The disk may hold 4 MiB more of sent
   * ones.
   */
  readonly bytesMax?: number | undefined
  /** Told of damage, and of files that cannot be removed or noted. Nothing stops for it. */
  readonly onFault: (error: unknown) => void
  /** For tests: how many bytes a file has before another is begun; 4 MiB by default. */
  readonly segmentBytes?: number | undefined
  /**
   * For tests: how many bytes files may have that were damaged and put aside, before nothing more is
   * added; 64 MiB by default.
   */
  readonly damagedBytesMax?: number | undefined
  /** For tests: a disk that fails. */
  readonly makeFile?: MakeFile | undefined
}

/** The oldest records. */
export interface SpoolBatch {
  readonly records: readonly string[]
  /** For `done`, when they are dealt with. */
  readonly mark: number
}

// One that its owner left without closing it keeps its files and its folder: a file that garbage collection
// closes is an error, which ends the process (Node 26).
const held = new Set<Spool>()

const segmentBytesIfAbsent = 4 * 1024 * 1024
const bytesMaxIfAbsent = 256 * 1024 * 1024
const damagedBytesMaxIfAbsent = 64 * 1024 * 1024

/**
 * A queue of texts in a folder that outlives the process, however that ends. What `add` has acknowledged
 * is there until `done`; after a crash some that were done may come again, and none is lost.
 *
 * - Records of one `add` stand together or not at all. Half a line that a crash left, which was never
 *   acknowledged, is cut off.
 * - Damage of anything else is told to `onFault`, what cannot be read is kept in a file with `.damaged` at
 *   its end, and the rest is read. When such files have 64 MiB or more, nothing is added until they are
 *   moved away; so the disk holds no more of them than that and what was there to be damaged.
 * - A folder has one owner at a time. Files may be read by their user only.
 */
export class Spool {
  readonly #folder: string
  readonly #bytesMax: number
  readonly #damagedBytesMax: number
  readonly #onFault: (error: unknown) => void
  readonly #lock: { release(): Promise<void> }
  readonly #note: DoneNote
  readonly #segments: Segment[]
  readonly #reader: SegmentReader
  readonly #writer: SegmentWriter
  #damagedBytes: number
  #recounting: Promise<void> | undefined
  // What was there at the beginning, and what came.
  #added: Amount
  // Not yet acknowledged, and already counted against the bound.
  #comingBytes = 0
  #doneCount = 0
  #closing: Promise<void> | undefined

  private constructor(
    folder: string,
    options: SpoolOptions,
    lock: { release(): Promise<void> },
    loaded: Loaded,
  ) {
    const { segmentBytes = segmentBytesIfAbsent, makeFile: make = makeFile } = options
    this.#folder = folder
    this.#bytesMax = options.bytesMax ?? bytesMaxIfAbsent
    this.#damagedBytesMax = options.damagedBytesMax ?? damagedBytesMaxIfAbsent
    this.#onFault = options.onFault
    this.#lock = lock
    this.#note = loaded.note
    this.#segments = loaded.segments
    this.#damagedBytes = loaded.damagedBytes
    this.#added = loaded.size
    this.#writer = new SegmentWriter(folder, this.#segments, loaded.nextNumber, {
      segmentBytes,
      makeFile: make,
    })
    this.#reader = new SegmentReader(this.#segments, loaded.position, (error, segment) =>
      this.#noteDamage(error, segment),
    )
  }

  /**
   * Opens a folder, and makes it where there is none.
   * @throws FolderInUseError when it has an owner.
   * @throws Error when it cannot be written; RangeError when the bound is no number of bytes.
   */
  static async open(folder: string, options: SpoolOptions): Promise<Spool> {
    const { bytesMax = bytesMaxIfAbsent } = options
    if (!Number.isSafeInteger(bytesMax) || bytesMax < 1) {
      throw new RangeError(`bytesMax must be a whole number of bytes above 0; it is ${bytesMax}.`)
    }
    const lock = await writable(folder, async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      return lockFolder(folder)
    })
    try {
      const loaded = await writable(folder, () => loadFolder(folder, options.onFault))
      const spool = new Spool(folder, options, lock, loaded)
      held.add(spool)
      return spool
    } catch (error) {
      await lock.release()
      throw error
    }
  }

  /** What is unsent. What is found to be lost counts until its turn comes. */
  get size(): Amount {
    return without(this.#added, this.#reader.passed)
  }

  /** How many records were done, or lost in their turn, since it was opened. */
  get passed(): number {
    return this.#reader.passed.records
  }

  /**
   * Resolves when all of the records are on disk for good, behind all that was added before.
   * @throws SpoolFullError when there is no room; TypeError when a record has a tab or a line break;
   *   Error when the disk cannot be written, or the spool is closed. Then none of them is there.
   */
  async add(records: readonly string[]): Promise<void> {
    this.#checkOpen()
    if (records.length === 0) return
    const line = lineOf(records)
    if (this.#damagedBytes >= this.#damagedBytesMax) {
      // They may have been moved away.
      await this.#recountDamaged()
      this.#checkOpen()
    }
    this.#checkRoom(line.length)
    this.#comingBytes += line.length
    const onKept = (segment: Segment) => {
      const amount = { records: records.length, bytes: line.length }
      this.#comingBytes -= line.length
      segment.unread = sumOf(segment.unread, amount)
      this.#added = sumOf(this.#added, amount)
    }
    await this.#writer.write(line, onKept).catch((error: unknown) => {
      this.#comingBytes -= line.length
      throw error
    })
  }

  /**
   * The oldest records that are not done, at most so many and so many bytes, though at least one;
   * `undefined` when there are none. The same again until they are done. One call at a time.
   */
  async next(bounds: { recordsMax: number; bytesMax: number }): Promise<SpoolBatch | undefined> {
    const entries = await this.#reader.peek(bounds.recordsMax, bounds.bytesMax)
    if (entries.length === 0) return undefined
    return {
      records: entries.map(({ record }) => record),
      mark: this.#doneCount + entries.length,
    }
  }

  /** Forgets the records up to a mark, or up to so many before it. */
  async done(mark: number): Promise<void> {
    const entries = this.#reader.drop(Math.max(0, mark - this.#doneCount))
    this.#doneCount += entries.length
    await this.#quietly(this.#note.write(this.#reader.position))
    await this.#removeDone((segment) => this.#writer.isWriting(segment))
  }

  /** Waits until all that was to be added so far is on disk, or was refused. */
  async settled(): Promise<void> {
    // Those who add are told of its failure.
    await this.#recounting?.catch(() => undefined)
    await this.#writer.settled()
  }

  /** Waits for what is being added, and gives the folder back. What is unsent stays there. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new Error(`The queue in ${this.#folder} is closed.`)
  }

  #checkRoom(moreBytes: number): void {
    const bytes = this.size.bytes + this.#comingBytes
    const [bytesMax, damagedBytesMax] = [this.#bytesMax, this.#damagedBytesMax]
    const damagedBytes = this.#damagedBytes
    if (bytes + moreBytes <= bytesMax && damagedBytes < damagedBytesMax) return
    throw new SpoolFullError(this.#folder, { bytes, bytesMax, damagedBytes, damagedBytesMax })
  }

  /** One look for all who ask meanwhile, so that they go on in their order. */
  #recountDamaged(): Promise<void> {
    this.#recounting ??= damagedFilesIn(this.#folder)
      .then(({ bytes }) => {
        this.#damagedBytes = bytes
      })
      .finally(() => {
        this.#recounting = undefined
      })
    return this.#recounting
  }

  async #close(): Promise<void> {
    await this.#quietly(this.#writer.close())
    await this.#removeDone(() => false)
    await this.#quietly(this.#note.close())
    await this.#lock.release()
    held.delete(this)
  }

  async #removeDone(isNeeded: (segment: Segment) => boolean): Promise<void> {
    for (;;) {
      const [oldest] = this.#segments
      const { segment, offset } = this.#reader.position
      if (oldest === undefined || oldest.number > segment || isNeeded(oldest)) return
      if (oldest.number === segment && offset < oldest.length) return
      this.#segments.shift()
      await this.#quietly(
        oldest.isDamaged ? this.#putAside(oldest) : rm(oldest.path, { force: true }),
      )
    }
  }

  async #putAside({ path, length }: Segment): Promise<void> {
    this.#damagedBytes += length
    await rename(path, `${path}.damaged`).catch((error: unknown) => {
      this.#damagedBytes -= length
      unlessGone(error)
    })
  }

  #noteDamage(error: SpoolDamageError, segment: Segment): void {
    segment.isDamaged = true
    this.#onFault(error)
  }

  /** What fails here costs a repetition after a restart at most: it is told, and nothing stops for it. */
  async #quietly(work: Promise<unknown>): Promise<void> {
    await work.catch(this.#onFault)
  }
}

async function writable<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    // The system's refusals have codes; what is our own says enough.
    if (!(cause instanceof Error) || !('code' in cause)) throw cause
    throw new Error(
      `The folder ${folder} cannot be used: ${cause.message}. ` +
        'Give this user the right to read and write there, or choose another folder.',
      { cause },
    )
  }
}
