/**
 * How a release of Logspace spells events. `0.3`, the last one, is the default. `0.4` was never released;
 * `0.2` knows whole seconds only. `documented` is what the project's page on the Event API shows: no
 * release of the vendor's HQ takes all of it, but servers that were written after the page do, and
 * Eventwell does.
 */
export type LogspaceDialect = '0.2' | 'documented' | '0.3' | '0.4'

/** The differences, as data (contract: the agents' sources at each of the releases). */
export interface Spelling {
  readonly storeMethod: 'POST' | 'PUT'
  /** Before the path of every route. */
  readonly prefix: '' | '/api'
  /**
   * Whether a property is an array; if not it is a bare value, and its name comes again for each further
   * one.
   */
  readonly hasArrays: boolean
  /** What is written of a second's fraction; `if any` leaves out one of zero. */
  readonly fraction: 'never' | 'if any' | 'always'
  /** Whether `NaN` and the infinities stand in quotes; bare they are no JSON, but agents write them so. */
  readonly quotesSpecialNumbers: boolean
}

/** By dialect. */
export const spellings: Readonly<Record<LogspaceDialect, Spelling>> = {
  '0.2': {
    storeMethod: 'POST',
    prefix: '',
    hasArrays: false,
    fraction: 'never',
    quotesSpecialNumbers: true,
  },
  documented: {
    storeMethod: 'PUT',
    prefix: '',
    hasArrays: false,
    fraction: 'if any',
    quotesSpecialNumbers: false,
  },
  '0.3': {
    storeMethod: 'PUT',
    prefix: '',
    hasArrays: true,
    fraction: 'always',
    quotesSpecialNumbers: false,
  },
  '0.4': {
    storeMethod: 'PUT',
    prefix: '/api',
    hasArrays: true,
    fraction: 'always',
    quotesSpecialNumbers: false,
  },
}

/** @throws RangeError for a name that is none of them. */
export function spellingOf(dialect: LogspaceDialect): Spelling {
  if (Object.hasOwn(spellings, dialect)) return spellings[dialect]
  const known = Object.keys(spellings).join(', ')
  throw new RangeError(`dialect must be one of ${known}; it is ${JSON.stringify(dialect)}.`)
}
