import type { StoredEvent } from '../../core/event.ts'
import { isJsonObject, type JsonObject } from '../../core/json/json.ts'
import type { EventLog } from '../../core/log.ts'
import { matches, type Selection } from '../../core/query.ts'
import { spellTime } from './agent-time.ts'
import type { Agents } from './agents-view.ts'
import { eventOf, valuesOf } from './encode.ts'
import { mapOf, parsePropertyId, type PropertyType } from './names.ts'
import { eventsOf } from './retrieval.ts'
import type { Definition } from './time-series.ts'

const fields = ['id', 'type', 'system', 'agent-id', 'timestamp', 'pid', 'gid', 'marker'] as const
const separator = ';'
const lineEnd = '\r\n'

/**
 * Every event of some time series as CSV, piece by piece: a line of names, and one for each event. An event
 * of several series comes once. Fields are separated by `;` and quoted as in RFC 4180 where that is needed; a
 * property with several values is a JSON array of them.
 */
export async function* downloadCsv(
  log: EventLog,
  workspace: string,
  definitions: readonly Definition[],
  agents: Agents,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const properties = columnsOf(definitions, agents)
  yield lineOf([...fields, ...properties])
  const selections = definitions.flatMap(({ selection }) => selection ?? [])
  for (const [index, selection] of selections.entries()) {
    const earlier = selections.slice(0, index)
    for await (const event of eventsOf(log, workspace, selection, signal)) {
      if (!isIn(event, earlier)) yield lineOf(cellsOf(event, properties))
    }
  }
}

/** The properties of the agents of these series, sorted: the columns are known before the first event is. */
function columnsOf(definitions: readonly Definition[], agents: Agents): string[] {
  const found = definitions.flatMap(({ agent }) => {
    const known = agent === undefined ? undefined : agents.byName.get(agent)
    return known === undefined ? [] : [...known.properties]
  })
  return [...new Set(found)].toSorted()
}

function isIn(event: StoredEvent, selections: readonly Selection[]): boolean {
  return selections.some((selection) => matches(event, selection))
}

function cellsOf(stored: StoredEvent, properties: readonly string[]): string[] {
  const event = eventOf(stored)
  return [
    ...fields.map((name) =>
      name === 'timestamp' ? spellTime(textOf(event[name])) : textOf(event[name]),
    ),
    ...properties.map((id) => cellOf(event, id)),
  ]
}

function cellOf(event: JsonObject, id: string): string {
  const { type, name } = parsePropertyId(id)!
  const map = event[mapOf(type)]
  if (!isJsonObject(map) || !Object.hasOwn(map, name)) return ''
  const values = valuesOf(map[name])
  if (values.length > 1) return JSON.stringify(values.map((value) => plain(value, type)))
  return values.length === 0 ? '' : textOf(plain(values[0], type))
}

function plain(value: unknown, type: PropertyType): unknown {
  return type === 'date' ? spellTime(String(value)) : value
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function lineOf(cells: readonly string[]): string {
  return cells.map(quote).join(separator) + lineEnd
}

function quote(cell: string): string {
  return /[";\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
