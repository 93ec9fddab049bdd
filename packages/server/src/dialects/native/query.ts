import { invalidQuery } from '../../core/errors.ts'
import { standardFacets } from '../../core/event.ts'
import type { CursorQuery } from '../../core/log.ts'
import type { FacetFilter } from '../../core/query.ts'
import { parseInstant, type Instant } from '../../core/time.ts'
import { wholeNumber } from '../shared/query-string.ts'

const limitDefault = 100
const valuesMax = 200
const facetPrefix = 'facet.'
const single = ['from', 'until', 'direction', 'after', 'limit']

/**
 * The query of `GET /eventwell/events`. Facets are parameters by their names (a vendor's own as
 * `facet.<name>`), each once or several times: any of its values will do.
 * @throws EventwellError `invalid_query` naming the parameter; an unknown one is refused, too.
 */
export function decodeList(pairs: URLSearchParams, limitMax: number): CursorQuery {
  for (const name of single) {
    if (pairs.getAll(name).length > 1) throw invalidQuery(name, `${name} may be given once.`)
  }
  const direction = pairs.get('direction') ?? 'forward'
  if (direction !== 'forward' && direction !== 'backward') {
    throw invalidQuery('direction', 'direction must be forward or backward.')
  }
  const limit = wholeNumber(pairs.get('limit') ?? undefined, limitDefault)
  if (!(limit >= 1 && limit <= limitMax)) {
    throw invalidQuery('limit', `limit must be a whole number from 1 to ${limitMax}.`)
  }
  return {
    facets: facetsOf(pairs),
    from: instant(pairs, 'from'),
    until: instant(pairs, 'until'),
    order: 'position',
    direction,
    limit,
    cursor: pairs.get('after') ?? undefined,
  }
}

function facetsOf(pairs: URLSearchParams): FacetFilter[] {
  const facets: FacetFilter[] = []
  for (const parameter of new Set(pairs.keys())) {
    if (single.includes(parameter)) continue
    const name = facetName(parameter)
    const values = pairs.getAll(parameter)
    if (values.length > valuesMax) {
      throw invalidQuery(parameter, `${parameter} may be given at most ${valuesMax} times.`)
    }
    facets.push({ name, values })
  }
  return facets
}

function facetName(parameter: string): string {
  if ((standardFacets as readonly string[]).includes(parameter)) return parameter
  if (parameter.startsWith(facetPrefix) && parameter.length > facetPrefix.length) {
    return parameter.slice(facetPrefix.length)
  }
  const known = [...standardFacets, `${facetPrefix}<name>`, ...single].join(', ')
  throw invalidQuery(parameter, `There is no parameter ${parameter}; there are ${known}.`)
}

function instant(pairs: URLSearchParams, name: string): Instant | undefined {
  const text = pairs.get(name)
  if (text === null) return undefined
  const found = parseInstant(text.replace(' ', '+'))
  if (found !== undefined) return found
  throw invalidQuery(name, `${name} must be an RFC 3339 date-time like 2026-03-01T10:00:00Z.`)
}
