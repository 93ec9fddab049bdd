import { isJsonObject, type JsonObject } from '../../core/json/json.ts'
import type { EventLog } from '../../core/log.ts'
import type { Selection } from '../../core/query.ts'
import type { SummaryRow } from '../../core/summary.ts'
import { instantOfMs } from '../../core/time.ts'
import { shown } from '../shared/event-list.ts'
import { parseDate, spellDate } from './agent-time.ts'
import { checkNames } from './check-names.ts'
import { decodeFilter, facetsOfAgent } from './filter.ts'
import { agentNameIn, parsePropertyId, pathOf, type Property, type PropertyType } from './names.ts'
import { HqRefusal } from './refusals.ts'

/** What HQ can make of the values in a stretch of time (contract 2.3). */
type Aggregate = 'max' | 'min' | 'avg' | 'count' | 'sum'

/** A stretch of time, cut into pieces of equal length; the last may reach past the end. */
interface TimeWindow {
  readonly startMs: number
  readonly endMs: number
  readonly gapSeconds: number
}

/** One series to draw. */
export interface Definition {
  readonly window: TimeWindow
  /** The agent's name in the space; undefined when it is of another. */
  readonly agent: string | undefined
  readonly property: Property
  readonly aggregate: Aggregate
  /** The events of its agent that have the property, within the window; undefined when there are none. */
  readonly selection: Selection | undefined
}

const definitionsMax = 100
const valuesMax = 10_000
const numeric = ['count', 'sum', 'avg', 'min', 'max'] as const
const allowed: Readonly<Record<PropertyType, readonly Aggregate[]>> = {
  boolean: ['count'],
  string: ['count'],
  date: ['count', 'min', 'max', 'avg'],
  integer: numeric,
  long: numeric,
  float: numeric,
  double: numeric,
}

/**
 * The definitions of a time-series request.
 * @throws HqRefusal `INVALID_DATA_DEFINITION`, with the parameters that HQ gives.
 */
export function decodeDefinitions(body: unknown, space: string): Definition[] {
  if (!isJsonObject(body)) throw invalid('The body must be an object with definitions.')
  checkNames(body, ['definitions'], 'A time-series request')
  const definitions = body['definitions']
  const isList = Array.isArray(definitions) && definitions.length > 0
  if (!isList || definitions.length > definitionsMax || !definitions.every(isJsonObject)) {
    throw invalid(`definitions must be an array of 1 to ${definitionsMax} objects.`)
  }
  return definitions.map((one, index) => decodeDefinition(one, `definitions[${index}]`, space))
}

/** The answer to a time-series request: an array of values for each definition. */
export async function timeSeries(
  log: EventLog,
  workspace: string,
  definitions: readonly Definition[],
  signal: AbortSignal,
): Promise<object> {
  const data: unknown[][] = []
  for (const definition of definitions)
    data.push(await seriesOf(log, workspace, definition, signal))
  const { window } = definitions.at(-1)!
  return {
    timeWindow: {
      start: spellDate(window.startMs),
      end: spellDate(window.endMs),
      gap: window.gapSeconds,
      steps: stepsOf(window),
    },
    data,
  }
}

function decodeDefinition(definition: JsonObject, place: string, space: string): Definition {
  // Dialect B calls the window a range of dates.
  const fields = ['timeWindow', 'dateRange', 'globalAgentId', 'propertyId', 'aggregate', 'filter']
  checkNames(definition, fields, place)
  const { globalAgentId, propertyId, aggregate, filter } = definition
  const window = decodeWindow(definition['timeWindow'] ?? definition['dateRange'], place)
  const property = typeof propertyId === 'string' ? parsePropertyId(propertyId) : undefined
  if (property === undefined) {
    const message = `${place}.propertyId must be <type>_property_<name>, not ${shown(propertyId ?? null)}.`
    throw invalid(message)
  }
  if (typeof globalAgentId !== 'string') {
    throw invalid(`${place}.globalAgentId must be space|system|agent-id.`)
  }
  return {
    window,
    agent: agentNameIn(space, globalAgentId),
    property,
    aggregate: decodeAggregate(aggregate, property, place),
    selection: select(globalAgentId, property, window, filter, space),
  }
}

