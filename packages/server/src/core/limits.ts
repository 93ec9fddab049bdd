/** Everything that grows has a bound. At each, the caller is told; see docs/operating.md. */
export interface Limits {
  /** Bytes of a request body. */
  readonly bodyBytesMax: number
  /** Bytes of a request body whose client cannot send less: agents send their thousand oldest events. */
  readonly largeBodyBytesMax: number
  /** Bytes of all request bodies that are on their way at once; more is refused as `busy`. */
  readonly bodiesBytesMax: number
  /** Bytes of a webhook's delivery: anyone can send one, and it is read before it is known who did. */
  readonly deliveryBytesMax: number
  /** Bytes of all deliveries that are on their way at once; more is refused as `busy`. */
  readonly deliveriesBytesMax: number
  /** Events of one append. */
  readonly appendEventsMax: number
  /** Characters of one event's payload and envelope together. */
  readonly eventCharsMax: number
  /** Characters of an id. */
  readonly idCharsMax: number
  /** Characters of a time; nanoseconds and a zone take 35. */
  readonly timeCharsMax: number
  /** Characters of a source, type, subject, actor, organization or facet value. */
  readonly nameCharsMax: number
  /** Facets that an event may have, the standard ones among them. */
  readonly facetsMax: number
  /** Characters of a note beside the events. */
  readonly noteCharsMax: number
  /** Characters of payloads that may wait for the store at once; more is refused as `busy`. */
  readonly pendingCharsMax: number
  /** Reads that may wait for the store at once; more is refused as `busy`. */
  readonly pendingReadsMax: number
  /** Events of one page. */
  readonly pageEventsMax: number
  /** Characters of one page's payloads; a page that has reached them ends there, and says so. */
  readonly pageCharsMax: number
  /** Summaries that may be made at once; more is refused as `busy`. */
  readonly summariesMax: number
  /** How many of them may be one workspace's. */
  readonly workspaceSummariesMax: number
  /** Milliseconds that a summary may take, or looking for a page's first event in payloads. */
  readonly summaryMsMax: number
  /** Rows that a summary may have: groups times buckets. */
  readonly summaryRowsMax: number
}

/** The bounds of a server that was told nothing else. */
export const defaultLimits: Limits = {
  bodyBytesMax: 32 * 1024 * 1024,
  largeBodyBytesMax: 64 * 1024 * 1024,
  bodiesBytesMax: 256 * 1024 * 1024,
  deliveryBytesMax: 1024 * 1024,
  deliveriesBytesMax: 32 * 1024 * 1024,
  appendEventsMax: 20_000,
  eventCharsMax: 4 * 1024 * 1024,
  idCharsMax: 512,
  timeCharsMax: 64,
  nameCharsMax: 2048,
  facetsMax: 32,
  noteCharsMax: 64 * 1024 * 1024,
  pendingCharsMax: 256 * 1024 * 1024,
  pendingReadsMax: 1000,
  pageEventsMax: 1000,
  pageCharsMax: 8 * 1024 * 1024,
  summariesMax: 16,
  workspaceSummariesMax: 8,
  summaryMsMax: 30_000,
  summaryRowsMax: 50_000,
}
