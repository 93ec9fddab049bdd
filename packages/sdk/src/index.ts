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
  /** Its place in the workspace's order, zero-padded; added by the server unless the producer sent one. */
  sequence?: string
  /** When the server accepted it; added by the server unless the producer sent one. */
  recordedtime?: string
  /** Extension attributes: lower-case letters and digits. */
  [extension: string]: unknown
}

/** What became of one event of a request. */
export interface EventReceipt {
  id: string
  source: string
  /** `created`: it is new. `exists`: the same event was here already, and nothing happened. */
  outcome: 'created' | 'exists'
  /** Its place in the workspace's order, zero-padded, as in `sequence`. */
  sequence: string
}

/** The answer to `POST /eventwell/events`: a receipt for each event, in the order sent. */
export interface AppendAnswer {
  events: EventReceipt[]
}

/** The answer to `GET /eventwell/events`. */
export interface EventPage {
  events: CloudEvent[]
  /** Where to go on from, as `after`; there on the last page, too. Good for ever. */
  cursor: string
  /** Whether it is worth asking again at once. */
  more: boolean
}

/** A refusal: RFC 9457 `application/problem+json`. */
export interface Problem {
  type: string
  title: string
  status: number
  detail: string
  /** A stable code; see docs/reference/errors.md. */
  code: string
  /** The query parameter at fault. */
  parameter?: string
  /** The faults one by one, where they belong to events of the request. */
  errors?: { index?: number; pointer?: string; detail: string }[]
}
