import { msOf, timeOf, type StoredEvent } from '../../core/event.ts'
import { formatMs } from '../../core/time.ts'
import { membersText, payloadObject } from '../shared/payload.ts'
import { viewId, workosSource } from './ids.ts'

/** A list body (contract 1.3). `after` is there only while more is to come: never an empty string. */
export function encodeList(events: readonly StoredEvent[], more: boolean): string {
  const last = events.at(-1)
  const after = more && last !== undefined ? JSON.stringify(viewId(last)) : 'null'
  const data = events.map(encodeEvent).join(',')
  return `{"object":"list","data":[${data}],"list_metadata":{"after":${after}}}`
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
