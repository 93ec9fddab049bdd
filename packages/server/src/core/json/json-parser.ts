import { EventwellError } from '../errors.ts'
import { endOfString, jsonDepthMax, jsonValuesMax, tooMany } from './json-look.ts'
import { jsonNumber } from './json-number.ts'

/** What a reader takes beyond JSON, and how it understands what JSON leaves open. */
interface JsonRules {
  /** The value of a name that an object has twice, from the value so far and the further one. */
  joinRepeated(before: unknown, further: unknown): unknown
  /** The value of a bare `NaN`, `Infinity` or `-Infinity`; they are refused when there is none. */
  readonly nonFinite?: ((word: string) => unknown) | undefined
  /** The value of a number's spelling. */
  readonly number?: (spelling: string) => unknown
}

/** As the standard reader of JSON: the last value of a name counts. */
export const standardRules: JsonRules = { joinRepeated: (_before, further) => further }

const number = /-?(?:Infinity|(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/y
const blank = /[ \t\n\r]*/y

// Character codes.
const quote = 34
const backslash = 92
const blankCode = 32

/**
 * Parses JSON where `JSON.parse` cannot serve. Numbers that a double cannot hold keep their digits; objects have
 * no prototype.
 * @throws EventwellError `invalid_json` naming the place, `too_large`.
 */
export function parseByRules(text: string, rules: JsonRules): unknown {
  const numberOf = rules.number ?? jsonNumber
  let at = 0
  let values = 0
  const value = parseValue(0)
  skipBlank()
  if (at < text.length) fail('more follows after the end')
  return value

  function parseValue(depth: number): unknown {
    values += 1
    if (values > jsonValuesMax) throw tooMany(jsonValuesMax)
    if (depth > jsonDepthMax) fail(`it is nested deeper than ${jsonDepthMax} levels`)
    skipBlank()
    switch (text[at]) {
      case '{':
        return parseObject(depth)
      case '[':
        return parseArray(depth)
      case '"':
        return parseString()
      case 't':
        return parseWord('true', true)
      case 'f':
        return parseWord('false', false)
      case 'n':
        return parseWord('null', null)
      case 'N':
        return parseNonFinite('NaN')
      case 'I':
        return parseNonFinite('Infinity')
      default:
        return parseNumber()
    }
  }

  function parseObject(depth: number): Record<string, unknown> {
    const object: Record<string, unknown> = Object.create(null) as Record<string, unknown>
    at += 1
    skipBlank()
    if (text[at] === '}') {
      at += 1
      return object
    }
    for (;;) {
      skipBlank()
      if (text[at] !== '"') fail('a name in quotes should stand here')
      const name = parseString()
      skipBlank()
      if (text[at] !== ':') fail('a colon should stand here')
      at += 1
      const value = parseValue(depth + 1)
      object[name] = name in object ? rules.joinRepeated(object[name], value) : value
      skipBlank()
      if (text[at] === '}') {
        at += 1
        return object
      }
      if (text[at] !== ',') fail('a comma or a closing brace should stand here')
      at += 1
    }
  }

  function parseArray(depth: number): unknown[] {
    const array: unknown[] = []
    at += 1
    skipBlank()
    if (text[at] === ']') {
      at += 1
      return array
    }
    for (;;) {
      array.push(parseValue(depth + 1))
      skipBlank()
      if (text[at] === ']') {
        at += 1
        return array
      }
      if (text[at] !== ',') fail('a comma or a closing bracket should stand here')
      at += 1
    }
  }

  function parseString(): string {
    // Most strings have nothing to unescape.
    for (let end = at + 1; ; end++) {
      const code = text.charCodeAt(end)
      if (code === quote) {
        const value = text.slice(at + 1, end)
        at = end + 1
        return value
      }
      if (!(code >= blankCode && code !== backslash)) return parseEscapedString()
    }
  }

  function parseEscapedString(): string {
    const end = endOfString(text, at)
    if (end === text.length) fail('this string does not end')
    let value: string
    try {
      value = JSON.parse(text.slice(at, end + 1)) as string
    } catch {
      fail('this string has a control character or a wrong escape')
    }
    at = end + 1
    return value
  }

  function parseNumber(): unknown {
    number.lastIndex = at
    const [spelling] = number.exec(text) ?? fail('a value should stand here')
    if (spelling.endsWith('Infinity')) return parseNonFinite(spelling)
    at = number.lastIndex
    return numberOf(spelling)
  }

  function parseNonFinite(word: string): unknown {
    if (rules.nonFinite === undefined) fail('a value should stand here')
    return parseWord(word, rules.nonFinite(word))
  }

  function parseWord<T>(word: string, value: T): T {
    if (!text.startsWith(word, at)) fail('a value should stand here')
    at += word.length
    return value
  }

  function skipBlank(): void {
    const code = text.charCodeAt(at)
    if (code > 32 || Number.isNaN(code)) return
    blank.lastIndex = at
    blank.exec(text)
    at = blank.lastIndex
  }

  function fail(what: string): never {
    const line = text.slice(0, at).split('\n').length
    const column = at - text.lastIndexOf('\n', at - 1)
    throw new EventwellError('invalid_json', `Line ${line}, column ${column}: ${what}.`)
  }
}
