import { facetOf, type StoredEvent } from '../../core/event.ts'
import { isJsonObject, parseValues } from '../../core/json.ts'
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

/** The agents of a space, by their names in it. */
export type Agents = Map<string, Agent>

const agentsMax = 10_000
const propertiesMax = 1000

/** Which agents have sent events, and with which properties. Beyond the bounds, nothing is added. */
export const agentsPlan: ViewPlan<Agents> = {
  name: 'view/logspace-agents',
  version: 1,
  facets: [{ name: 'source', values: [logspaceSource] }],
  begin: () => new Map(),
  take,
  write: (agents) =>
    JSON.stringify([...agents.values()], (_, value) => (value instanceof Set ? [...value] : value)),
  read,
}

function take(agents: Agents, event: StoredEvent): void {
  const payload = parseValues(event.data ?? '{}')
  const name = facetOf(event, 'global_agent_id')
  if (name === undefined || !isJsonObject(payload)) return
  let agent = agents.get(name)
  if (agent === undefined) {
    if (agents.size >= agentsMax) return
    const [system, agentId] = [String(payload['system']), String(payload['agent-id'])]
    agent = { system, agentId, events: 0, properties: new Set() }
    agents.set(name, agent)
  }
  agent.events += 1
  for (const property of propertiesOf(payload)) {
    if (agent.properties.size < propertiesMax) agent.properties.add(propertyId(property))
  }
}

function read(text: string): Agents {
  const listed = JSON.parse(text) as (Omit<Agent, 'properties'> & { properties: string[] })[]
  return new Map(
    listed.map((agent) => [
      agentName(agent.system, agent.agentId),
      { ...agent, properties: new Set(agent.properties) },
    ]),
  )
}
