import { EventwellError, invalidEvent } from './errors.ts'
import { charsOf, eachFacet, type NewEvent } from './event.ts'
import type { Limits } from './limits.ts'

/**
 * Holds the events of one append to the bounds of a log, and returns the characters that they carry.
 * @throws EventwellError `invalid_event` or `too_large`, naming the event.
 */
export function checkEvents(events: readonly NewEvent[], limits: Limits): number {
  if (events.length > limits.appendEventsMax) {
    const message = `Send at most ${limits.appendEventsMax} events in one request.`
    throw new EventwellError('too_large', message)
  }
  let chars = 0
  for (let index = 0; index < events.length; index++) {
    chars += checkEvent(events[index]!, index, limits)
  }
  return chars
}

/**
 * Holds one event to the bounds of a log, and returns the characters that it carries.
 * @throws EventwellError `invalid_event` or `too_large`, with its index in the request.
 */
export function checkEvent(event: NewEvent, index: number, limits: Limits): number {
  const { idCharsMax, timeCharsMax, nameCharsMax, eventCharsMax, facetsMax } = limits
  if (event.id === '') throw invalidEvent(index, 'id', 'id must not be empty.')
  if (event.id.length > idCharsMax) {
    throw invalidEvent(index, 'id', `id must have at most ${idCharsMax} characters.`)
  }
  checkText(event.id, 'id', index)
  if ((event.time?.length ?? 0) > timeCharsMax) {
    throw invalidEvent(index, 'time', `time must have at most ${timeCharsMax} characters.`)
  }
  let facets = 0
  eachFacet(event, (name, value) => {
    facets += 1
    checkText(value, name, index)
    if (value.length <= nameCharsMax) return
    throw invalidEvent(index, name, `${name} must have at most ${nameCharsMax} characters.`)
  })
  if (facets > facetsMax) {
    throw invalidEvent(index, 'facets', `An event may have at most ${facetsMax} facets.`)
  }
  const chars = charsOf(event) + event.id.length
  if (chars <= eventCharsMax) return chars
  const place = { index, field: 'data' }
  throw new EventwellError('too_large', `An event may have ${eventCharsMax} characters.`, place)
}

/** Text by which events are found must be Unicode: half a surrogate pair cannot be sent, or put in a URL. */
function checkText(text: string, field: string, index: number): void {
  if (text.isWellFormed()) return
  throw invalidEvent(
    index,
    field,
    `${field} holds half of a surrogate pair, which is no character.`,
  )
}
