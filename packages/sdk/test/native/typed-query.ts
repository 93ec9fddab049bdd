import type { EventQuery } from '@eventwell/client'

const listed = ['type', 'resource', 'action', 'source', 'subject', 'actor', 'organization']
const single = ['from', 'until', 'receivedFrom', 'receivedUntil', 'q', 'after', 'consumer']

/**
 * The client's query of a query string: the inverse of what it sends.
 * @throws Error with the reason when no typed query stands for it.
 */
export function typedQuery(
  parameters: URLSearchParams,
  others: readonly string[] = ['limit', 'direction', 'fields'],
): EventQuery & Record<string, unknown> {
  const query: Record<string, unknown> = {}
  const facets: Record<string, string[]> = {}
  const data: Record<string, string[]> = {}
  for (const name of new Set(parameters.keys())) {
    const values = parameters.getAll(name)
    if (name.startsWith('facet.')) facets[name.slice('facet.'.length)] = values
    else if (name.startsWith('data.')) data[name.slice('data.'.length)] = values
    else if (listed.includes(name)) query[name] = values
    else if (values.length > 1) throw new Error('given twice')
    else if (single.includes(name)) query[name] = values[0]
    else if (!others.includes(name)) throw new Error('an unknown parameter')
    else query[name] = typedValue(name, values[0]!)
  }
  if (Object.keys(facets).length > 0) query['facets'] = facets
  if (Object.keys(data).length > 0) query['data'] = data
  // Its members were made one by one; what the types refuse was refused above.
  return query as EventQuery & Record<string, unknown>
}

function typedValue(name: string, value: string): unknown {
  const refuse = () => {
    throw new Error('a value that the types refuse')
  }
  if (name === 'limit') return Number(value)
  if (name === 'fields') return value === '' ? refuse() : value.split(',')
  if (name === 'percentiles') return value.split(',').map(Number)
  if (name === 'direction') return /^(for|back)ward$/.test(value) ? value : refuse()
  if (name === 'format') return /^(ndjson|csv|cloudevents)$/.test(value) ? value : refuse()
  if (name === 'interval') return /^[\d.]+[smhd]$/.test(value) ? value : refuse()
  return value
}
