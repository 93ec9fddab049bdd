import { membersOf } from '../http/members-of.ts'
import type { PropertyType } from './event.ts'

/**
 * What makes an agent send: its application, a schedule, or nothing (contract: the agent's TriggerType).
 */
export type TriggerType = 'Application' | 'Scheduler' | 'Off'

/** What a controller tells of itself and of its agents. */
export interface ControllerCapabilities {
  /** The controller's id. */
  readonly id: string
  /** Where it runs: a host's name. */
  readonly system: string
  /** What each of its agents can do. */
  readonly agents: readonly AgentCapabilities[]
}

/** What an agent can do. */
export interface AgentCapabilities {
  /** Its id. */
  readonly id: string
  /** The type of its events. */
  readonly type: string
  /** Those that it can be ordered to; the vendor's scheduled agents say `Off` and `Scheduler`. */
  readonly triggerTypes: readonly TriggerType[]
  /** What its events hold, for charts; none by default. */
  readonly properties?: readonly PropertyDescription[] | undefined
}

/** A property that an agent's events have. */
export interface PropertyDescription {
  /** Its name. */
  readonly name: string
  /** Of which of the seven types its values are. */
  readonly type: PropertyType
  /** Names of units, each with the factor that makes it of the value. */
  readonly units?: Readonly<Record<string, number>> | undefined
}

/** What a controller is to do. */
export interface ControllerOrder {
  /** What each agent is to do. */
  readonly agents: readonly AgentOrder[]
  /** After how many seconds at the latest events are to be sent. */
  readonly commitMaxSeconds: number
  /**
   * The `Last-Modified` of the answer, to be given with the next question as it is; absent if there was
   * none.
   */
  readonly lastModified?: string
}

/** What an agent is to do. */
export interface AgentOrder {
  /** Its id. */
  readonly id: string
  /**
   * In the spelling of `TriggerType`, whatever the server's was; a type that is not known stays as it
   * came.
   */
  readonly triggerType: TriggerType | (string & {})
  /** For a scheduler: a Quartz cron expression of 6 or 7 fields. */
  readonly triggerParameter?: string
}

const triggerTypes: readonly TriggerType[] = ['Application', 'Scheduler', 'Off']

/**
 * Capabilities as JSON text, in the order of fields that HQ demands.
 * @throws TypeError when the id or the system is no text, and the agents are no array.
 */
export function capabilitiesText({ id, system, agents }: ControllerCapabilities): string {
  for (const [name, value] of Object.entries({ id, system })) {
    if (typeof value !== 'string' || value === '') {
      throw new TypeError(`capabilities.${name} must be a text that is not empty.`)
    }
  }
  if (!Array.isArray(agents)) throw new TypeError('capabilities.agents must be an array.')
  const told = (agents as readonly AgentCapabilities[]).map((agent) => ({
    id: agent.id,
    type: agent.type,
    'trigger-types': agent.triggerTypes,
    // What is undefined is left out when it becomes text.
    'property-descriptions': (agent.properties ?? []).map(({ name, type, units }) => ({
      name,
      type: type.toUpperCase(),
      units,
    })),
  }))
  return JSON.stringify({ id, system, ...(told.length > 0 && { 'agent-capabilities': told }) })
}

/**
 * The order in an answer. Fields that are not known are passed over.
 * @throws TypeError when it is none: the vendor's agents, too, take no order without `commit-max-seconds`.
 */
export function orderOf(value: unknown, lastModified: string | null): ControllerOrder {
  const { 'commit-max-seconds': commitMaxSeconds, 'agent-orders': agents } = membersOf(value)
  if (typeof commitMaxSeconds !== 'number' || !Number.isFinite(commitMaxSeconds)) {
    throw new TypeError('The order has no commit-max-seconds.')
  }
  const list: readonly unknown[] = Array.isArray(agents) ? agents : []
  return {
    agents: list.map(agentOrderOf),
    commitMaxSeconds,
    ...(lastModified !== null && { lastModified }),
  }
}

function agentOrderOf(value: unknown): AgentOrder {
  const { id, 'trigger-type': type, 'trigger-parameter': parameter } = membersOf(value)
  if (typeof id !== 'string' || typeof type !== 'string') {
    throw new TypeError('The order has one for an agent without an id or a trigger-type.')
  }
  const known = triggerTypes.find((one) => one.toLowerCase() === type.toLowerCase())
  return {
    id,
    triggerType: known ?? type,
    ...(typeof parameter === 'string' && { triggerParameter: parameter }),
  }
}
