import { open, readdir, readFile, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { bytesOf, linesIn, type Line } from './line.ts'

/** How much. */
export interface Amount {
  readonly records: number
  /** What they take on disk. */
  readonly bytes: number
}

/** None. */
export const nothing: Amount = { records: 0, bytes: 0 }

/** Both together. */
export function sumOf(one: Amount, other: Amount): Amount {
  return { records: one.records + other.records, bytes: one.bytes + other.bytes }
}

/** What is left of it without another. */
export function without(whole: Amount, part: Amount): Amount {
  return { records: whole.records - part.records, bytes: whole.bytes - part.bytes }
}

/** A file of records. Only what is synced counts as its length. */
export interface Segment {
  readonly number: number
  readonly path: string
  /** Bytes that are there for good. */
  length: number
  /** What was written, is not done and was not read so far; at the end of the file, it is lost. */
  unread: Amount
  /** Whether some of it cannot be read; that is reported once. */
  isDamaged: boolean
}

/** Where a reader is: before this record of the line that begins there. */
export interface Position {
  readonly segment: number
  readonly offset: number
  readonly index: number
}

/** What a look at a whole file finds. */
export interface Inspection {
  /** Where the last line ends that can be read. */
  readonly readableEnd: number
  readonly fileLength: number
  /** How many bytes before that end cannot be read. */
  readonly damagedBytes: number
  /** Whether a whole line, with its newline, stands behind that end. */
  readonly hasLineBehind: boolean
  readonly lines: readonly Pick<Line, 'start'>[]
  /** For each of those lines, what its records take. */
  readonly costs: readonly (readonly number[])[]
}

/** The path of the file with this number. */
export function segmentPath(folder: string, number: number): string {
  return join(folder, `records-${String(number).padStart(8, '0')}.log`)
}

/** The numbers of the files of a folder, the oldest first. */
export async function segmentNumbers(folder: string): Promise<number[]> {
  const names = await readdir(folder)
  const found = names.map((name) => /^records-(\d{8,})\.log$/.exec(name)?.[1])
  return found
    .filter((digits) => digits !== undefined)
    .map(Number)
    .toSorted((one, other) => one - other)
}

/** Looks at all of a file. */
export async function inspect(path: string): Promise<Inspection> {
  const bytes = await readFile(path)
  const all = linesIn(bytes, 0)
  const readable = all.filter(({ records }) => records !== undefined)
  const readableEnd = readable.at(-1)?.end ?? 0
  const readableBytes = readable.reduce((sum, { start, end }) => sum + end - start, 0)
  return {
    readableEnd,
    fileLength: bytes.length,
    damagedBytes: readableEnd - readableBytes,
    hasLineBehind: (all.at(-1)?.end ?? 0) > readableEnd,
    lines: readable.map(({ start }) => ({ start })),
    costs: readable.map(({ records = [] }) => records.map(bytesOf)),
  }
}

/** Whether a file is not there, by what the system said. */
export function isGone(error: unknown): boolean {
  return (error as { code?: unknown } | undefined)?.code === 'ENOENT'
}

/** For what need not be done to a file that is not there. @throws what else there was. */
export function unlessGone(error: unknown): void {
  if (!isGone(error)) throw error
}

/** Cuts a file off, durably. */
export async function cutOff(path: string, length: number): Promise<void> {
  await truncate(path, length)
  await syncFile(path)
}

/** Makes it durable what stands in a file. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/**
 * Makes it durable that files were made in a folder or are gone. Windows cannot, and need not, be told.
 */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
