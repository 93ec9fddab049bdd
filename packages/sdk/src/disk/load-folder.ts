import { readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { damagedFilesIn } from './damaged-files.ts'
import { DoneNote } from './done-note.ts'
import { SpoolDamageError } from './errors.ts'
import {
  cutOff,
  inspect,
  nothing,
  segmentNumbers,
  segmentPath,
  sumOf,
  syncFile,
  syncFolder,
  type Amount,
  type Inspection,
  type Position,
  type Segment,
} from './segment.ts'

/** What stands in a folder when its owner comes. */
export interface Loaded {
  readonly note: DoneNote
  /** The oldest first. */
  readonly segments: Segment[]
  /** Before the oldest record that is not done. */
  readonly position: Position
  readonly size: Amount
  /** What files take that were damaged and put aside. */
  readonly damagedBytes: number
  /**
   * Higher than that of any file so far: a note of an older one must not be taken for one of it, and what
   * was put aside must not be overwritten.
   */
  readonly nextNumber: number
}

/** Reads what a folder holds, removes what is done, and cuts off what a crash tore. */
export async function loadFolder(
  folder: string,
  onFault: (error: unknown) => void,
): Promise<Loaded> {
  const { note, position: noted } = await DoneNote.open(folder)
  try {
    const numbers = await segmentNumbers(folder)
    const newest = numbers.at(-1) ?? 0
    const segments: Segment[] = []
    let size = nothing
    let position: Position = { segment: noted?.segment ?? 0, offset: 0, index: 0 }
    for (const number of numbers) {
      const path = segmentPath(folder, number)
      const found = await inspect(path)
      const isDone = number < position.segment
      if (isDone) {
        await rm(path)
        continue
      }
      const length = number === newest ? found.readableEnd : found.fileLength
      if (length < found.fileLength) await cutTail(path, found, onFault)
      if (length === 0) {
        await rm(path)
        continue
      }
      const damagedBytes = found.damagedBytes + length - found.readableEnd
      if (damagedBytes > 0) onFault(new SpoolDamageError(path, damagedBytes))
      if (noted?.segment === number && isIn(noted, found)) position = noted
      const unread = left(found, number === position.segment ? position : undefined)
      size = sumOf(size, unread)
      segments.push({ number, path, length, unread, isDamaged: damagedBytes > 0 })
    }
    const damaged = await damagedFilesIn(folder)
    const nextNumber = Math.max(newest, noted?.segment ?? 0, damaged.newest) + 1
    return { note, segments, position, size, damagedBytes: damaged.bytes, nextNumber }
  } catch (error) {
    await note.close()
    throw error
  }
}

/** Whether a note is of this file: an old one may be of one that is gone. */
function isIn({ offset, index }: Position, { lines, costs, readableEnd }: Inspection): boolean {
  if (offset === readableEnd) return index === 0
  const line = lines.findIndex(({ start }) => start === offset)
  return index < (costs[line]?.length ?? 0)
}

/**
 * Cuts off what stands behind the last line that can be read. A crash tears a line, and no newline was
 * written then; a whole line may have been acknowledged, so that it is kept and told of. Where it stood
 * is in the name, since the end of what is left may be damaged later.
 */
async function cutTail(
  path: string,
  { readableEnd, fileLength, hasLineBehind }: Inspection,
  onFault: (error: unknown) => void,
): Promise<void> {
  if (hasLineBehind) {
    const keptIn = `${path}.from-${readableEnd}.damaged`
    await writeFile(keptIn, (await readFile(path)).subarray(readableEnd), { mode: 0o600 })
    await syncFile(keptIn)
    await syncFolder(dirname(path))
    onFault(new SpoolDamageError(path, fileLength - readableEnd, keptIn))
  }
  await cutOff(path, readableEnd)
}

/** What is left of a file from a position on. */
function left({ lines, costs }: Inspection, from: Position | undefined): Amount {
  let records = 0
  let bytes = 0
  for (const [index, { start }] of lines.entries()) {
    if (from !== undefined && start < from.offset) continue
    const isFirst = start === from?.offset
    const ofLine = costs[index]!.slice(isFirst ? from.index : 0)
    records += ofLine.length
    bytes += ofLine.reduce((sum, one) => sum + one, 0)
  }
  return { records, bytes }
}
