import type { FacetValues } from '@eventwell/client'
import Type from 'typebox'
import type { Summary } from '../../../core/summary.ts'
import { Parameters } from '../parameters.ts'
import { selectionFree, selectionOf, selectionProperties } from '../selection.ts'
import { afterSummaryProperty, byCount, type Found } from './summary-query.ts'

const limitDefault = 100
const limitMax = 1000

/** What `GET /eventwell/facets/{name}` takes. */
export const facetValuesParameters = new Parameters(
  {
    ...selectionProperties,
    prefix: Type.Optional(Type.String({ description: 'Only values that begin like this.' })),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: limitMax,
        description: `The most values to return, 1 to ${limitMax}; ${limitDefault} if not given.`,
      }),
    ),
    after: afterSummaryProperty,
  },
  selectionFree,
)

/** What the values of a facet are asked for. */
export interface FacetValuesQuery {
  readonly name: string
  readonly summary: Summary
  readonly limit: number
  readonly after: string | undefined
}

/**
 * The query of `GET /eventwell/facets/{name}`. A dialect's own facet may be spelled as parameters spell it,
 * too: `facet.system`.
 * @throws EventwellError `invalid_query`.
 */
export function decodeFacetValues(facet: string, pairs: URLSearchParams): FacetValuesQuery {
  const { values, free } = facetValuesParameters.read(pairs)
  const { prefix = '', limit = limitDefault, after } = values
  const name = facet.replace(/^facet\./, '')
  const selection = selectionOf(values, free)
  const facets = [
    ...(selection.facets ?? []),
    ...(prefix === '' ? [] : [{ name, values: [], prefixes: [prefix] }]),
  ]
  return { name, summary: { ...selection, facets, groupBy: [name] }, limit, after }
}

/** The answer: the most frequent values. */
export function encodeFacetValues(
  { name, limit }: FacetValuesQuery,
  { rows, cursor, complete }: Found,
): FacetValues {
  const values = rows
    .map(({ group: [value = ''], events }) => ({ value, count: events }))
    .toSorted(byCount)
  const truncated = values.length > limit
  return { name, values: values.slice(0, limit), truncated, cursor, complete }
}
