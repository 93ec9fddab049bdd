// An event as Logspace knows it (contract: the Event API's page, and the agent's own classes). Names are in
// camel case, `pid` and `gid` are spelled out; the wire has `agent-id`, `boolean-properties` and so on.

/** One value of a property, or several under one name. Only texts may be searched for by any of several. */
export type OneOrMore<T> = T | readonly T[]

/** The seven types of properties, as the wire names them. */
export type PropertyType = 'boolean' | 'date' | 'double' | 'float' | 'integer' | 'long' | 'string'

/** The properties of an event, in a map for each type. An empty array is a property without a value. */
export interface LogspaceProperties {
  /** True or false. */
  readonly booleans?: Readonly<Record<string, OneOrMore<boolean>>> | undefined
  /** To the millisecond, in UTC, of the years 1 to 9999. */
  readonly dates?: Readonly<Record<string, OneOrMore<Date>>> | undefined
  /** `NaN`, `Infinity` and `-Infinity` are values, too. */
  readonly doubles?: Readonly<Record<string, OneOrMore<number>>> | undefined
  /**
   * Sent with all their digits; Logspace keeps the nearest number of 32 bits. Up to
   * 3.4028235e38.
   */
  readonly floats?: Readonly<Record<string, OneOrMore<number>>> | undefined
  /** Whole numbers of 32 bits. */
  readonly integers?: Readonly<Record<string, OneOrMore<number>>> | undefined
  /** Whole numbers of 64 bits; as `number` only those that it holds exactly, up to 2^53. */
  readonly longs?: Readonly<Record<string, OneOrMore<bigint | number>>> | undefined
  /** Texts. */
  readonly strings?: Readonly<Record<string, OneOrMore<string>>> | undefined
}

/** An event to store. */
export interface LogspaceEvent {
  /** Unique everywhere, a UUID usually. An event of an id that is there replaces the one before. */
  readonly id: string
  /** What kind of event, `os/cpu` say. */
  readonly type?: string | undefined
  /** Where it comes from: a host's name. */
  readonly system: string
  /** Which agent of the system made it. */
  readonly agentId: string
  /** When it was made, to the millisecond. */
  readonly timestamp: Date
  /** The id of the event that it follows from; `pid` on the wire. */
  readonly parentId?: string | undefined
  /** What a chain of events has in common; `gid` on the wire. */
  readonly globalId?: string | undefined
  /** Any value to group events by. */
  readonly marker?: string | undefined
  /** What is known of it. */
  readonly properties?: LogspaceProperties | undefined
}

/** The properties of an event that was read: every map is there, and every property is an array. */
export interface StoredProperties {
  /** True or false. */
  readonly booleans: Readonly<Record<string, readonly boolean[]>>
  /** To the millisecond, in UTC. */
  readonly dates: Readonly<Record<string, readonly Date[]>>
  /** Numbers of 64 bits, the special ones included. */
  readonly doubles: Readonly<Record<string, readonly number[]>>
  /** Numbers of 32 bits. */
  readonly floats: Readonly<Record<string, readonly number[]>>
  /** Whole numbers of 32 bits. */
  readonly integers: Readonly<Record<string, readonly number[]>>
  /** With every digit. */
  readonly longs: Readonly<Record<string, readonly bigint[]>>
  /** Texts. */
  readonly strings: Readonly<Record<string, readonly string[]>>
}

/**
 * An event that was read. It may be stored again as it is, unless it has an `extra`, or a time of no year
 * from 1 to 9999.
 */
export interface StoredLogspaceEvent extends LogspaceEvent {
  /** What is known of it; every map is there. */
  readonly properties: StoredProperties
  /**
   * What a server sent that Logspace does not know, and what is not of the type that it should be, under
   * the names of the wire: a whole number with too many bits, say, a text that is no date, or a date of a
   * year beyond 275760, which no `Date` holds. Absent when there is nothing of that kind.
   */
  readonly extra?: Readonly<Record<string, unknown>>
}
