import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DoneNote } from './done-note.ts'
import { SpoolDamageError } from './errors.ts'
import {
  cutOff,
  inspect,
  segmentNumbers,
  segmentPath,
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
  readonly size: { readonly records: number; readonly bytes: number }
  /** What files take that were damaged and put aside. */
  readonly damagedBytes: number
  /** Higher than that of any file so far: a note of an older one must not be taken for one of it. */
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
    const size = { records: 0, bytes: 0 }
    let position: Position = { segment: noted?.segment ?? 0, offset: 0, index: 0 }
    for (const number of numbers) {
      const path = segmentPath(folder, number)
      const found = await inspect(path)
      const isDone = number < position.segment
      const length = number === newest ? found.readableEnd : found.fileLength
      if (isDone || length === 0) {
        await rm(path)
        continue
      }
      if (length < found.fileLength) await cutOff(path, length)
      const damagedBytes = found.damagedBytes + length - found.readableEnd
      if (damagedBytes > 0) onFault(new SpoolDamageError(path, damagedBytes))
      segments.push({ number, path, length, isDamaged: damagedBytes > 0 })
      if (noted?.segment === number && isIn(noted, found)) position = noted
      count(size, found, number === position.segment ? position : undefined)
    }
    const nextNumber = Math.max(newest, noted?.segment ?? 0) + 1
    return { note, segments, position, size, damagedBytes: await putAside(folder), nextNumber }
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

function count(
  size: { records: number; bytes: number },
  { lines, costs }: Inspection,
  from: Position | undefined,
): void {
  for (const [index, { start }] of lines.entries()) {
    if (from !== undefined && start < from.offset) continue
    const isFirst = start === from?.offset
    const left = costs[index]!.slice(isFirst ? from.index : 0)
    size.records += left.length
    size.bytes += left.reduce((sum, bytes) => sum + bytes, 0)
  }
}

async function putAside(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.damaged'))
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size))
  return sizes.reduce((sum, bytes) => sum + bytes, 0)
}
