import { EventwellError } from './errors.ts'

/** A JSON object as parsed. */
export type JsonObject = { [name: string]: unknown }

const quote = 34
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
// Below this a double holds fewer digits, or none.
const smallestExact = 1e-290

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * The text of a request body. A byte order mark is dropped.
 * @throws EventwellError `invalid_json` when the bytes are not UTF-8: replacing them would alter data.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch (cause) {
    throw new EventwellError('invalid_json', 'The body is not valid UTF-8.', [], cause)
  }
}

/** Arrays and objects within each other that a request may have; deeper JSON is refused unread. */
export const jsonDepthMax = 128

/**
 * Reads the JSON of a request, with every number's value: one that a double cannot hold comes as a
 * `JSON.rawJSON` object (see `isJsonNumber`), all others as plain numbers.
 * @throws EventwellError `invalid_json` with the parser's word on where and why.
 */
export function readJson(text: string): unknown {
  const hasLongNumbers = look(text, jsonDepthMax)
  try {
    return hasLongNumbers ? JSON.parse(text, keepDigits) : JSON.parse(text)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new EventwellError('invalid_json', `The body is not valid JSON: ${reason}.`, [], cause)
  }
}

/** Parses JSON that was read before, in the same way; what is no JSON is a fault of ours. */
export function parseJson(text: string): unknown {
  return look(text, Infinity) ? JSON.parse(text, keepDigits) : JSON.parse(text)
}

/** Whether a value from `parseJson` is a JSON number, plain or kept by its digits. */
export function isJsonNumber(value: unknown): boolean {
  return typeof value === 'number' || JSON.isRawJSON(value)
}

/** Whether a value from `parseJson` is a JSON object. */
export function isJsonObject(value: unknown): value is JsonObject {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value)
  )
}

/** The JSON name of a value's type, for messages. */
export function jsonType(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (isJsonNumber(value)) return 'a number'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** The value of a number's spelling: a plain number, or its digits where a double cannot hold it. */
export function jsonNumber(spelling: string): unknown {
  const value = Number(spelling)
  if (String(value) === spelling) return value
  return isBeyondDouble(spelling, value) ? JSON.rawJSON(spelling) : value
}

function keepDigits(_key: string, value: unknown, { source }: { source?: string }): unknown {
  return typeof value === 'number' && source !== undefined ? jsonNumber(source) : value
}

function isBeyondDouble(spelling: string, value: number): boolean {
  const [digits = '', exponent = ''] = spelling.toLowerCase().split('e')
  const counting = digits.replace('-', '').replace('.', '').replace(/^0+/, '')
  const isTiny = counting !== '' && Math.abs(value) < smallestExact
  return counting.length > 15 || isTiny || /\d{3}/.test(exponent)
}

/**
 * Looks at JSON before it is parsed, outside its strings: whether there is a number that a double may not
 * hold as it is written. Refuses what is nested too deeply: parsing it would cost more than its share.
 */
function look(text: string, depthMax: number): boolean {
  let depth = 0
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
      if (depth > depthMax) throw tooDeep(depthMax)
    } else if (code === closeBracket || code === closeBrace) {
      depth -= 1
    } else if ((code === lowerE || code === upperE) && numberChars > 0) {
      hasLongNumbers = true
    }
    numberChars = 0
  }
  return hasLongNumbers
}

function tooDeep(depthMax: number): EventwellError {
  return new EventwellError('invalid_json', `The JSON is nested deeper than ${depthMax} levels.`)
}

/** Where a string ends that begins at a quote; the end of the text when it does not. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end > 0 && text.charCodeAt(end - 1) === backslash && isEscaped(text, end)) {
    end = text.indexOf('"', end + 1)
  }
  return end < 0 ? text.length : end
}

/** Whether a character stands behind an odd number of backslashes. */
export function isEscaped(text: string, at: number): boolean {
  let backslashes = 0
  while (text[at - 1 - backslashes] === '\\') backslashes += 1
  return backslashes % 2 === 1
}
