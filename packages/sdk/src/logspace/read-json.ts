// JSON as agents write it. The runtimes' own parser rounds whole numbers beyond 2^53 and refuses a bare
// NaN, and not all of them tell what the text of a number was.

const depthMax = 100
const digitsMax = 1000
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const word = /true|false|null|NaN|-?Infinity/y
// What is escaped in a string, or may not be in it: the control characters are meant.
// oxlint-disable-next-line no-control-regex
const unusual = /[\\\0-\x1f]/
const words = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
])

/**
 * The value of a JSON text. Whole numbers that `number` does not hold exactly come as `bigint`; `NaN`,
 * `Infinity` and `-Infinity` may stand bare; a name that comes again in an object adds its value to those
 * before it, as Logspace's own reader has it: objects are joined, anything else becomes an array.
 * @throws SyntaxError when it is not JSON, more than 100 levels deep, or has a whole number of more than
 *   1000 digits.
 */
export function readJson(text: string): unknown {
  const reader = new Reader(text)
  const value = reader.value(0)
  reader.end()
  return value
}

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  value(depth: number): unknown {
    if (depth > depthMax) throw new SyntaxError(`It is more than ${depthMax} levels deep.`)
    this.#skipSpace()
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object(depth + 1)
      case '[':
        return this.#array(depth + 1)
      case '"':
        return this.#string()
      default:
        return this.#scalar()
    }
  }

  end(): void {
    this.#skipSpace()
    if (this.#at < this.#text.length) throw this.#fault()
  }

  #object(depth: number): object {
    const members: [string, unknown][] = []
    this.#list('}', () => {
      this.#skipSpace()
      const name = this.#string()
      this.#skipSpace()
      this.#expect(':')
      members.push([name, this.value(depth)])
    })
    return objectOf(members)
  }

  #array(depth: number): unknown[] {
    const values: unknown[] = []
    this.#list(']', () => values.push(this.value(depth)))
    return values
  }

  #list(end: string, readOne: () => void): void {
    this.#at += 1
    this.#skipSpace()
    if (this.#text[this.#at] !== end) {
      for (;;) {
        readOne()
        this.#skipSpace()
        if (this.#text[this.#at] !== ',') break
        this.#at += 1
      }
    }
    this.#expect(end)
  }

  #string(): string {
    const start = this.#at
    if (this.#text[start] !== '"') throw this.#fault()
    // No regular expression finds the end: on a text of many megabytes it would run out of stack.
    for (let end = start; ;) {
      end = this.#text.indexOf('"', end + 1)
      if (end === -1) throw this.#fault()
      if (isEscaped(this.#text, end)) continue
      this.#at = end + 1
      const inner = this.#text.slice(start + 1, end)
      return unusual.test(inner) ? (JSON.parse(`"${inner}"`) as string) : inner
    }
  }

  #scalar(): unknown {
    const spelled = this.#take(word)
    if (spelled !== '') return words.get(spelled)
    const digits = this.#take(number)
    if (digits === '') throw this.#fault()
    const rounded = Number(digits)
    if (/[.eE]/.test(digits) || Number.isSafeInteger(rounded)) return rounded
    // The time that a bigint takes grows with the square of its digits in some runtimes.
    if (digits.length > digitsMax)
      throw new SyntaxError(`A number has more than ${digitsMax} digits.`)
    return BigInt(digits)
  }

  #expect(one: string): void {
    if (this.#text[this.#at] !== one) throw this.#fault()
    this.#at += 1
  }

  #skipSpace(): void {
    while (' \t\n\r'.includes(this.#text.charAt(this.#at) || '-')) this.#at += 1
  }

  /** What matches here, and goes behind it; empty when nothing does. */
  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0] ?? ''
    this.#at += found.length
    return found
  }

  #fault(): SyntaxError {
    return new SyntaxError(`There is no JSON at character ${this.#at}.`)
  }
}

function isEscaped(text: string, at: number): boolean {
  let start = at
  while (text[start - 1] === '\\') start -= 1
  return (at - start) % 2 === 1
}

/** An object of these members, among which a name may come again. The time it takes is linear. */
function objectOf(members: readonly (readonly [name: string, value: unknown])[]): object {
  const given = new Map<string, unknown[]>()
  for (const [name, value] of members) {
    const values = given.get(name)
    if (values === undefined) given.set(name, [value])
    else values.push(value)
  }
  // Also a name like `__proto__` becomes a member like any other.
  return Object.fromEntries([...given].map(([name, values]) => [name, joined(values)]))
}

/** The one value of all those that came under a name. */
function joined(values: readonly unknown[]): unknown {
  if (values.length === 1) return values[0]
  return values.every(isObject) ? objectOf(values.flatMap(Object.entries)) : values.flat(1)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
