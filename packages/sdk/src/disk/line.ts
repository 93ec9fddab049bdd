import { crc32 } from './crc32.ts'

// How records stand in a file: what was added in one call is one line, so it is there whole or not at
// all.
//
//   <CRC-32 of what follows the space, in hex> <record><tab><record>…<newline>

const checksumBytes = 9
const newline = 0x0a

/** Where a line stands in its file, and what it holds; `undefined` when it cannot be read. */
export interface Line {
  readonly start: number
  /** Where the next one begins. */
  readonly end: number
  readonly records: readonly string[] | undefined
}

/**
 * Records as a line.
 * @throws TypeError when one has a tab or a line break in it; JSON as `JSON.stringify` makes it has none.
 */
export function lineOf(records: readonly string[]): Uint8Array {
  if (records.some((record) => /[\t\n]/.test(record))) {
    throw new TypeError('A record must not have a tab or a line break in it.')
  }
  const payload = Buffer.from(records.join('\t'))
  return Buffer.concat([Buffer.from(`${crc32(payload)} `), payload, Buffer.of(newline)])
}

/** How many bytes a record takes in its line; those of all of a line's records add up to the line. */
export function bytesOf(record: string, index: number): number {
  return Buffer.byteLength(record) + 1 + (index === 0 ? checksumBytes : 0)
}

/** The whole lines of a piece of a file; what follows the last newline is not among them. */
export function linesIn(bytes: Uint8Array, offset: number): Line[] {
  const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const lines: Line[] = []
  let start = 0
  for (;;) {
    const end = piece.indexOf(newline, start)
    if (end === -1) return lines
    const records = recordsOf(piece.subarray(start, end))
    lines.push({ start: offset + start, end: offset + end + 1, records })
    start = end + 1
  }
}

function recordsOf(line: Buffer): string[] | undefined {
  const payload = line.subarray(checksumBytes)
  if (line.length < checksumBytes) return undefined
  if (line.toString('latin1', 0, checksumBytes) !== `${crc32(payload)} `) return undefined
  return payload.toString().split('\t')
}
