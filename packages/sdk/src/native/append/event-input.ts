import { dateText, isDate } from '../../http/moment.ts'
import { isPlainObject } from '../../http/plain-object.ts'
import type { CloudEvent } from '../../wire.ts'
import { uuidV7 } from './uuid.ts'

/**
 * An event as it is appended: a CloudEvent, of which the client adds what is left out. It may have
 * extension attributes besides: lower-case letters and digits; texts, booleans and whole numbers of 32
 * bits.
 */
export interface EventInput {
  /** Of CloudEvents; there is only this one. */
  readonly specversion?: '1.0' | undefined
  /**
   * The source's own name for the event: sent again with the same one, it is kept once. Left out, the
   * client makes one, which is the same each time that this append is sent.
   */
  readonly id?: string | undefined
  /** Who says it: a URI reference, such as `/shop` or `https://shop.example.com`. */
  readonly source: string
  /** What kind of event, such as `order.paid`. */
  readonly type: string
  /** What it is about. */
  readonly subject?: string | undefined
  /**
   * When it happened: RFC 3339, or a `Date`. Left out together with the id, it is now. An event with an
   * id and without a time is sent without one, since it must say the same when its producer appends it
   * again; it happened when it was received.
   */
  readonly time?: string | Date | undefined
  /** The media type of the payload. */
  readonly datacontenttype?: string | undefined
  /** Where the payload is described: an absolute URI. */
  readonly dataschema?: string | undefined
  /** The payload, any JSON. */
  readonly data?: unknown
  /** A binary payload in base64, instead of `data`. */
  readonly data_base64?: string | undefined
  /** Who did it. */
  readonly authid?: string | undefined
  /** Whose it is. */
  readonly organization?: string | undefined
}

/** What an event is found by: a source does not give an id twice. */
export interface EventIdentity {
  /** The source's own name for the event. */
  readonly id: string
  /** Who says it. */
  readonly source: string
}

/** An event, ready to be sent, as often as it takes. */
export interface EncodedEvent extends EventIdentity {
  /** JSON. */
  readonly text: string
  /** Of the text in UTF-8. */
  readonly bytes: number
}

const encoder = new TextEncoder()

/**
 * Turns events into JSON.
 * @param nowMs The present, for an event that has neither an id nor a time.
 * @throws TypeError for what is no event, or has no JSON, and for a `stringify` that writes another event;
 * RangeError for a `Date` that is none.
 */
export function encodeEvent(
  input: EventInput,
  nowMs: number,
  stringify?: (value: unknown) => string,
): EncodedEvent {
  const event = completed(input, nowMs)
  const text = (stringify ?? JSON.stringify)(event)
  if (typeof text !== 'string') throw new TypeError('stringify gave no text for an event.')
  if (stringify !== undefined) checkIdentity(text, event)
  return { id: event.id, source: event.source, text, bytes: encoder.encode(text).byteLength }
}

/** What a `stringify` of the caller's wrote is sent between others, and known by its id. */
function checkIdentity(text: string, { id, source }: EventIdentity): void {
  const written = parsed(text)
  if (isPlainObject(written) && written['id'] === id && written['source'] === source) return
  throw new TypeError(
    'stringify must write an event as one JSON object, with its id and its source.',
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new TypeError('stringify wrote what is no JSON.', { cause })
  }
}

function completed(input: EventInput, nowMs: number): CloudEvent {
  if (typeof input !== 'object' || input === null) throw new TypeError('An event is an object.')
  const { specversion = '1.0', id, source, type, time, ...rest } = input
  for (const [name, value] of Object.entries({ source, type, id: id ?? 'made' })) {
    if (typeof value === 'string' && value !== '') continue
    throw new TypeError(`An event must have a ${name}: a text with characters.`)
  }
  const moment = id === undefined && time === undefined ? new Date(nowMs) : time
  const members = {
    specversion,
    id: id ?? uuidV7(nowMs),
    source,
    type,
    time: isDate(moment) ? dateText('time', moment) : moment,
    ...rest,
  }
  // A stringify of the caller's own might spell out what is undefined.
  const given = Object.entries(members).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given) as CloudEvent
}
