import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** A record that the server will never take. */
export interface RefusedRecord {
  readonly record: string
  readonly reason: string
}

const bytesMaxIfAbsent = 64 * 1024 * 1024

/**
 * The file `refused.ndjson` of a folder, to which goes what a server will never take: a line for each,
 * with the time, the reason and the record. It is for people, and never read here. At its bound nothing
 * is thrown away: adding fails until somebody has moved it. After a crash a line may be there twice.
 */
export class RefusedFile {
  readonly #path: string
  readonly #bytesMax: number

  constructor(folder: string, bytesMax = bytesMaxIfAbsent) {
    this.#path = join(folder, 'refused.ndjson')
    this.#bytesMax = bytesMax
  }

  /** Adds lines, durably. @throws Error when the file is full, or cannot be written. */
  async add(refused: readonly RefusedRecord[], nowMs: number): Promise<void> {
    if (refused.length === 0) return
    const refusedAt = new Date(nowMs).toISOString()
    const lines = refused.map(({ record, reason }) => {
      // The record is JSON of its own, and may have numbers that would not survive another turn.
      return `{"refusedAt":"${refusedAt}","reason":${JSON.stringify(reason)},"event":${record}}\n`
    })
    const bytes = Buffer.from(lines.join(''))
    const size = await stat(this.#path).then(
      (found) => found.size,
      () => 0,
    )
    if (size > 0 && size + bytes.length > this.#bytesMax) {
      throw new Error(
        `${this.#path} is full: it has ${size} bytes, and at most ${this.#bytesMax} may be in it. ` +
          'Move it away; nothing is sent until then.',
      )
    }
    const file = await open(this.#path, 'a', 0o600)
    try {
      await file.appendFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
  }
}
