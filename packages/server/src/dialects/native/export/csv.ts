import type { StoredEvent } from '../../../core/event.ts'
import { attributesOf, cursorAttribute } from '../encode.ts'

// The attributes that have a column of their own, by its name.
const columns = [
  'sequence',
  'recordedtime',
  'time',
  'source',
  'id',
  'type',
  'subject',
  'authid',
  'organization',
] as const
const lineEnd = '\r\n'

/** The first line of an export as CSV: the names of the columns. */
export const csvHeader =
  [...columns, 'data', 'data_base64', 'extensions', 'cursor'].join(',') + lineEnd

/**
 * An event as a line of CSV (RFC 4180). What it lacks is an empty cell; `data` is JSON text, and `extensions`
 * is a JSON object of the attributes that have no column.
 */
export function csvLine(event: StoredEvent, cursor: string): string {
  const { specversion: _, data_base64: base64, ...attributes } = attributesOf(event)
  const cells = columns.map((name) => textOf(attributes[name]))
  const rest = Object.entries(attributes).filter(
    ([name]) => !isColumn(name) && name !== cursorAttribute,
  )
  const extensions = rest.length === 0 ? '' : JSON.stringify(Object.fromEntries(rest))
  return (
    [...cells, event.data ?? '', textOf(base64), extensions, cursor].map(quote).join(',') + lineEnd
  )
}

function isColumn(name: string): boolean {
  return (columns as readonly string[]).includes(name)
}

function textOf(value: unknown): string {
  return value === undefined ? '' : String(value)
}

function quote(cell: string): string {
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
