import { facetOf, type StoredEvent } from '../../core/event.ts'
import { isJsonObject, parseValues } from '../../core/json/json.ts'
import type { ViewPlan } from '../../core/view.ts'
import { logspaceSource } from './decode.ts'
import { agentName, propertiesOf, propertyId } from './names.ts'

/** An agent, as its events tell of it. */
export interface Agent {
  readonly system: string
  readonly agentId: string
  /** How many of its events arrived, those that replaced others included. */
  events: number
  /** The stored names of its events' properties. */
  readonly properties: Set<string>
}

/** The agents of a space. */
export interface Agents {
  /** By their names in the space. */
  readonly byName: Map<string, Agent>
  /** The characters of all that is known, about. */
  chars: number
}

const agentsMax = 10_000
const propertiesMax = 1000
const charsMax = 4 * 1024 * 1024

/** Which agents have sent events, and with which properties. Beyond the bounds, nothing is added. */
export const agentsPlan: ViewPlan<Agents> = {
  name: 'view/logspace-agents',
  version: 1,
  facets: [{ name: 'source', values: [logspaceSource] }],
  begin: () => ({ byName: new Map(), chars: 0 }),
  take,
  write: (agents) =>
    JSON.stringify([...agents.byName.values()], (_, value) =>
      value instanceof Set ? [...value] : value,
    ),
  read,
}

function take(agents: Agents, event: StoredEvent): void {
  const payload = parseValues(event.data ?? '{}')
  const name = facetOf(event, 'global_agent_id')
  if (name === undefined || !isJsonObject(payload)) return
  let agent = agents.byName.get(name)
  if (agent === undefined) {
    if (agents.byName.size >= agentsMax || agents.chars >= charsMax) return
    const [system, agentId] = [String(payload['system']), String(payload['agent-id'])]
    agent = { system, agentId, events: 0, properties: new Set() }
    add(agents, name, agent)
  }
  agent.events += 1
  for (const property of propertiesOf(payload)) {
    const id = propertyId(property)
    if (agent.properties.has(id)) continue
    if (agent.properties.size >= propertiesMax || agents.chars + id.length > charsMax) continue
    agent.properties.add(id)
    agents.chars += id.length
  }
}

function add(agents: Agents, name: string, agent: Agent): void {
  agents.byName.set(name, agent)
  agents.chars += name.length
  for (const id of agent.properties) agents.chars += id.length
}

function read(text: string): Agents {
  const agents: Agents = { byName: new Map(), chars: 0 }
  const listed = JSON.parse(text) as (Omit<Agent, 'properties'> & { properties: string[] })[]
  for (const { properties, ...agent } of listed) {
    const name = agentName(agent.system, agent.agentId)
    add(agents, name, { ...agent, properties: new Set(properties) })
  }
  return agents
}
