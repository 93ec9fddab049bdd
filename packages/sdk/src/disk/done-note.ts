import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from './crc32.ts'
import type { Position } from './segment.ts'

// Of one size, so that a newer note covers an older one whole.
const noteBytes = 64

/**
 * How far a folder's records are done, so that little is sent again after a restart. It is written in one
 * piece and not synced: where it is behind or gone, more is sent again, which the records' ids make
 * harmless.
 */
export class DoneNote {
  readonly #file: FileHandle

  private constructor(file: FileHandle) {
    this.#file = file
  }

  /**
   * Opens the note of a folder, and reads it; `undefined` where there is none, or none that can be read.
   */
  static async open(folder: string): Promise<{ note: DoneNote; position: Position | undefined }> {
    const path = join(folder, 'done')
    // Not `a+`: on Linux it writes at the end wherever one says.
    const file = await open(path, 'r+', 0o600).catch(() => open(path, 'w+', 0o600))
    const { buffer, bytesRead } = await file.read(Buffer.alloc(noteBytes), 0, noteBytes, 0)
    return {
      note: new DoneNote(file),
      position: positionIn(buffer.toString('latin1', 0, bytesRead)),
    }
  }

  /** Notes a position. */
  async write({ segment, offset, index }: Position): Promise<void> {
    const text = `${segment} ${offset} ${index}`
    const line = `${crc32(Buffer.from(text))} ${text}`.padEnd(noteBytes - 1) + '\n'
    await this.#file.write(line, 0, 'latin1')
  }

  async close(): Promise<void> {
    await this.#file.close()
  }
}

function positionIn(text: string): Position | undefined {
  const [checksum = '', ...numbers] = text.trimEnd().split(' ')
  if (numbers.length !== 3 || crc32(Buffer.from(numbers.join(' '))) !== checksum) return undefined
  const [segment, offset, index] = numbers.map(Number) as [number, number, number]
  return { segment, offset, index }
}
