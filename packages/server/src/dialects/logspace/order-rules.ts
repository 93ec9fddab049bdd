import { isJsonObject, type JsonObject } from '../../core/json/json.ts'
import { shown } from '../shared/event-list.ts'
import { faultOfCron } from './cron.ts'
import { HqRefusal } from './refusals.ts'

const agentsMax = 1000
const idCharsMax = 512
const secondsMax = 2 ** 31 - 1

const triggerTypes = ['Application', 'Scheduler', 'Off'] as const
const cronCharsMax = 200

// All orders of a space are read to count them.
const orderCharsMax = 32 * 1024

/**
 * The text of an order as the agents' strict reader wants it: fields in its order, and no others.
 * @throws HqRefusal `INVALID_ORDER` for one at which an agent would fail (contract 2.4).
 */
export function orderText(body: unknown, nowMs: number): string {
  const text = JSON.stringify(checkOrder(body, nowMs))
  if (text.length <= orderCharsMax) return text
  throw badOrder('order', `An order may have at most ${orderCharsMax} characters.`)
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
