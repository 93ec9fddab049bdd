import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { unlessGone } from './segment.ts'

/** What was put aside in a folder since it cannot be read: the files whose names end with `.damaged`. */
export interface DamagedFiles {
  readonly bytes: number
  /** The highest number of a file of records that one of them is named for; 0 without any. */
  readonly newest: number
}

/** Looks at what was put aside in a folder, and not moved away since. */
export async function damagedFilesIn(folder: string): Promise<DamagedFiles> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.damaged'))
  const sizes = await Promise.all(names.map((name) => sizeOf(join(folder, name))))
  const numbers = names.map((name) => Number(/^records-(\d+)\.log\./.exec(name)?.[1] ?? 0))
  return { bytes: sizes.reduce((sum, bytes) => sum + bytes, 0), newest: Math.max(0, ...numbers) }
}

/** Somebody may be moving it away at this moment. */
async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(unlessGone)
  return found?.size ?? 0
}
