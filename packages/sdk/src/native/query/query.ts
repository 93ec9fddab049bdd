import type { Moment } from '../../http/moment.ts'

/**
 * One value, or several of which one must be the event's. A text that ends in `*` stands for all that
 * begin like it.
 */
export type OneOrMore<T> = T | readonly T[]

/** A length of time: a number and `s`, `m`, `h` or `d`, from `1s` to `3650d`. */
export type Interval = `${number}${'s' | 'm' | 'h' | 'd'}`

/** The names of the facets that every event may have; a dialect's own are `facet.<name>`. */
export type FacetName =
  'type' | 'resource' | 'action' | 'source' | 'subject' | 'actor' | 'organization'

/** Which events are meant: those of which all that is given holds (PROTOCOL.md section 4.1). */
export interface Selection {
  /** What kind of event. */
  readonly type?: OneOrMore<string> | undefined
  /** The type up to its last dot. */
  readonly resource?: OneOrMore<string> | undefined
  /** The type behind its last dot; `created` where it has none. */
  readonly action?: OneOrMore<string> | undefined
  /** Who says it. */
  readonly source?: OneOrMore<string> | undefined
  /** What it is about. */
  readonly subject?: OneOrMore<string> | undefined
  /** Who did it: the attribute `authid`. */
  readonly actor?: OneOrMore<string> | undefined
  /** Whose it is. */
  readonly organization?: OneOrMore<string> | undefined
  /** By the name of a facet that a dialect adds, such as `execution_id`. */
  readonly facets?: Readonly<Record<string, OneOrMore<string>>> | undefined
  /**
   * By a path of the payload, such as `user.name`; a dot within a name is spelled `\.`. Numbers and
   * booleans are compared as JSON spells them, and of an array any element. There is no `*` here.
   */
  readonly data?:
    Readonly<Record<string, OneOrMore<string | number | bigint | boolean>>> | undefined
  /** Happened at this time or after. */
  readonly from?: Moment | undefined
  /** Happened before this time. */
  readonly until?: Moment | undefined
  /** Accepted by the server at this time or after. */
  readonly receivedFrom?: Moment | undefined
  /** Accepted by the server before this time. */
  readonly receivedUntil?: Moment | undefined
  /** Words that the payload has, all of them, at most 16. */
  readonly q?: string | undefined
}

/** A selection, and the cursor after which it begins. */
export interface SelectionAfter extends Selection {
  /** A cursor of any answer of this workspace, or `oldest`. */
  readonly after?: string | undefined
}

/** Which events of the log to read, and how. */
export interface EventQuery extends SelectionAfter {
  /** The most events of a page, 1 to 1,000; 100 by default. */
  readonly limit?: number | undefined
  /** `backward` begins with the newest event; `forward` by default. */
  readonly direction?: 'forward' | 'backward' | undefined
  /** Only these attributes of each event, at most 100. */
  readonly fields?: readonly string[] | undefined
  /** Begins where this consumer has committed; not together with `after`, nor backward. */
  readonly consumer?: string | undefined
}

/** How events are counted in stretches of time. */
export interface HistogramQuery extends SelectionAfter {
  /** How long a stretch is; they begin at whole multiples of it since 1970, in UTC. */
  readonly interval: Interval
  /** Counts by the values of a facet, too: one of `FacetName`, or `facet.<name>`. */
  readonly by?: string | undefined
}

/** What is measured of events, and how they are grouped. */
export interface AggregateQuery extends SelectionAfter {
  /** Groups by stretches of time, as in a histogram. */
  readonly interval?: Interval | undefined
  /** Groups by the values of a facet: one of `FacetName`, or `facet.<name>`. */
  readonly by?: string | undefined
  /** The number that is measured, as `data.<path>`. */
  readonly measure?: string | undefined
  /** Above 0 and up to 100, at most 10; they need `measure`. */
  readonly percentiles?: readonly number[] | undefined
}

/** Which values of a facet are wanted. */
export interface FacetQuery extends SelectionAfter {
  /** Those that begin like this. */
  readonly prefix?: string | undefined
  /** The most values, 1 to 1,000; 100 by default. */
  readonly limit?: number | undefined
}

/** What an export has, and how it is spelled. */
export interface ExportQuery extends SelectionAfter {
  /** `ndjson` by default: an event a line. `cloudevents` is one JSON array. */
  readonly format?: 'ndjson' | 'csv' | 'cloudevents' | undefined
}

/** A page of a list that goes from the newest to the oldest. */
export interface ErasureQuery {
  /** The cursor of the page before. */
  readonly after?: string | undefined
  /** The most records, 1 to 1,000; 100 by default. */
  readonly limit?: number | undefined
}
