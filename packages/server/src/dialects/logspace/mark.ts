import { crc32 } from 'node:zlib'
import { badValue } from './refusals.ts'

/** A place in HQ's order: by time, then by id (contract 2.1). */
export interface Mark {
  /** The time in ms since 1970, which is all that HQ knows of it. */
  readonly ms: number
  readonly id: string
  /** How many events the whole list had when its first page was read. */
  readonly total: number
}

/** A mark of a log as text that is safe in a URL. */
export function writeMark(tag: string, { ms, id, total }: Mark): string {
  const body = `${tag} ${ms} ${total} ${id}`
  return Buffer.from(`${crc32(body).toString(36)} ${body}`).toString('base64url')
}

/**
 * The mark that a text names.
 * @throws HqRefusal when this log never gave it out.
 */
export function readMark(tag: string, text: string): Mark {
  const decoded = Buffer.from(text, 'base64url').toString('utf8')
  const [, sum, body, ofTag, ms, total, id] =
    /^([0-9a-z]+) (([0-9a-z]+) (-?\d{1,16}) (\d{1,16}) (.+))$/s.exec(decoded) ?? []
  if (body === undefined || crc32(body).toString(36) !== sum || ofTag !== tag) {
    throw badValue('cursor', 'This cursor was not given out here; begin with *.')
  }
  return { ms: Number(ms), id: id!, total: Number(total) }
}
