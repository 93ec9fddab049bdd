import { AnswerError } from '../http/errors/answer-error.ts'
import type { SentRequest } from '../http/errors/request-error.ts'
import { membersOf } from '../http/members-of.ts'
import type { WorkOSEvent } from './event.ts'

/** Where a list goes on. */
export interface ListMetadata {
  /** The cursor of the next page; `null` on the last. */
  after: string | null
  /** The cursor of the page before, where the server gives one. */
  before?: string | null
}

/** A page of events, the oldest first. */
export interface EventList<Event extends WorkOSEvent = WorkOSEvent> {
  /** The events. */
  data: Event[]
  /** Where it goes on. */
  listMetadata: ListMetadata
}

/**
 * Reads a page leniently: events are taken as they are, whatever their names and payloads; an absent or
 * empty cursor is the end, and metadata may be spelled as before mid-2023 (contract 1.1).
 * @throws AnswerError when it is no list of events with ids and names.
 */
export function readList(request: SentRequest, body: unknown): EventList {
  const { data, list_metadata, listMetadata } = membersOf(body)
  if (!Array.isArray(data)) throw notAList(request, 'it has no array "data"')
  for (const [place, event] of data.entries()) {
    if (!isEventLike(event)) throw notAList(request, `data[${place}] has no "id" or no "event"`)
  }
  const { after, before } = membersOf(list_metadata ?? listMetadata)
  return {
    data: data as WorkOSEvent[],
    listMetadata: {
      after: cursorOf(after),
      ...(before !== undefined && { before: cursorOf(before) }),
    },
  }
}

/** Whether a value has what every event has: an id and a name. */
export function isEventLike(value: unknown): value is WorkOSEvent {
  const { id, event } = membersOf(value)
  return typeof id === 'string' && id !== '' && typeof event === 'string' && event !== ''
}

function notAList({ method, url }: SentRequest, why: string): AnswerError {
  const what = `${method} ${url} was answered with what is no list of WorkOS events: ${why}`
  return new AnswerError(what, { method, url })
}

function cursorOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
