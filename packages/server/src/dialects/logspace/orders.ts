import { EventwellError } from '../../core/errors.ts'
import { isJsonObject, parseJson, type JsonObject } from '../../core/json.ts'
import type { EventLog } from '../../core/log.ts'
import { shown } from '../shared/event-list.ts'
import { faultOfCron } from './cron.ts'
import { HqRefusal } from './refusals.ts'

const prefix = 'logspace/order/'
const ordersMax = 1000
// All orders of a space are read to count them.
const orderCharsMax = 32 * 1024
const agentsMax = 1000
const idCharsMax = 512
const secondsMax = 2 ** 31 - 1

const triggerTypes = ['Application', 'Scheduler', 'Off'] as const
const cronCharsMax = 200

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
    const text = JSON.stringify(checkOrder(body, nowMs))
    if (text.length > orderCharsMax) {
      throw badOrder('order', `An order may have at most ${orderCharsMax} characters.`)
    }
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

function checkOrder(body: unknown, nowMs: number): JsonObject {
  if (!isJsonObject(body)) throw badOrder('order', 'An order must be an object.')
  checkFields(body, ['agent-orders', 'commit-max-seconds'], 'An order')
  const agents = body['agent-orders']
  if (agents !== undefined && !(Array.isArray(agents) && agents.length <= agentsMax)) {
    throw badOrder('agent-orders', `agent-orders must be an array of at most ${agentsMax} orders.`)
  }
  const seconds = body['commit-max-seconds']
  if (!(Number.isInteger(seconds) && Number(seconds) >= 1 && Number(seconds) <= secondsMax)) {
    const message = 'commit-max-seconds must be there, a whole number of seconds from 1.'
    throw badOrder('commit-max-seconds', message)
  }
  const faults = new Map<string, string | undefined>()
  const faultOf = (expression: string): string | undefined => {
    if (!faults.has(expression)) faults.set(expression, faultOfCron(expression, nowMs))
    return faults.get(expression)
  }
  const orders = agents?.map((order, index) => checkAgentOrder(order, index, faultOf))
  checkOnce(orders ?? [])
  return { ...(orders !== undefined && { 'agent-orders': orders }), 'commit-max-seconds': seconds }
}

/** An agent fails at the second plan that it is given, and those after it get none. */
function checkOnce(orders: readonly JsonObject[]): void {
  for (const [index, { id }] of orders.entries()) {
    const first = orders.findIndex((order) => order['id'] === id)
    if (first === index) continue
    const place = `agent-orders[${index}].id`
    throw badOrder(place, `${place} has an order already, agent-orders[${first}].`)
  }
}

type FaultOf = (expression: string) => string | undefined

function checkAgentOrder(order: unknown, index: number, faultOf: FaultOf): JsonObject {
  const place = `agent-orders[${index}]`
  if (!isJsonObject(order)) throw badOrder(place, `${place} must be an object.`)
  checkFields(order, ['id', 'trigger-type', 'trigger-parameter'], place)
  const { id, 'trigger-type': type, 'trigger-parameter': parameter } = order
  if (typeof id !== 'string' || id === '' || id.length > idCharsMax) {
    throw badOrder(`${place}.id`, `${place}.id must be the id of an agent.`)
  }
  const triggerType = triggerTypes.find(
    (one) => typeof type === 'string' && one.toLowerCase() === type.toLowerCase(),
  )
  if (triggerType === undefined) {
    const message = `${place}.trigger-type must be one of ${triggerTypes.join(', ')}, not ${shown(type ?? null)}.`
    throw badOrder(`${place}.trigger-type`, message)
  }
  const fault = faultOfTrigger(triggerType, parameter, faultOf)
  if (fault !== undefined) {
    const field = `${place}.trigger-parameter`
    const example = 'a Quartz cron expression, like "0/10 * * * * ?"'
    throw badOrder(field, `${field} must be ${example}; it ${fault}.`)
  }
  return {
    id,
    'trigger-type': triggerType,
    ...(isGiven(parameter) && { 'trigger-parameter': parameter }),
  }
}

function faultOfTrigger(type: string, parameter: unknown, faultOf: FaultOf): string | undefined {
  if (!isGiven(parameter)) return type === 'Scheduler' ? 'is missing' : undefined
  if (typeof parameter !== 'string' || parameter.length > cronCharsMax) return 'is none'
  return type === 'Scheduler' ? faultOf(parameter) : undefined
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null
}

/** The agents' reader fails at a field that it does not know, and the whole order with it. */
function checkFields(object: JsonObject, known: readonly string[], place: string): void {
  const other = Object.keys(object).find((name) => !known.includes(name))
  if (other === undefined) return
  throw badOrder(other, `${place} may have ${known.join(', ')}; agents fail at ${shown(other)}.`)
}

function badOrder(field: string, message: string): HqRefusal {
  return new HqRefusal('INVALID_ORDER', message, { field })
}
