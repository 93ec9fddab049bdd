import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isWorkspaceName, type Access, type Keys, type Scope } from '../core/access.ts'

/** A key as it is kept: never the key itself. */
export interface KeyRecord {
  readonly name: string
  readonly workspace: string
  readonly scopes: readonly Scope[]
  /** When it was made, RFC 3339. */
  readonly createdAt: string
}

// A revoked key stops working within this time; a new one works at once.
const lookAgainMs = 500

const busyTimeoutMs = 5000

const table = `CREATE TABLE IF NOT EXISTS key(
  name TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, workspace TEXT NOT NULL,
  scopes TEXT NOT NULL, created_at TEXT NOT NULL) STRICT`

/**
 * The keys of a data folder, hashed at rest (SHA-256: keys are random, so no slow hash is needed). The
 * command that makes and revokes keys and the server that checks them may be different processes.
 */
export class KeyRing implements Keys {
  readonly #db: DatabaseSync
  readonly #now: () => number
  #known = new Map<string, Access>()
  #version = -1
  #lookedMs = -Infinity

  constructor(dataFolder: string, now: () => number = () => performance.now()) {
    mkdirSync(dataFolder, { recursive: true })
    this.#db = new DatabaseSync(join(dataFolder, 'keys.db'), { timeout: busyTimeoutMs })
    this.#db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
      ${table}`)
    this.#now = now
  }

  authenticate(key: string): Access | undefined {
    if (this.#now() - this.#lookedMs > lookAgainMs) this.#refresh()
    const hash = hashOf(key)
    const access = this.#known.get(hash)
    if (access !== undefined) return access
    this.#refresh()
    return this.#known.get(hash)
  }

  /**
   * Makes a key and returns it; it cannot be shown again.
   * @throws Error when the name is taken or a name is malformed.
   */
  create(name: string, workspace: string, scopes: readonly Scope[]): string {
    if (!/^[\w. -]{1,64}$/.test(name)) {
      throw new Error(
        'A key\'s name is made of letters, digits, blanks, ".", "_", "-"; at most 64.',
      )
    }
    if (!isWorkspaceName(workspace)) {
      throw new Error('A workspace\'s name is made of letters, digits, "_", "-"; at most 64.')
    }
    if (this.list().some((record) => record.name === name)) {
      throw new Error(
        `There is a key named "${name}" already; revoke it first, or take another name.`,
      )
    }
    const key = `ew_${randomBytes(24).toString('hex')}`
    this.#db
      .prepare('INSERT INTO key VALUES(?, ?, ?, ?, ?)')
      .run(name, hashOf(key), workspace, scopes.join(' '), new Date().toISOString())
    this.#forget()
    return key
  }

  /** Whether there was a key of that name to revoke. */
  revoke(name: string): boolean {
    const { changes } = this.#db.prepare('DELETE FROM key WHERE name = ?').run(name)
    this.#forget()
    return changes > 0
  }

  /** All keys, by name. */
  list(): KeyRecord[] {
    const rows = this.#db.prepare('SELECT * FROM key ORDER BY name').all()
    return rows.map((row) => ({
      name: String(row['name']),
      workspace: String(row['workspace']),
      scopes: String(row['scopes']).split(' ') as Scope[],
      createdAt: String(row['created_at']),
    }))
  }

  close(): void {
    this.#db.close()
  }

  /** Own changes do not move `data_version`. */
  #forget(): void {
    this.#version = -1
    this.#lookedMs = -Infinity
  }

  #refresh(): void {
    this.#lookedMs = this.#now()
    // Changes when another process, or another connection, has written.
    const version = Number(this.#db.prepare('PRAGMA data_version').get()?.['data_version'])
    if (version === this.#version) return
    const known = this.#db
      .prepare('SELECT * FROM key')
      .all()
      .map((row) => {
        const scopes = String(row['scopes']).split(' ') as Scope[]
        const access = { workspace: String(row['workspace']), scopes, isDevelopment: false }
        return [String(row['hash']), access] as const
      })
    this.#known = new Map(known)
    this.#version = version
  }
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}
