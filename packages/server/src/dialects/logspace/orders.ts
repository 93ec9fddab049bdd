import { EventwellError } from '../../core/errors.ts'
import { parseJson } from '../../core/json/json.ts'
import type { EventLog } from '../../core/log.ts'
import { orderText } from './order-rules.ts'
import { HqRefusal } from './refusals.ts'

const prefix = 'logspace/order/'
const ordersMax = 1000

/** An order as agents are given it. */
export interface Order {
  /** JSON as the agents' strict reader wants it: fields in its order, and no others. */
  readonly text: string
  /** When it was given, in whole seconds as ms since 1970. */
  readonly lastModifiedMs: number
}

/** What is noted: a text of null is an order that was taken back. */
interface Noted {
  readonly text: string | null
  readonly lastModifiedMs: number
}

/** The orders of the controllers of all spaces (contract 2.4). */
export class Orders {
  readonly #log: EventLog
  #writing: Promise<unknown> = Promise.resolve()

  constructor(log: EventLog) {
    this.#log = log
  }

  /** @throws HqRefusal `ORDER_NOT_FOUND`, as HQ says it. */
  async of(workspace: string, controllerId: string): Promise<Order> {
    const noted = await this.#read(workspace, controllerId)
    if (noted !== undefined && noted.text !== null) return { ...noted, text: noted.text }
    const message = `There is no order for controller with ID '${controllerId}'.`
    throw new HqRefusal('ORDER_NOT_FOUND', message, { 'controller-id': controllerId })
  }

  /**
   * Gives a controller an order in place of the one before. Agents compare times by the second, so an order
   * is a second newer than the one before it at least; else its agent would never take it.
   * @throws HqRefusal `INVALID_ORDER` for one that the agents' reader would refuse.
   */
  async put(workspace: string, controllerId: string, body: unknown, nowMs: number): Promise<Order> {
    const text = orderText(body, nowMs)
    return this.#oneByOne(async () => {
      const before = await this.#read(workspace, controllerId)
      if (before === undefined) await this.#checkRoom(workspace, nowMs)
      const nowSecondsMs = Math.floor(nowMs / 1000) * 1000
      const lastModifiedMs = Math.max(nowSecondsMs, (before?.lastModifiedMs ?? 0) + 1000)
      await this.#write(workspace, controllerId, { text, lastModifiedMs })
      return { text, lastModifiedMs }
    })
  }

  /**
   * Takes the order of a controller back. Its time stays noted, for the next order must be newer.
   * @throws HqRefusal `ORDER_NOT_FOUND`.
   */
  async delete(workspace: string, controllerId: string): Promise<void> {
    await this.#oneByOne(async () => {
      const { lastModifiedMs } = await this.of(workspace, controllerId)
      await this.#write(workspace, controllerId, { text: null, lastModifiedMs })
    })
  }

  /** Two writes at once would give two orders the same time. */
  #oneByOne<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#writing.then(work)
    this.#writing = done.catch(() => undefined)
    return done
  }

  /** Orders that were taken back make room once their time is past: no agent can take the next for them. */
  async #checkRoom(workspace: string, nowMs: number): Promise<void> {
    const notes = await this.#log.notes(workspace, prefix)
    if (notes.size < ordersMax) return
    let room = 0
    for (const [name, note] of notes) {
      const { text, lastModifiedMs } = parseJson(note) as Noted
      if (text !== null || lastModifiedMs + 1000 > nowMs) continue
      await this.#log.putNote(workspace, name, undefined)
      room += 1
    }
    if (room > 0) return
    const message = `This space has ${ordersMax} orders already; take one of them back.`
    throw new EventwellError('too_large', message)
  }

  async #read(workspace: string, controllerId: string): Promise<Noted | undefined> {
    const note = await this.#log.note(workspace, prefix + controllerId)
    return note === undefined ? undefined : (parseJson(note) as Noted)
  }

  async #write(workspace: string, controllerId: string, noted: Noted): Promise<void> {
    await this.#log.putNote(workspace, prefix + controllerId, JSON.stringify(noted))
  }
}

/** Whether the order is the one that an `If-Modified-Since` speaks of: of the same second, no matter when. */
export function isUnchanged({ lastModifiedMs }: Order, header: string | undefined): boolean {
  return header !== undefined && header !== '' && Date.parse(header) === lastModifiedMs
}
