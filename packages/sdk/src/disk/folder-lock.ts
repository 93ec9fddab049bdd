import { randomBytes } from 'node:crypto'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FolderInUseError } from './errors.ts'

// What a lock's name says of its owner: pid, start of the process (0 where the system does not tell), and
// which of the owners in that process.
interface Owner {
  readonly pid: number
  readonly startedAt: string
  readonly token: string
}

const unknown = '0'
const zombie = 'zombie'

// Of this process, also of a second copy of this package: the owners, and, since of two at once the first
// one shall have it, the newest attempt to become one.
const registry = Symbol.for('eventwell.folder-locks')
const scope = globalThis as { [registry]?: { tokens: Set<string>; turn: Promise<unknown> } }
const own = (scope[registry] ??= { tokens: new Set(), turn: Promise.resolve() })

/**
 * Takes a folder for one owner. Each who wants it puts up a file that is named for its process, and looks
 * then at who else has one: none ever takes it from an owner who lives, and of two processes at the same
 * moment at least one sees the other; where both do, both are refused. A file whose process is gone
 * (`kill -9`, another boot or container with the same pid) is removed. It tells processes of one machine
 * and container apart; a folder must not be shared between machines.
 * @throws FolderInUseError when another owner lives.
 */
export function lockFolder(folder: string): Promise<{ release(): Promise<void> }> {
  const taken = own.turn.then(() => takeFolder(folder))
  own.turn = taken.catch(() => undefined)
  return taken
}

async function takeFolder(folder: string): Promise<{ release(): Promise<void> }> {
  const { pid } = process
  const startedAt = (await startOf(pid)) ?? unknown
  const token = randomBytes(8).toString('hex')
  const path = join(folder, nameOf({ pid, startedAt, token }))
  own.tokens.add(token)
  const release = async () => {
    await rm(path, { force: true })
    own.tokens.delete(token)
  }
  try {
    await writeFile(path, '', { flag: 'wx', mode: 0o600 })
    for (const name of await readdir(folder)) {
      const other = ownerIn(name)
      if (other === undefined || other.token === token) continue
      if (await isAlive(other)) throw new FolderInUseError(folder, other.pid)
      await rm(join(folder, name), { force: true })
    }
  } catch (error) {
    await release()
    throw error
  }
  return { release }
}

function nameOf({ pid, startedAt, token }: Owner): string {
  return `lock-${pid}-${startedAt}-${token}`
}

function ownerIn(name: string): Owner | undefined {
  const [, pid, startedAt, token] = /^lock-(\d+)-(\d+)-([0-9a-f]+)$/.exec(name) ?? []
  if (pid === undefined || startedAt === undefined || token === undefined) return undefined
  return { pid: Number(pid), startedAt, token }
}

async function isAlive({ pid, startedAt, token }: Owner): Promise<boolean> {
  if (!isRunning(pid)) return false
  const started = await startOf(pid)
  if (started === zombie) return false
  if (started !== undefined && startedAt !== unknown) return started === startedAt
  // Without times of start, a lock of our own pid is of an earlier process unless we put it up.
  return pid !== process.pid || own.tokens.has(token)
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Whatever else is said (it is not ours to signal, or Deno does not allow to ask), it may be there.
    return (error as { code?: unknown }).code !== 'ESRCH'
  }
}

/** When a process started, in the system's ticks; `undefined` where the system does not tell. */
async function startOf(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => undefined)
  // The name in parentheses may have anything in it.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ')
  // Killed, and only its parent has not noticed.
  if (fields?.[0] === 'Z' || fields?.[0] === 'X') return zombie
  return fields?.[19]
}
