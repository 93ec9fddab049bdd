import type { QueryValue } from '../../http/address.ts'
import { checkNames } from '../../http/known-names.ts'
import { momentText } from '../../http/moment.ts'
import type { SelectionAfter } from './query.ts'

/** Parameters of a request, by the names that they have on the wire. */
export type Parameters = Readonly<Record<string, QueryValue>>

// Every member of a selection that stands on the wire as it is called here.
const listed = ['type', 'resource', 'action', 'source', 'subject', 'actor', 'organization'] as const
const moments = ['from', 'until', 'receivedFrom', 'receivedUntil'] as const
const known = Object.fromEntries(
  [...listed, ...moments, 'facets', 'data', 'q', 'after'].map((name) => [name, true]),
)

/**
 * The parameters of a selection, and the rest of a query as it is.
 * @param others What the query may have besides: a name that is not known would select more than was
 * meant.
 * @throws TypeError for a member that is not known; RangeError for a list of values that is empty, a
 * number that JSON cannot spell, or a `Date` that is none.
 */
export function parametersOf(
  query: SelectionAfter,
  others: Readonly<Record<string, QueryValue>> = {},
): Parameters {
  checkNames('A query', query, { ...known, ...others })
  const parameters: Record<string, QueryValue> = {}
  for (const name of listed) parameters[name] = values(name, query[name])
  for (const [name, value] of Object.entries(query.facets ?? {})) {
    parameters[`facet.${name}`] = values(`facets.${name}`, value)
  }
  for (const [path, value] of Object.entries(query.data ?? {})) {
    parameters[`data.${path}`] = values(`data.${path}`, value)
  }
  for (const name of moments) parameters[name] = momentText(name, query[name])
  return { ...parameters, q: query.q, after: query.after, ...others }
}

function values(name: string, given: unknown): QueryValue {
  if (given === undefined) return undefined
  const list: readonly unknown[] = Array.isArray(given) ? given : [given]
  // Left out, it would select everything; nothing is what it means.
  if (list.length === 0) throw new RangeError(`${name} is an empty list: no event could be meant.`)
  return list.map((value) => valueText(name, value))
}

function valueText(name: string, value: unknown): string {
  if (typeof value === 'string') return value
  const isSpelled =
    typeof value === 'boolean' || typeof value === 'bigint' || Number.isFinite(value)
  if (isSpelled) return String(value)
  throw new RangeError(`${name} must be made of texts, numbers and booleans.`)
}
