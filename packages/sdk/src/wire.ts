// The wire types of Eventwell's native API, stated once: the server imports them, types only.

/** A CloudEvents 1.0 event in JSON: what the native API takes and gives. */
export interface CloudEvent {
  specversion: '1.0'
  /** The source's own name for the event; `source` + `id` is its identity in a workspace. */
  id: string
  /** Who says it: a URI reference. */
  source: string
  /** What kind of event. */
  type: string
  /** What it is about. */
  subject?: string
  /** When it happened: RFC 3339, returned as it was written. */
  time?: string
  datacontenttype?: string
  dataschema?: string
  /** The payload, any JSON. */
  data?: unknown
  /** A binary payload in base64, instead of `data`. */
  data_base64?: string
  /** Who did it (CloudEvents' authcontext extension). */
  authid?: string
  /** Whose it is. */
  organization?: string
  /**
   * Its place in the workspace's order, zero-padded; added by the server unless the event brought one. Not
   * part of what it says, nor is `recordedtime`: sent again with others, it is the same event.
   */
  sequence?: string
  /** When the server accepted it; added by the server unless the event brought one. */
  recordedtime?: string
  /** Extension attributes: lower-case letters and digits. */
  [extension: string]: unknown
}

/** What became of one event of a request. */
export interface EventReceipt {
  id: string
  source: string
  /**
   * `created`: it is new. `exists`: the same event was here already, and nothing happened. `conflict`: an event
   * of its source and id is here with other content, and stays as it is.
   */
  outcome: 'created' | 'exists' | 'conflict'
  /** Its place in the workspace's order, zero-padded, as in `sequence`; at a conflict, that of the other. */
  sequence: string
}

/** An event of a request that was not taken, and why. */
export interface EventRejection {
  /** Its place in the request, from 0; absent where the body is one event. */
  index?: number
  id?: string
  source?: string
  outcome: 'rejected'
  /** A JSON pointer to the fault, into the body; of lines, as if they were an array. Not in binary mode. */
  pointer?: string
  /** In binary mode: the header at fault. */
  parameter?: string
  reason: string
}

/** The answer to `POST /eventwell/events` with `mode=all`: a receipt for each event, in the order sent. */
export interface AppendAnswer {
  events: EventReceipt[]
}

/** The answer to `POST /eventwell/events?mode=each`: what became of each event, in the order sent. */
export interface EachAnswer {
  events: (EventReceipt | EventRejection)[]
}

/** An event of a stream that was not taken. */
export interface EventFault extends Omit<EventRejection, 'outcome' | 'parameter'> {
  /** Its line, from 0. */
  index: number
  outcome: 'conflict' | 'rejected'
  pointer: string
  /** At a conflict: where the event stands that is here. */
  sequence?: string
}

/** The answer to a stream of lines with `mode=each`: how many events of each outcome there were. */
export interface StreamAnswer {
  created: number
  exists: number
  conflict: number
  rejected: number
  /** The first of those in conflict or rejected, in the order sent. */
  faults: EventFault[]
  /** There are more of them. */
  moreFaults?: true
}

/** The answer to `GET /eventwell/events`. */
export interface EventPage {
  events: CloudEvent[]
  /** Where to go on from, as `after`; there on the last page, too. Good for ever. */
  cursor: string
  /** Whether it is worth asking again at once. */
  more: boolean
  /**
   * Looking for events took too long and was broken off with none found so far; go on from the cursor. Absent
   * otherwise.
   */
  complete?: false
  /** Retention has removed events behind the cursor that was given, up to this sequence at most. */
  gap?: { through: string }
}

/** What a summary says of how far it looked. */
export interface Summarized {
  /** Asked with it as `after`, only events behind those looked at are counted. */
  cursor: string
  /** Whether all events were looked at; if not, ask again with `after` for the rest, and add up. */
  complete: boolean
}

/** A facet's value, and how many events have it. */
export interface ValueCount {
  value: string
  count: number
}

/** One stretch of a histogram's time. */
export interface HistogramBucket {
  /** When it begins: RFC 3339, UTC. */
  start: string
  count: number
  /** With `by`: the values of that facet, the most frequent first. */
  groups?: ValueCount[]
}

/** The answer to `GET /eventwell/histogram`. */
export interface Histogram extends Summarized {
  interval: string
  /** Those that have an event, in order of time. */
  buckets: HistogramBucket[]
  total: number
}

/** One group in one stretch of time of an aggregate. */
export interface AggregateRow {
  start?: string
  /** With `by`: the facet's value. */
  group?: string
  count: number
  /** How many numbers were measured; where none were, what follows is null. */
  measured: number
  sum: number | null
  avg: number | null
  min: number | null
  max: number | null
  /** By the percentiles asked for, to within one percent. */
  percentiles?: Record<string, number | null>
}

/** The answer to `GET /eventwell/aggregate`. */
export interface Aggregate extends Summarized {
  rows: AggregateRow[]
}

/** The answer to `GET /eventwell/facets/{name}`. */
export interface FacetValues extends Summarized {
  name: string
  /** The most frequent first. */
  values: ValueCount[]
  /** Whether values were left off, by `limit`. */
  truncated: boolean
}

/** A refusal: RFC 9457 `application/problem+json`. */
export interface Problem {
  /** Where the code is explained: a URI reference. */
  type: string
  title: string
  status: number
  detail: string
  /** A stable code; see docs/reference/errors.md. */
  code: string
  /** The request, as the server's log names it. */
  instance?: string
  /** The parameter, the header or the member of the body at fault. */
  parameter?: string
  /** The faults one by one, where they belong to events of the request. */
  errors?: { index?: number; pointer?: string; detail: string }[]
}

/** A consumer: a reader whose cursor the server keeps. */
export interface ConsumerState {
  name: string
  /** What lies up to here is done with; null before the first commit. */
  cursor: string | null
  /** The place at which the cursor stands. */
  sequence: string | null
  committedAt: string | null
  /** How many places were given out beyond the cursor: an upper bound of the events that lie there. */
  lag: number
  /** The lease, while one is good. */
  lease?: { holder?: string; expiresAt: string }
}

/** The answer to `GET /eventwell/consumers`. */
export interface ConsumerList {
  consumers: ConsumerState[]
}

/** The answer to `POST /eventwell/consumers/{name}/lease`. */
export interface LeaseGrant {
  /** The token that commits are sent with: a secret. */
  lease: string
  expiresAt: string
  /** Where the consumer has committed; null before the first commit. */
  cursor: string | null
}

/** What is remembered of an erasure. */
export interface ErasureRecord {
  /** 12 digits, increasing. */
  id: string
  at: string
  by: {
    kind: 'id' | 'subject' | 'actor'
    /** In hex: of the subject or the actor, or of the source, a line feed and the id. */
    sha256: string
  }
  /** How many events were erased. */
  events: number
  /** No erased event stood beyond this; absent when none was. */
  sequence?: string
}

/** The answer to `GET /eventwell/erasures`, the newest first. */
export interface ErasurePage {
  erasures: ErasureRecord[]
  /** Where to go on from, as `after`, with older ones. */
  cursor: string
  more: boolean
}

/** How long events of a type are kept, and what went so far. */
export interface RetentionRule {
  /** The type, or the beginning of some with `*` behind it; `*` alone is all. */
  type: string
  /** After how many days events go; null for a rule that is no more. */
  days: number | null
  /** How many it has removed. */
  events: number
  /** The highest place at which it removed one. */
  sequence: string | null
  sweptAt: string | null
}

/** The answer to `GET /eventwell/retention`. */
export interface Retention {
  rules: RetentionRule[]
}
