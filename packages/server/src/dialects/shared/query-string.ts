import type { FastifyRequest } from 'fastify'

/**
 * A request's query as its pairs, in order, percent-decoded; empty pieces are left out. The vendors'
 * clients spell lists and absent values in so many ways that each dialect reads the pairs itself.
 */
export function queryPairs(request: FastifyRequest): URLSearchParams {
  const url = request.raw.url ?? ''
  const mark = url.indexOf('?')
  return new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1))
}

/** The last value of a parameter; undefined when it is absent or empty. */
export function lastValue(pairs: URLSearchParams, name: string): string | undefined {
  return pairs.getAll(name).findLast((value) => value.trim() !== '')
}

/** A whole number of a parameter, the default when it is absent, NaN when it is none. */
export function wholeNumber(text: string | undefined, ifAbsent: number): number {
  if (text === undefined) return ifAbsent
  return /^-?\d{1,15}$/.test(text.trim()) ? Number(text) : NaN
}
