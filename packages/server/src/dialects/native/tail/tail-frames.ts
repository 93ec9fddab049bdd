import type { TailSpelling } from '../../../core/tail/tail.ts'
import { encodeEvent, sequenceOf } from '../encode.ts'

/** The media type of server-sent events. */
export const eventStreamType = 'text/event-stream'

const retryMs = 1000

/** How soon a reader that lost its connection should come back, as server-sent events say it. */
export const retryFrame = Buffer.from(`retry: ${retryMs}\n\n`)

const beatFrame = Buffer.from(': \n\n')

/**
 * A tail as server-sent events. An event of the log has no `event:` name, so that `onmessage` gets it:
 * names are ours, and a type may be any text.
 */
export const sseSpelling: TailSpelling = {
  event: (event, cursor) => Buffer.from(`id: ${cursor}\ndata: ${encodeEvent(event)}\n\n`),
  progress: (cursor, caughtUp) => message('progress', cursor, { cursor, caughtUp }),
  gap: (cursor, through) => message('gap', cursor, { cursor, through: sequenceOf(through) }),
  beat: () => beatFrame,
}

function message(name: string, cursor: string, data: object): Buffer {
  return Buffer.from(`event: ${name}\nid: ${cursor}\ndata: ${JSON.stringify(data)}\n\n`)
}
