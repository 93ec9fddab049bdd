import { EventwellError } from '../../core/errors.ts'
import {
  isJsonObject,
  jsonType,
  parseJson,
  readJson,
  type JsonObject,
} from '../../core/json/json.ts'
import type { EventLog } from '../../core/log.ts'
import { HqRefusal } from './refusals.ts'

const prefix = 'logspace/capabilities/'
const idCharsMax = 512
const spacesMax = 16

/** How much the controllers of a space may announce. */
interface ControllerBounds {
  readonly controllersMax: number
  /** Characters of what all of them announce. */
  readonly charsMax: number
}

const defaultBounds: ControllerBounds = { controllersMax: 1000, charsMax: 4 * 1024 * 1024 }

/** Checks the id of an agent controller, which is a part of the path of its routes. */
export function checkControllerId(id: string): string {
  if (id !== '' && id.length <= idCharsMax && id.isWellFormed()) return id
  throw new HqRefusal(
    'INVALID_CONTROLLER_ID',
    `The ID of a controller has 1 to ${idCharsMax} characters.`,
  )
}

/** What the controllers of all spaces announced (contract 2.4); the spaces used last are in memory. */
export class Controllers {
  readonly #log: EventLog
  readonly #bounds: ControllerBounds
  readonly #spaces = new Map<string, Promise<Map<string, string>>>()

  constructor(log: EventLog, bounds: ControllerBounds = defaultBounds) {
    this.#log = log
    this.#bounds = bounds
  }

  /**
   * Keeps what a controller announced, as it is, in place of what it announced before. An agent never
   * announces again what was refused, so whatever names its controller is taken.
   * @throws HqRefusal `INVALID_CONTROLLER_ID`; EventwellError `too_large`.
   */
  async put(workspace: string, controllerId: string, text: string): Promise<void> {
    checkCapabilities(controllerId, readJson(text))
    const known = await this.#of(workspace)
    this.#checkRoom(known, controllerId, text)
    // Counted from now on, so that those that come meanwhile find the room taken.
    known.set(controllerId, text)
    try {
      await this.#log.putNote(workspace, prefix + controllerId, text)
    } catch (error) {
      // What is in memory and what is on disk may differ now: the next call looks again.
      this.#spaces.delete(workspace)
      throw error
    }
    // It may have been read anew meanwhile, before this was on disk.
    const now = await this.#spaces.get(workspace)
    now?.set(controllerId, text)
  }

  /**
   * What a controller announced, as JSON text.
   * @throws HqRefusal `CAPABILITIES_NOT_FOUND`.
   */
  async of(workspace: string, controllerId: string): Promise<string> {
    const text = (await this.#of(workspace)).get(controllerId)
    if (text !== undefined) return text
    const message = `There are no capabilities of a controller with ID '${controllerId}'.`
    throw new HqRefusal('CAPABILITIES_NOT_FOUND', message, { 'controller-id': controllerId })
  }

  /** What all controllers of a space announced. */
  async all(workspace: string): Promise<JsonObject[]> {
    const texts = [...(await this.#of(workspace)).values()]
    return texts.map((text) => parseJson(text) as JsonObject)
  }

  #of(workspace: string): Promise<Map<string, string>> {
    let known = this.#spaces.get(workspace)
    this.#spaces.delete(workspace)
    known ??= this.#read(workspace)
    this.#spaces.set(workspace, known)
    const [oldest] = this.#spaces.keys()
    if (this.#spaces.size > spacesMax) this.#spaces.delete(oldest!)
    return known
  }

  async #read(workspace: string): Promise<Map<string, string>> {
    try {
      const notes = await this.#log.notes(workspace, prefix)
      return new Map([...notes].map(([name, text]) => [name.slice(prefix.length), text]))
    } catch (error) {
      this.#spaces.delete(workspace)
      throw error
    }
  }

  #checkRoom(known: ReadonlyMap<string, string>, controllerId: string, text: string): void {
    const { controllersMax, charsMax } = this.#bounds
    const others = [...known].filter(([id]) => id !== controllerId)
    const chars = others.reduce((sum, [, other]) => sum + other.length, text.length)
    if (others.length < controllersMax && chars <= charsMax) return
    throw new EventwellError(
      'too_large',
      `The controllers of a space are ${controllersMax} at most, and announce ${charsMax} characters.`,
    )
  }
}

function checkCapabilities(controllerId: string, body: unknown): void {
  if (!isJsonObject(body)) {
    const message = `Capabilities must be an object, not ${jsonType(body)}.`
    throw new EventwellError('invalid_event', message)
  }
  if (body['id'] === controllerId) return
  const message = 'The ID in the path does not match the ID in the payload.'
  throw new HqRefusal('INVALID_CONTROLLER_ID', message)
}
