import { EventwellError } from '../errors.ts'

// Character codes.
const quote = 34
const comma = 44
const openBracket = 91
const closeBracket = 93
const openBrace = 123
const closeBrace = 125
const backslash = 92
const point = 46
const zero = 48
const nine = 57
const upperE = 69
const lowerE = 101
// Every number of so few digits, its point included, comes back from a double as it was written.
const plainNumberChars = 15

/** Arrays and objects within each other that a request may have; deeper JSON is refused unread. */
export const jsonDepthMax = 128

/** Values that a request's JSON may hold, nested ones included; more would take memory out of all proportion. */
export const jsonValuesMax = 2_000_000

/**
 * Looks at JSON before it is parsed, outside its strings: whether there is a number that a double may not
 * hold as it is written.
 * @throws EventwellError `invalid_json` when it is nested too deeply, `too_large` when it holds too many values:
 * parsing it would cost more than its share.
 */
export function lookAtJson(text: string, depthMax: number, valuesMax = Infinity): boolean {
  let depth = 0
  let values = 0
  let numberChars = 0
  let hasLongNumbers = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) {
      at = endOfString(text, at)
    } else if ((code >= zero && code <= nine) || code === point) {
      numberChars += 1
      if (numberChars > plainNumberChars) hasLongNumbers = true
      continue
    } else if (code === openBracket || code === openBrace) {
      depth += 1
      values += 1
      if (depth > depthMax) throw tooDeep(depthMax)
      if (values > valuesMax) throw tooMany(valuesMax)
    } else if (code === closeBracket || code === closeBrace) {
      depth -= 1
    } else if (code === comma) {
      values += 1
      if (values > valuesMax) throw tooMany(valuesMax)
    } else if ((code === lowerE || code === upperE) && numberChars > 0) {
      hasLongNumbers = true
    }
    numberChars = 0
  }
  return hasLongNumbers
}

/** A refusal of JSON with more values than that. */
export function tooMany(valuesMax: number): EventwellError {
  return new EventwellError('too_large', `The JSON holds more than ${valuesMax} values; send less.`)
}

function tooDeep(depthMax: number): EventwellError {
  return new EventwellError('invalid_json', `The JSON is nested deeper than ${depthMax} levels.`)
}

/** Where a string ends that begins at a quote; the end of the text when it does not. */
export function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end > 0 && text.charCodeAt(end - 1) === backslash && isEscaped(text, end)) {
    end = text.indexOf('"', end + 1)
  }
  return end < 0 ? text.length : end
}

/** Whether a character stands behind an odd number of backslashes. */
function isEscaped(text: string, at: number): boolean {
  let backslashes = 0
  while (text[at - 1 - backslashes] === '\\') backslashes += 1
  return backslashes % 2 === 1
}
