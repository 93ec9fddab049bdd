import Type, { type Static, type TObject, type TProperties, type TSchema } from 'typebox'
import { invalidQuery } from '../../core/errors.ts'
import { Shape } from '../../core/shape.ts'

/** Parameters whose names are the caller's choice, but for how they begin: `facet.execution_id`. */
export interface FreeParameters {
  readonly prefix: string
  /** What they mean, for the documentation. */
  readonly description: string
}

/** The values of free parameters, by their whole names. */
export type FreeValues = ReadonlyMap<string, readonly string[]>

const valuesMax = 200
const freeMax = 20

/**
 * What an operation takes in its query: the schema that validates it, documents it, and types what is read. A
 * parameter whose schema is an array may be given several times, any other once.
 */
export class Parameters<T extends TProperties> {
  /** An object's schema: a property for each parameter, with its description. */
  readonly schema: TObject<T>
  readonly free: readonly FreeParameters[]
  readonly #shape: Shape

  constructor(properties: T, free: readonly FreeParameters[] = []) {
    this.schema = Type.Object(properties, { additionalProperties: false })
    this.free = free
    this.#shape = new Shape(this.schema)
  }

  /**
   * The values of a query.
   * @throws EventwellError `invalid_query` naming the parameter and what is allowed; an unknown one is refused.
   */
  read(pairs: URLSearchParams): { values: Static<TObject<T>>; free: FreeValues } {
    const values: Record<string, unknown> = {}
    const free = new Map<string, readonly string[]>()
    for (const name of new Set(pairs.keys())) {
      const given = pairs.getAll(name)
      const schema = Object.hasOwn(this.schema.properties, name)
        ? this.schema.properties[name]
        : undefined
      if (schema !== undefined) values[name] = valueOf(name, given, schema)
      else if (this.#isFree(name)) free.set(name, atMost(name, given, valuesMax))
      else throw this.#unknown(name)
    }
    if (free.size > freeMax) {
      throw invalidQuery([...free.keys()][freeMax]!, `At most ${freeMax} of these may be given.`)
    }
    this.#check(values)
    return { values: values as Static<TObject<T>>, free }
  }

  #isFree(name: string): boolean {
    return this.free.some(({ prefix }) => name.startsWith(prefix) && name.length > prefix.length)
  }

  #check(values: object): void {
    const [fault] = this.#shape.faults(values)
    if (fault === undefined) return
    const [name = ''] = fault.path.split('.')
    const { description = '' } = (this.schema.properties[name] ?? {}) as { description?: string }
    throw invalidQuery(name, `${name} ${fault.problem}. ${description}`.trim())
  }

  #unknown(name: string): Error {
    const known = [
      ...Object.keys(this.schema.properties),
      ...this.free.map(({ prefix }) => `${prefix}<name>`),
    ]
    const there = known.length === 0 ? 'there are none here' : `there are ${known.join(', ')}`
    return invalidQuery(name, `There is no parameter ${name}; ${there}.`)
  }
}

function valueOf(name: string, given: readonly string[], schema: TSchema): unknown {
  const { type } = schema as { type?: string }
  if (type === 'array') return atMost(name, given, valuesMax)
  const [text = ''] = atMost(name, given, 1)
  if (type === 'integer' || type === 'number') {
    return /^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : text
  }
  if (type === 'boolean') return text === 'true' || (text === 'false' ? false : text)
  // A plus that was not encoded came as a blank.
  const { format } = schema as { format?: string }
  return format === 'date-time' ? text.replace(' ', '+') : text
}

function atMost(name: string, given: readonly string[], most: number): readonly string[] {
  if (given.length <= most) return given
  const times = most === 1 ? 'once' : `at most ${most} times`
  throw invalidQuery(name, `${name} may be given ${times}.`)
}
