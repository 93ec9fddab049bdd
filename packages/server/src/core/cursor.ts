import { crc32 } from 'node:zlib'
import { EventwellError } from './errors.ts'
import type { Place } from './query.ts'

/**
 * A cursor is a place in one workspace's log as opaque, URL-safe text, good for ever. It names the log
 * it belongs to and carries a checksum, so that one that was cut, altered or made for another
 * workspace is refused instead of silently skipping events.
 */
export function encodeCursor(tag: string, place: Place): string {
  const body = [tag, place.position, ...(place.instant === undefined ? [] : [place.instant])]
  const text = body.join('.')
  return Buffer.from(`${text}.${crc32(text).toString(36)}`).toString('base64url')
}

/**
 * The place a cursor names.
 * @throws EventwellError `invalid_cursor` when this log never gave it out.
 */
export function decodeCursor(tag: string, head: number, cursor: string): Place {
  const bytes = Buffer.from(cursor, 'base64url')
  const text = bytes.toString('base64url') === cursor ? bytes.toString('latin1') : ''
  const [, body, cursorTag, position, instant, sum] =
    /^(([0-9a-z]+)\.(\d{1,16})(?:\.(-?\d{1,24}))?)\.([0-9a-z]+)$/.exec(text) ?? []
  if (body === undefined || crc32(body).toString(36) !== sum) {
    throw new EventwellError('invalid_cursor', 'This is not a cursor that this server gave out.')
  }
  if (cursorTag !== tag) {
    throw new EventwellError(
      'invalid_cursor',
      'This cursor belongs to another log: another workspace, or a data folder that is gone.',
    )
  }
  if (Number(position) > head) {
    throw new EventwellError(
      'invalid_cursor',
      'This cursor lies ahead of the log, as after restoring an older copy of the data folder.',
    )
  }
  return { position: Number(position), ...(instant && { instant: BigInt(instant) }) }
}
