import { isJsonObject, type JsonObject } from '../../core/json/json.ts'
import type { Agent, Agents } from './agents-view.ts'
import { checkNames } from './check-names.ts'
import { agentName, globalAgentId, parsePropertyId, propertyId, propertyTypes } from './names.ts'
import { badValue } from './refusals.ts'

/** What is looked for; whatever is absent is not asked about. */
export interface SuggestionRequest {
  readonly text: string | undefined
  readonly propertyId: string | undefined
  readonly systemId: string | undefined
  readonly spaceId: string | undefined
}

interface Named {
  readonly id: string
  readonly name: string
}

interface PropertyDescription extends Named {
  readonly propertyType: string
  readonly units: readonly { readonly name: string; readonly factor: unknown }[] | null
}

const agentsShownMax = 100
const textCharsMax = 1000
const fields = ['text', 'propertyId', 'systemId', 'spaceId'] as const

/** The request in a body; nulls and blanks count as absent. */
export function decodeSuggestion(body: unknown): SuggestionRequest {
  if (body !== undefined && !isJsonObject(body))
    throw badValue('body', 'The body must be an object.')
  checkNames(body ?? {}, fields, 'A suggestion request')
  const [text, property, system, space] = fields.map((name) => {
    const value = body?.[name] ?? undefined
    if (typeof value === 'string' && value.length > textCharsMax) {
      throw badValue(name, `${name} may have at most ${textCharsMax} characters.`)
    }
    if (value === undefined || typeof value === 'string') return value?.trim() || undefined
    throw badValue(name, `${name} must be a string.`)
  })
  return { text, propertyId: property, systemId: system, spaceId: space }
}

/**
 * What can be charted (contract 2.2): the spaces, systems and properties of the agents that fit the request,
 * and those agents, described by their controllers or else by their events.
 */
export function suggest(
  space: string,
  agents: Agents,
  capabilities: readonly JsonObject[],
  request: SuggestionRequest,
): object {
  const startMs = performance.now()
  const described = descriptionsOf(capabilities)
  const starts = wordsOf(request.text ?? '')
  const fitting = [...agents.byName.values()].filter((agent) => fits(agent, space, request, starts))
  const properties = new Set(fitting.flatMap((agent) => [...agent.properties]))
  const shownAgents = fitting.toSorted((one, other) => other.events - one.events)
  const found = {
    spaces: namedAll(fitting.length > 0 ? [space] : []),
    systems: namedAll(new Set(fitting.map(({ system }) => system))),
    propertyNames: byName([...properties].map((id) => ({ id, name: nameOf(id) }))),
    agentDescriptions: byName(
      shownAgents.slice(0, agentsShownMax).map((agent) => describeAgent(agent, space, described)),
    ),
  }
  return { executionTime: Math.round(performance.now() - startMs), ...found }
}

function describeAgent(
  { system, agentId, properties }: Agent,
  space: string,
  described: ReadonlyMap<string, PropertyDescription[]>,
) {
  const name = agentName(system, agentId)
  const propertyDescriptions =
    described.get(name) ?? byName([...properties].map((id) => describe(id)))
  return {
    globalId: globalAgentId(space, name),
    name: agentId,
    space,
    system,
    propertyDescriptions,
  }
}

function fits(
  agent: Agent,
  space: string,
  request: SuggestionRequest,
  starts: readonly string[],
): boolean {
  if (request.spaceId !== undefined && request.spaceId !== space) return false
  if (request.systemId !== undefined && request.systemId !== agent.system) return false
  if (request.propertyId !== undefined && !agent.properties.has(request.propertyId)) return false
  if (starts.length === 0) return true
  const words = wordsOf([space, agent.system, agent.agentId, ...agent.properties].join(' '))
  return starts.every((start) => words.some((word) => word.startsWith(start)))
}

/** The runs of letters and digits in a text, in small letters. */
function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
}

/** The properties that controllers announced, by agent; those of agents without any are told by events. */
function descriptionsOf(capabilities: readonly JsonObject[]): Map<string, PropertyDescription[]> {
  const found = new Map<string, PropertyDescription[]>()
  for (const { system, 'agent-capabilities': agents } of capabilities) {
    for (const agent of objectsIn(agents)) {
      const described = objectsIn(agent['property-descriptions']).flatMap(announced)
      if (described.length === 0) continue
      if (typeof system !== 'string' || typeof agent['id'] !== 'string') continue
      found.set(agentName(system, agent['id']), byName(described))
    }
  }
  return found
}

function announced({ name, type, units }: JsonObject): PropertyDescription[] {
  const known = propertyTypes.find((one) => one.toUpperCase() === textOf(type).toUpperCase())
  if (known === undefined || typeof name !== 'string') return []
  const factors = isJsonObject(units) ? Object.entries(units) : []
  const listed = factors.map(([unit, factor]) => ({ name: unit, factor }))
  return [
    { ...describe(propertyId({ type: known, name })), units: listed.length > 0 ? listed : null },
  ]
}

function describe(id: string): PropertyDescription {
  const type = parsePropertyId(id)?.type ?? 'string'
  return { id, name: nameOf(id), propertyType: type.toUpperCase(), units: null }
}

function nameOf(id: string): string {
  return parsePropertyId(id)?.name ?? id
}

function namedAll(ids: Iterable<string>): Named[] {
  return byName([...ids].map((id) => ({ id, name: id })))
}

function byName<T extends { readonly name: string }>(list: readonly T[]): T[] {
  return list.toSorted((one, other) => (one.name < other.name ? -1 : Number(one.name > other.name)))
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function objectsIn(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : []
}
