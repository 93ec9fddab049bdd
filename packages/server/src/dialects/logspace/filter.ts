import { isJsonObject, type JsonObject } from '../../core/json/json.ts'
import {
  valueOf,
  type Path,
  type PayloadFilter,
  type Value,
  type ValueKind,
  type ValueRange,
} from '../../core/payload.ts'
import type { FacetFilter, Selection } from '../../core/query.ts'
import { instantOfMs, type Instant } from '../../core/time.ts'
import { facetText, shown } from '../shared/event-list.ts'
import { parseDate } from './agent-time.ts'
import { checkNames } from './check-names.ts'
import { facetNames, logspaceSource, untyped } from './decode.ts'
import {
  agentNameIn,
  fieldOfStoredName,
  kindOf,
  mapOf,
  parsePropertyId,
  pathOf,
  propertyTypes,
} from './names.ts'
import { badValue } from './refusals.ts'

/** What a filter says of one property: it has a value in one of these ranges. */
interface Clause {
  readonly property: string
  readonly ranges: readonly ValueRange[]
}

type ComparedAs = Exclude<ValueKind, 'presence'>

/** Which events a filter selects; undefined when it can select none. */
type Filtered = Selection | undefined

/** How the elements of a filter go together: all of them, or any of those on the same property. */
type Conjunction = 'all' | 'any of a property'

const elementsMax = 100
const valuesMax = 1000
const indexed: readonly string[] = ['type', ...facetNames]

/**
 * The events that an EventFilter selects (contract 2.1) among those that came in by this dialect. Elements on
 * indexed names are found by the index; those on others by looking at each event that is left.
 * @throws HqRefusal `INVALID_PARAMETER_VALUE` naming the element.
 */
export function decodeFilter(body: unknown, space: string, conjunction: Conjunction): Filtered {
  const clauses = clausesOf(body, conjunction)
  let span: Pick<Selection, 'from' | 'until'> = {}
  const facets: FacetFilter[] = [{ name: 'source', values: [logspaceSource] }]
  const payload: PayloadFilter[] = []
  for (const clause of clauses) {
    if (clause.property === 'space') {
      if (!clause.ranges.some((range) => isWithin(space, range))) return undefined
    } else if (clause.property === 'global_agent_id') {
      const agents = agentsOf(clause, space)
      if (agents === undefined) continue
      if (agents.values.length === 0) return undefined
      facets.push(agents)
    } else if (clause.property === 'timestamp' && clause.ranges.length === 1) {
      span = narrow(span, clause.ranges[0]!)
    } else {
      const facet = indexFilterOf(clause)
      if (facet === undefined) payload.push(payloadFilterOf(clause))
      else facets.push(facet)
    }
  }
  return { ...span, facets, payload }
}

function clausesOf(body: unknown, conjunction: Conjunction): Clause[] {
  const elements = elementsOf(body).map((one, index) => clausesOfElement(one, `elements[${index}]`))
  if (conjunction === 'all') return elements.flat()
  return [...Map.groupBy(elements, ([first]) => first!.property).values()].flatMap(anyOf)
}

/** One clause for several elements on the same property. */
function anyOf(elements: readonly (readonly Clause[])[]): readonly Clause[] {
  const [first] = elements
  if (elements.length === 1) return first!
  const { property } = first![0]!
  if (elements.some((clauses) => clauses.length > 1)) {
    throw badValue(property, `Values joined by AND cannot stand beside others for ${property}.`)
  }
  return [
    { property, ranges: elements.flatMap((clauses) => clauses.flatMap(({ ranges }) => ranges)) },
  ]
}

function elementsOf(body: unknown): JsonObject[] {
  if (body === undefined || body === null) return []
  if (!isJsonObject(body)) throw badValue('filter', 'A filter must be an object with elements.')
  checkNames(body, ['elements'], 'filter')
  const elements = body['elements'] ?? []
  if (!Array.isArray(elements) || !elements.every(isJsonObject)) {
    throw badValue('elements', 'elements must be an array of objects.')
  }
  if (elements.length > elementsMax) {
    throw badValue('elements', `A filter may have at most ${elementsMax} elements.`)
  }
  return elements
}

/** `value` wins over a range, a range over `values`; several with AND are a clause each. */
function clausesOfElement(element: JsonObject, place: string): Clause[] {
  checkNames(element, ['property', 'value', 'from', 'to', 'values', 'operator'], place)
  const { property, value, from, to, values, operator } = element
  if (typeof property !== 'string' || property === '') {
    throw badValue(place, `${place} must name its property.`)
  }
  comparedAs(property, place)
  if (isGiven(value)) return [{ property, ranges: [equalTo(property, value, place)] }]
  if (isGiven(from) || isGiven(to)) {
    const range = {
      ...(isGiven(from) && { from: readValue(property, from, `${place}.from`) }),
      ...(isGiven(to) && { to: endOf(property, readValue(property, to, `${place}.to`)) }),
    }
    return [{ property, ranges: [range] }]
  }
  if (!Array.isArray(values))
    throw badValue(place, `${place} needs a value, from or to, or values.`)
  if (values.length === 0 || values.length > valuesMax) {
    throw badValue(place, `${place}.values must have 1 to ${valuesMax} values.`)
  }
  const ranges = values.map((one) => equalTo(property, one, place))
  if (operator === 'OR') return [{ property, ranges }]
  if (operator === 'AND') return ranges.map((range) => ({ property, ranges: [range] }))
  throw badValue(place, `${place}.operator must be OR or AND.`)
}

