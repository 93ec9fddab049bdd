import { lastValue, wholeNumber } from '../shared/query-string.ts'
import { badValue, HqRefusal } from './refusals.ts'

/**
 * A whole number of a query parameter between two, both included.
 * @throws HqRefusal `UNPARSABLE_PARAMETER_VALUE`, `INVALID_PARAMETER_VALUE`.
 */
export function boundedNumber(
  pairs: URLSearchParams,
  name: string,
  ifAbsent: number,
  [least, most]: readonly [number, number],
): number {
  const text = lastValue(pairs, name)
  const value = wholeNumber(text, ifAbsent)
  if (Number.isNaN(value)) {
    const message = `${name} must be a whole number from ${least} to ${most}.`
    throw new HqRefusal('UNPARSABLE_PARAMETER_VALUE', message, { parameter: name, value: text })
  }
  if (value >= least && value <= most) return value
  throw badValue(name, `${name} must be a whole number from ${least} to ${most}.`)
}
