import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

const ends = new WeakMap<TestContext, (() => unknown)[]>()

/**
 * What is done when the test is over, the last first: a folder is removed when nobody writes there any
 * more.
 */
export function atEnd(context: TestContext, end: () => unknown): void {
  const before = ends.get(context)
  if (before !== undefined) {
    before.push(end)
    return
  }
  const all = [end]
  ends.set(context, all)
  context.after(async () => {
    for (const one of all.toReversed()) await one()
  })
}

/** A folder that is removed when the test is over. */
export function temporaryFolder(context: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'eventwell-disk-'))
  atEnd(context, () => rmSync(path, { recursive: true, force: true }))
  return path
}

/**
 * What a crash at this moment leaves: a copy of the folder, without the lock of the one who still lives.
 */
export function crashed(context: TestContext, folder: string): string {
  const copy = temporaryFolder(context)
  cpSync(folder, copy, { recursive: true })
  for (const name of readdirSync(copy)) if (name.startsWith('lock-')) rmSync(join(copy, name))
  return copy
}

/** The files of records, the oldest first. */
export function recordFiles(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => /^records-\d+\.log$/.test(name))
  return names.toSorted().map((name) => join(folder, name))
}