/** A blank value means any value. */
function equalTo(property: string, value: unknown, place: string): ValueRange {
  if (typeof value === 'string' && value.trim() === '') return {}
  const one = readValue(property, value, place)
  return { from: one, to: endOf(property, one) }
}

/** HQ knows milliseconds: an instant as the end of a range stands for the whole of its own. */
function endOf(property: string, value: Value): Value {
  return comparedAs(property, property) === 'time' ? (value as Instant) + 999_999n : value
}

/** A value as its property is compared; numbers and times may stand in quotes. */
function readValue(property: string, value: unknown, place: string): Value {
  const text = valueOf(value, 'text') as string | undefined
  const kind = comparedAs(property, place)
  const read = text === undefined ? undefined : parseValue(text.trim(), text, kind)
  if (read !== undefined) return read
  const wanted = { text: 'a string', number: 'a number', time: 'a date-time' }[kind]
  throw badValue(place, `${place} must be ${wanted} for ${property}, not ${shown(value)}.`)
}

function parseValue(trimmed: string, text: string, kind: ComparedAs): Value | undefined {
  switch (kind) {
    case 'text':
      return text
    case 'time': {
      const ms = parseDate(trimmed)
      return ms === undefined ? undefined : instantOfMs(ms)
    }
    case 'number': {
      if (/^-?\d{16,40}$/.test(trimmed)) return BigInt(trimmed)
      // A double would stand for its whole neighbours, too.
      const isTooFine = trimmed === '' || /^-?\d{16,}\./.test(trimmed)
      const number = isTooFine ? NaN : Number(trimmed)
      return Number.isNaN(number) ? undefined : number
    }
  }
}

function comparedAs(property: string, place: string): ComparedAs {
  if (property === 'timestamp') return 'time'
  if (Object.hasOwn(fieldOfStoredName, property)) return 'text'
  if (['space', 'global_agent_id', 'property_id'].includes(property)) return 'text'
  const known = parsePropertyId(property)
  if (known !== undefined) return kindOf(known.type)
  throw badValue(
    place,
    `There is no property ${shown(property)}. There are ${Object.keys(fieldOfStoredName).join(', ')}, ` +
      'space, global_agent_id, property_id, and <type>_property_<name>.',
  )
}

/** A clause that the index can answer: certain values of a name that it knows. */
function indexFilterOf({ property, ranges }: Clause): FacetFilter | undefined {
  if (!indexed.includes(property)) return undefined
  const values: string[] = []
  for (const { from, to } of ranges) {
    const isFacet = from === to && facetText(from) !== undefined
    // An event without a type is found under one, which it does not have in this dialect.
    if (!isFacet || (property === 'type' && from === untyped)) return undefined
    values.push(String(from))
  }
  return { name: property, values }
}

function payloadFilterOf(clause: Clause): PayloadFilter {
  const { property, ranges } = clause
  if (property === 'property_id') return hasProperty(clause)
  const known = parsePropertyId(property)
  const field = fieldOfStoredName[property as keyof typeof fieldOfStoredName]
  const paths = [known === undefined ? [field] : pathOf(known)]
  // Any value, and be it NaN.
  if (ranges.some(isAny)) return { paths, as: 'presence', ranges: [{}] }
  return { paths, as: comparedAs(property, property), ranges }
}

/** Events that have one of some properties, or any at all, whatever their values. */
function hasProperty(clause: Clause): PayloadFilter {
  const any = clause.ranges.some(isAny)
  const paths = any ? propertyTypes.map((type) => [mapOf(type)]) : pathsOf(clause)
  return { paths, as: 'presence', ranges: [{}] }
}

function pathsOf(clause: Clause): Path[] {
  return equalTexts(clause).map((id) => {
    const known = parsePropertyId(id)
    if (known !== undefined) return pathOf(known)
    throw badValue('property_id', `${shown(id)} is no <type>_property_<name>.`)
  })
}

/** The facet of the agents that a clause names; undefined when any agent will do. */
function agentsOf(clause: Clause, space: string): FacetFilter | undefined {
  if (clause.ranges.some(isAny)) return undefined
  const values = equalTexts(clause).map((id) => facetText(agentNameIn(space, id)))
  return { name: 'global_agent_id', values: values.filter((value) => value !== undefined) }
}

/** The values of a clause on a name that can be compared for equality alone. */
function equalTexts({ property, ranges }: Clause): string[] {
  return ranges.map(({ from, to }) => {
    if (typeof from === 'string' && from === to) return from
    throw badValue(property, `${property} takes a value or values that are not blank, no range.`)
  })
}

/** What the events of an agent are found by; undefined when it is none of this space. */
export function facetsOfAgent(globalId: string, space: string): FacetFilter[] | undefined {
  const name = facetText(agentNameIn(space, globalId))
  if (name === undefined) return undefined
  return [
    { name: 'source', values: [logspaceSource] },
    { name: 'global_agent_id', values: [name] },
  ]
}

/** The part of a span of time that lies in a range, which includes its end. */
function narrow({ from, until }: Pick<Selection, 'from' | 'until'>, range: ValueRange) {
  const start = range.from as Instant | undefined
  const end = range.to === undefined ? undefined : (range.to as Instant) + 1n
  return {
    from: from === undefined || (start !== undefined && start > from) ? start : from,
    until: until === undefined || (end !== undefined && end < until) ? end : until,
  }
}

function isWithin(text: string, { from, to }: ValueRange): boolean {
  return (from === undefined || text >= from) && (to === undefined || text <= to)
}

function isAny({ from, to }: ValueRange): boolean {
  return from === undefined && to === undefined
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null
}
