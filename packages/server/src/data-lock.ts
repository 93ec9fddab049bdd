import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

// SQLite's primary result code for a file that another process has locked.
const sqliteBusy = 5

/**
 * Takes a data folder for this process alone, until the process ends, however it ends. The lock is
 * SQLite's own on a file of its own: the system lets go of it even after `kill -9`.
 * @throws Error when another server has it.
 */
export function lockDataFolder(dataFolder: string): { release(): void } {
  const db = openLock(dataFolder)
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    db.close()
    const { errcode = 0 } = error as { errcode?: number }
    if ((errcode & 0xff) !== sqliteBusy) throw error
    throw new Error(
      `Another Eventwell server is using the data folder ${dataFolder}. ` +
        'Stop it first, or choose another folder with --data.',
      { cause: error },
    )
  }
  return { release: () => db.close() }
}

function openLock(dataFolder: string): DatabaseSync {
  try {
    mkdirSync(dataFolder, { recursive: true })
    return new DatabaseSync(join(dataFolder, 'lock.db'))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(
      `The data folder ${dataFolder} cannot be written (${reason}). ` +
        'Give this user the right to write there, or choose another folder with --data.',
      { cause },
    )
  }
}
