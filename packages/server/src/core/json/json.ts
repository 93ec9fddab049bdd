import { EventwellError } from '../errors.ts'
import { jsonDepthMax, jsonValuesMax, lookAtJson } from './json-look.ts'
import { jsonNumber } from './json-number.ts'
import { parseByRules, standardRules } from './json-parser.ts'

/** A JSON object as parsed. */
export type JsonObject = { [name: string]: unknown }

// Sixteen digits that are not a fraction's.
const longInteger = /(?<![.\d])\d{16}/

// V8 14.6 takes a name of one escaped character, as "\n", for a backslash once it has parsed an object that
// had the same names before and then that of one backslash. So no such object is ever parsed by it.
const escapeFirst = '"\\'
const nameIsBackslash = /"(?:\\\\|\\u005c)"\s*:/i

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

/**
 * Reads the JSON of a request, with every number's value: one that a double cannot hold comes as a
 * `JSON.rawJSON` object (see `isJsonNumber`), all others as plain numbers.
 * @throws EventwellError `invalid_json` with the parser's word on where and why.
 */
export function readJson(text: string): unknown {
  const hasLongNumbers = lookAtJson(text, jsonDepthMax, jsonValuesMax)
  try {
    return parse(text, hasLongNumbers)
  } catch (cause) {
    if (cause instanceof EventwellError) throw cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new EventwellError('invalid_json', `The body is not valid JSON: ${reason}.`, [], cause)
  }
}

/** Parses JSON that was read before, in the same way; what is no JSON is a fault of ours. */
export function parseJson(text: string): unknown {
  return parse(text, lookAtJson(text, Infinity))
}

/**
 * Parses JSON that was read before to look at its values: whole numbers keep every digit, others are the
 * nearest a double has. Several times as fast as `parseJson` where numbers have long fractions.
 */
export function parseValues(text: string): unknown {
  return longInteger.test(text) ? parseJson(text) : parse(text, false)
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

function parse(text: string, keepsDigits: boolean): unknown {
  if (text.includes(escapeFirst) && nameIsBackslash.test(text)) {
    return parseByRules(text, standardRules)
  }
  return keepsDigits ? JSON.parse(text, keepDigits) : JSON.parse(text)
}

function keepDigits(_key: string, value: unknown, { source }: { source?: string }): unknown {
  return typeof value === 'number' && source !== undefined ? jsonNumber(source) : value
}
