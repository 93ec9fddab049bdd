import Type from 'typebox'
import { invalidQuery } from '../../core/errors.ts'
import { standardFacets } from '../../core/event.ts'
import type { Path, PayloadFilter } from '../../core/payload.ts'
import type { FacetFilter, Selection } from '../../core/query.ts'
import { msOfInstant, parseInstant, type Instant } from '../../core/time.ts'
import { wordsOf } from '../../core/words.ts'
import type { FreeParameters, FreeValues } from './parameters.ts'
import { moment } from './schemas.ts'

const wordsMax = 16

function bound(description: string) {
  return Type.Optional(moment(`${description}; RFC 3339.`))
}

function facet(name: string) {
  const description =
    `The event's ${name}. Several times: any of them. ` +
    'One that ends in * stands for all that begin like it; a * that is meant is spelled \\*.'
  return Type.Optional(Type.Array(Type.String(), { description }))
}

const facetProperties = {
  type: facet('type'),
  resource: facet('type up to its last dot'),
  action: facet('type behind its last dot'),
  source: facet('source'),
  subject: facet('subject'),
  actor: facet('actor (authid)'),
  organization: facet('organization'),
} as const satisfies Record<(typeof standardFacets)[number], unknown>

/** The parameters that choose events, the same wherever events are chosen. */
export const selectionProperties = {
  ...facetProperties,
  from: bound('Events that happened at this time or after'),
  until: bound('Events that happened before this time'),
  receivedFrom: bound('Events that the server accepted at this time or after'),
  receivedUntil: bound('Events that the server accepted before this time'),
  q: Type.Optional(
    Type.String({
      description:
        "Free text: the payload's values have all of these words (runs of letters and digits, " +
        'capitals or not).',
    }),
  ),
} as const

/** The parameters that choose events by names that events bring with them. */
export const selectionFree = [
  {
    prefix: 'facet.',
    description: 'A facet that a dialect adds, such as facet.execution_id; as the other facets.',
  },
  {
    prefix: 'data.',
    description:
      'The value at a path of the payload, such as data.user.name: text as it is, numbers and booleans as ' +
      'JSON spells them; of an array, any element. A dot within a name is spelled \\.',
  },
] as const satisfies readonly FreeParameters[]

type Values = Partial<Record<(typeof standardFacets)[number], string[]>> & {
  readonly from?: string
  readonly until?: string
  readonly receivedFrom?: string
  readonly receivedUntil?: string
  readonly q?: string
}

/**
 * The selection that parameters stand for.
 * @throws EventwellError `invalid_query` naming the parameter.
 */
export function selectionOf(values: Values, free: FreeValues): Selection {
  const facets = standardFacets.flatMap((name) => {
    const given = values[name]
    return given === undefined ? [] : [facetFilter(name, given)]
  })
  const payload: PayloadFilter[] = []
  for (const [parameter, given] of free) {
    if (parameter.startsWith('facet.')) {
      facets.push(facetFilter(parameter.slice('facet.'.length), given))
    } else payload.push(payloadFilter(parameter, given))
  }
  return {
    facets,
    from: instant('from', values.from),
    until: instant('until', values.until),
    receivedFromMs: firstMsOf(instant('receivedFrom', values.receivedFrom)),
    receivedUntilMs: firstMsOf(instant('receivedUntil', values.receivedUntil)),
    words: wordsIn(values.q),
    payload,
  }
}

function facetFilter(name: string, given: readonly string[]): FacetFilter {
  const isPrefix = (value: string) => value.endsWith('*') && !value.endsWith('\\*')
  return {
    name,
    values: given.filter((value) => !isPrefix(value)).map((value) => value.replace(/\\\*$/, '*')),
    prefixes: given.filter(isPrefix).map((value) => value.slice(0, -1)),
  }
}

function payloadFilter(parameter: string, given: readonly string[]): PayloadFilter {
  const path = pathOf(parameter)
  if (path === undefined) {
    throw invalidQuery(parameter, `${parameter} must be a path like data.user.name.`)
  }
  return { paths: [path], as: 'text', ranges: given.map((value) => ({ from: value, to: value })) }
}

/** The path in the payload that a text like `data.user.name` stands for; undefined when it is none. */
export function pathOf(text: string): Path | undefined {
  if (!text.startsWith('data.')) return undefined
  const inner = text.slice('data.'.length)
  const names = inner.match(/(?:\\.|[^.\\])+/gs) ?? []
  if (names.length === 0 || names.join('.').length !== inner.length) return undefined
  return names.map((name) => name.replace(/\\(.)/gs, '$1'))
}

function wordsIn(text: string | undefined): string[] {
  if (text === undefined) return []
  const words = [...new Set(wordsOf(text))]
  if (words.length === 0) {
    throw invalidQuery('q', 'q must have a word: a run of letters or digits.')
  }
  if (words.length > wordsMax) throw invalidQuery('q', `q may have at most ${wordsMax} words.`)
  return words
}

/** The first millisecond that does not begin before an instant: events are received at whole ones. */
function firstMsOf(at: Instant | undefined): number | undefined {
  return at === undefined ? undefined : msOfInstant(at + 999_999n)
}

/** The instant of a parameter. @throws EventwellError `invalid_query` when it is none. */
export function instant(name: string, text: string | undefined): Instant | undefined {
  if (text === undefined) return undefined
  const found = parseInstant(text)
  if (found !== undefined) return found
  throw invalidQuery(name, `${name} must be an RFC 3339 date-time like 2026-03-01T10:00:00Z.`)
}