function decodeWindow(window: unknown, place: string): TimeWindow {
  if (!isJsonObject(window)) throw invalid(`${place}.timeWindow must be an object.`)
  // `steps` is in HQ's answers and must not be sent; who sends an answer back means no harm.
  checkNames(window, ['start', 'end', 'gap', 'steps'], `${place}.timeWindow`)
  const { start, end, gap: gapSeconds } = window
  const [startMs, endMs] = [start, end].map((text) =>
    typeof text === 'string' ? parseDate(text) : undefined,
  )
  if (startMs === undefined || endMs === undefined) {
    throw invalid(`${place}.timeWindow needs start and end as dates like 2015-01-01T00:00:00Z.`)
  }
  if (!(Number.isSafeInteger(gapSeconds) && Number(gapSeconds) >= 1)) {
    throw invalid(`${place}.timeWindow.gap must be a whole number of seconds from 1.`)
  }
  if (endMs <= startMs) throw invalid(`${place}: the end must be after the start.`, { start, end })
  const found = { startMs, endMs, gapSeconds: Number(gapSeconds) }
  if (stepsOf(found) <= valuesMax) return found
  throw invalid(`${place} asks for too many values; make the gap longer.`, {
    'requested-values': stepsOf(found),
    'max-values': valuesMax,
  })
}

function decodeAggregate(aggregate: unknown, { type }: Property, place: string): Aggregate {
  const known = allowed[type].find((one) => one === aggregate)
  if (known !== undefined) return known
  const message = `${place}.aggregate ${shown(aggregate ?? null)} is not possible for ${type} properties.`
  throw invalid(message, {
    'property-type': type.toUpperCase(),
    'illegal-aggregate': aggregate ?? null,
    'allowed-aggregates': allowed[type],
  })
}

function select(
  agent: string,
  property: Property,
  { startMs, endMs }: TimeWindow,
  filter: unknown,
  space: string,
): Selection | undefined {
  const facets = facetsOfAgent(agent, space)
  const filtered = decodeFilter(filter, space, 'any of a property')
  if (facets === undefined || filtered === undefined) return undefined
  const [start, end] = [instantOfMs(startMs), instantOfMs(endMs)]
  return {
    facets: [...facets, ...(filtered.facets ?? [])],
    from: filtered.from !== undefined && filtered.from > start ? filtered.from : start,
    until: filtered.until !== undefined && filtered.until < end ? filtered.until : end,
    payload: [
      { paths: [pathOf(property)], as: 'presence', ranges: [{}] },
      ...(filtered.payload ?? []),
    ],
  }
}

async function seriesOf(
  log: EventLog,
  workspace: string,
  { window, property, aggregate, selection }: Definition,
  signal: AbortSignal,
): Promise<unknown[]> {
  const values: unknown[] = Array(stepsOf(window)).fill(aggregate === 'count' ? 0 : null)
  if (selection === undefined) return values
  const as = property.type === 'date' ? 'time' : 'number'
  const buckets = {
    startMs: window.startMs,
    stepMs: window.gapSeconds * 1000,
    count: values.length,
  }
  const measure = aggregate === 'count' ? {} : { measure: { path: pathOf(property), as } as const }
  const rows = await log.summarize(workspace, { ...selection, buckets, ...measure }, signal)
  for (const row of rows) {
    const value = aggregated(row, aggregate)
    values[row.bucket] =
      as === 'time' && value !== null && aggregate !== 'count' ? spellDate(value) : value
  }
  return values
}

/** Null where events have the property, but none a value to reckon with, as those that are `NaN`. */
function aggregated(
  { events, values, sum, min, max }: SummaryRow,
  aggregate: Aggregate,
): number | null {
  if (aggregate === 'count') return events
  if (values === 0) return null
  return { sum, min, max, avg: sum / values }[aggregate]
}

function stepsOf({ startMs, endMs, gapSeconds }: TimeWindow): number {
  return Math.ceil((endMs - startMs) / (gapSeconds * 1000))
}

function invalid(message: string, parameters: Record<string, unknown> = {}): HqRefusal {
  return new HqRefusal('INVALID_DATA_DEFINITION', message, parameters)
}
