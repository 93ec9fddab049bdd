import { EventwellError } from '../../core/errors.ts'
import { endOfString, jsonDepthMax } from '../../core/json-look.ts'
import { isJsonObject, jsonNumber } from '../../core/json.ts'

const number = /-?(?:Infinity|(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/y
const plain = /^[^\\\p{Cc}]*$/u
const blank = /[ \t\n\r]*/y

/**
 * Parses the JSON that Logspace agents write, which `JSON.parse` cannot serve (contract 1.2):
 * - a name that is repeated in an object keeps all its values: objects merge, all else becomes an array;
 * - bare `NaN`, `Infinity` and `-Infinity` become the strings of that spelling;
 * - numbers that a double cannot hold keep their digits, as with `readJson`.
 * @throws EventwellError `invalid_json` naming the place.
 */
export function parseAgentJson(text: string): unknown {
  let at = 0
  const merged = new WeakSet<unknown[]>()
  const value = parseValue(0)
  skipBlank()
  if (at < text.length) fail('more follows after the end')
  return value

  function parseValue(depth: number): unknown {
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
        return parseWord('NaN', 'NaN')
      case 'I':
        return parseWord('Infinity', 'Infinity')
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
      object[name] = name in object ? join(object[name], value) : value
      skipBlank()
      if (text[at] === '}') {
        at += 1
        return object
      }
      if (text[at] !== ',') fail('a comma or a closing brace should stand here')
      at += 1
    }
  }

  /** What a repeated name holds. Arrays that were made here grow in place, however often it repeats. */
  function join(before: unknown, value: unknown): unknown {
    if (isJsonObject(before) && isJsonObject(value)) {
      for (const name in value) {
        before[name] = name in before ? join(before[name], value[name]) : value[name]
      }
      return before
    }
    const isOurs = Array.isArray(before) && merged.has(before)
    const all: unknown[] = isOurs ? before : [before].flat()
    merged.add(all)
    if (!Array.isArray(value)) all.push(value)
    else for (const one of value) all.push(one)
    return all
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
    const end = endOfString(text, at)
    if (end === text.length) fail('this string does not end')
    const spelled = text.slice(at, end + 1)
    let value: string
    try {
      // Most strings have nothing to unescape; control characters are for JSON.parse to refuse.
      value = plain.test(spelled) ? spelled.slice(1, -1) : (JSON.parse(spelled) as string)
    } catch {
      fail('this string has a control character or a wrong escape')
    }
    at = end + 1
    return value
  }

  function parseNumber(): unknown {
    const digits = take(number, 'a value should stand here')
    return digits.endsWith('Infinity') ? digits : jsonNumber(digits)
  }

  function parseWord<T>(word: string, value: T): T {
    if (!text.startsWith(word, at)) fail('a value should stand here')
    at += word.length
    return value
  }

  function take(pattern: RegExp, otherwise: string): string {
    pattern.lastIndex = at
    const found = pattern.exec(text) ?? fail(otherwise)
    at = pattern.lastIndex
    return found[0]
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
