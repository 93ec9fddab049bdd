import { msOf, timeOf, type StoredEvent } from '../../core/event.ts'
import { formatMs } from '../../core/time.ts'
import { membersText, payloadObject } from '../shared/payload.ts'
import { viewId, workosSource } from './ids.ts'
import type { ListPage } from './list.ts'

/**
 * A list body (contract 1.3). A cursor is there only while more is to come, and is null otherwise: never an
 * empty string. The live service shows `after` alone, so `before` is there only where it leads on.
 */
export function encodeList({ events, more }: ListPage): string {
  const cursor = (event: StoredEvent) => JSON.stringify(viewId(event))
  const [first, last] = [events[0], events.at(-1)]
  const after = more === 'after' && last !== undefined ? cursor(last) : 'null'
  const before = more === 'before' && first !== undefined ? `"before":${cursor(first)},` : ''
  const data = events.map(encodeEvent).join(',')
  return `{"object":"list","data":[${data}],"list_metadata":{${before}"after":${after}}}`
}

/** WorkOS's own events as they were sent; others by type, payload and time. */
function encodeEvent(event: StoredEvent): string {
  const isOwn = event.source === workosSource
  const createdAt = isOwn ? timeOf(event) : formatMs(msOf(event))
  return (
    `{"object":"event","id":${JSON.stringify(viewId(event))},"event":${JSON.stringify(event.type)},` +
    `"data":${payloadObject(event)},"created_at":${JSON.stringify(createdAt)}` +
    `${isOwn ? membersText(event.envelope) : ''}}`
  )
}
