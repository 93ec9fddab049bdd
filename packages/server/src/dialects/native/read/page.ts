import type { StoredEvent } from '../../../core/event.ts'
import type { CursorPage } from '../../../core/log.ts'
import { sequenceOf } from '../encode.ts'
import { encodeFields, type Fields } from './fields.ts'

/** A page of the list, and what its reader should know of it. */
export interface ListPage extends Pick<CursorPage, 'cursor' | 'more' | 'next'> {
  readonly events: readonly StoredEvent[]
  /** The highest position behind the reader's cursor that retention has removed, if it removed any. */
  readonly overtaken?: number | undefined
}

/** The body of a list. It is not `complete` when looking for events was broken off with none found. */
export function encodePage(page: ListPage, fields?: Fields): string {
  const { events, cursor, more, next, overtaken } = page
  const list = events.map((event) => encodeFields(event, fields)).join(',')
  const rest = {
    cursor,
    more,
    ...(events.length === 0 && next !== undefined && { complete: false }),
    ...(overtaken !== undefined && { gap: { through: sequenceOf(overtaken) } }),
  }
  return `{"events":[${list}],${JSON.stringify(rest).slice(1)}`
}
