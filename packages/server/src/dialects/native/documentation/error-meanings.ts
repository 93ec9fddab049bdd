import type { ErrorCode } from '../../../core/errors.ts'

/** What each code means and what helps, as the documentation says it. */
export const errorMeanings: Readonly<Record<ErrorCode, string>> = {
  invalid_json: 'The body is not JSON, or not UTF-8, or was cut off. The message says where.',
  invalid_event:
    'An event of the request cannot be taken: its index and field are named. Mend it and send it again.',
  invalid_query: 'A parameter has a value that it cannot have, or is not known. It is named.',
  invalid_cursor:
    'This log did not give the cursor out: it was cut or altered, or belongs to another workspace or to ' +
    'a data folder that is gone. Begin from the start, or from a cursor that you stored.',
  unauthorized: 'The request carries no key, or one that is not known or was revoked.',
  invalid_signature:
    "A webhook's delivery is not signed with any secret that is set, or its time is not now.",
  forbidden: 'The key lacks the scope that is needed, or belongs to another workspace.',
  not_found: 'There is nothing of that name here.',
  method_not_allowed: 'The path is served by other methods: the header Allow names them.',
  conflict:
    'An event of that source and id is here already with other content (give new content a new id), or ' +
    'something else was done meanwhile that excludes this.',
  key_reused:
    'The Idempotency-Key was used for another request in the last 24 hours. Give each request its own.',
  too_large: 'A bound was met. Send less at once.',
  too_costly:
    'The question would take longer than its budget, or has too many groups and stretches of time. Ask ' +
    'for a shorter time, or for less.',
  unsupported_encoding:
    'The body is encoded in a way that is not read here. The message says which are.',
  rate_limited:
    'The key has done more in a minute than is set. Retry-After says when to come back.',
  busy:
    'The server does as much as it can, or is stopping. Send the request again after Retry-After: what ' +
    'was taken already will not be taken twice.',
  storage_full: 'The disk is nearly full. Reading goes on; make room.',
  internal: "A fault of the server's own; its log has the whole of it.",
}
