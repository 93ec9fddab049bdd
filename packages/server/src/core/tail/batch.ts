import type { StoredEvent } from '../event.ts'
import { parseValues } from '../json/json.ts'
import { holds, type PayloadFilter } from '../payload.ts'
import { matches, type Selection } from '../query.ts'

/** One event as it is sent to whoever follows the log. */
export interface Frame {
  readonly position: number
  readonly bytes: Buffer
}

/** The events of a batch that one selection chooses. */
export interface Chosen {
  readonly frames: readonly Frame[]
  /** The bytes of all frames. */
  readonly whole: Buffer
}

/** A selection with a name: those of the same name choose the same. */
export interface NamedSelection {
  readonly key: string
  readonly selection: Selection
}

/** Gives a selection its name. */
export function named(selection: Selection): NamedSelection {
  const key = JSON.stringify(selection, (_, value: unknown) => {
    return typeof value === 'bigint' ? `${value}n` : value
  })
  return { key, selection }
}

/**
 * Successive events of a log, read once for many readers: each event is encoded once, its payload parsed at
 * most once, and a selection that several readers share is applied once.
 */
export class Batch {
  /** All events after this position and up to `through` are here. */
  readonly after: number
  readonly through: number
  readonly #events: readonly StoredEvent[]
  readonly #encode: (event: StoredEvent) => Buffer
  readonly #frames = new Map<StoredEvent, Frame>()
  readonly #payloads = new Map<StoredEvent, unknown>()
  readonly #chosen = new Map<string, Chosen>()

  constructor(
    events: readonly StoredEvent[],
    { after, through }: { readonly after: number; readonly through: number },
    encode: (event: StoredEvent) => Buffer,
  ) {
    this.after = after
    this.through = through
    this.#events = events
    this.#encode = encode
  }

  /** What a selection chooses of it, in order. */
  chosen({ key, selection }: NamedSelection): Chosen {
    let chosen = this.#chosen.get(key)
    if (chosen === undefined) {
      chosen = this.#choose(selection)
      this.#chosen.set(key, chosen)
    }
    return chosen
  }

  #choose({ payload = [], ...rest }: Selection): Chosen {
    const frames = this.#events
      .filter((event) => matches(event, rest) && this.#hasPayload(event, payload))
      .map((event) => this.#frameOf(event))
    const whole = frames.length === 1 ? frames[0]!.bytes : Buffer.concat(frames.map(bytesOf))
    return { frames, whole }
  }

  #hasPayload(event: StoredEvent, filters: readonly PayloadFilter[]): boolean {
    if (filters.length === 0) return true
    if (event.data === undefined) return false
    if (!this.#payloads.has(event)) this.#payloads.set(event, parseValues(event.data))
    const payload = this.#payloads.get(event)
    return filters.every((filter) => holds(payload, filter))
  }

  #frameOf(event: StoredEvent): Frame {
    let frame = this.#frames.get(event)
    if (frame === undefined) {
      frame = { position: event.position, bytes: this.#encode(event) }
      this.#frames.set(event, frame)
    }
    return frame
  }
}

function bytesOf({ bytes }: Frame): Buffer {
  return bytes
}
