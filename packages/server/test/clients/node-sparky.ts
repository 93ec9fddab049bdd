import fs from 'node:fs'
import { createRequire } from 'node:module'

/** An event as the client gives it: the JSON of the answer. */
export interface SparkEvent {
  readonly id: string
  readonly resource: string
  readonly type: string
  readonly actorId: string
  readonly created: string
  readonly data: object
}

/** What the client can do with events; a number after the search is the most it should gather. */
export interface Spark {
  eventsGet(search?: object, most?: number): Promise<SparkEvent[]>
  eventGet(id: string): Promise<SparkEvent>
}

interface SparkOptions {
  readonly token: string
  /** Must end in a slash. */
  readonly apiUrl: string
  /** The page size that it asks for. */
  readonly maxPageItems?: number
}

interface SparkValidator {
  isEvent(event: SparkEvent): unknown
  isEvents(events: readonly SparkEvent[]): boolean
}

// The client's promise library writes to a copy of `fs` when it is loaded, and fails at the one name
// there that newer versions of Node define without a setter.
const utf8Stream = Object.getOwnPropertyDescriptor(fs, 'Utf8Stream')
if (utf8Stream?.get !== undefined && utf8Stream.set === undefined) {
  Object.defineProperty(fs, 'Utf8Stream', { ...utf8Stream, set: () => {} })
}

const require = createRequire(import.meta.url)
const SparkClient = require('node-sparky') as new (options: SparkOptions) => Spark

/** The client's own checks of what it got. */
export const validator = require('node-sparky/validator') as SparkValidator

/** A client for an address and key. */
export function connectSpark(options: SparkOptions): Spark {
  return new SparkClient(options)
}
