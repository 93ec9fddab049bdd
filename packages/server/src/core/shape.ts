import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import System from 'typebox/system'
import { isJsonObject } from './json/json.ts'

// The library names eight at most unless told otherwise, and a union's every branch counts.
System.Settings.Set({ maxErrors: 1000 })

/** What is wrong with a value that should have a shape. */
export interface Fault {
  /** Where: names and indexes joined by dots, as `domains.0.id`; empty for the value itself. */
  readonly path: string
  /** What is wrong there, to stand after the path: `is missing`, `must be string or null`. */
  readonly problem: string
}

interface SchemaError {
  readonly keyword: string
  readonly schemaPath: string
  readonly instancePath: string
  readonly params: object
  readonly message: string
}

/** Compares values with a shape: a JSON Schema, which is compiled when it is first needed. */
export class Shape {
  readonly #schema: TSchema
  readonly #elementsMax: number
  #compiled: ReturnType<typeof Compile> | undefined

  /** Faults are named in the first elements of an array, since naming a million would take seconds. */
  constructor(schema: TSchema, elementsMax = 100) {
    this.#schema = schema
    this.#elementsMax = elementsMax
  }

  /** What is wrong with a value, the first thousand things; nothing when it has the shape. */
  faults(value: unknown): Fault[] {
    this.#compiled ??= Compile(this.#schema)
    if (this.#compiled.Check(value)) return []
    const errors = this.#compiled.Errors(cut(value, this.#elementsMax))
    const faults = merge(withoutOtherBranches(errors).flatMap(faultsOf))
    if (faults.length > 0) return faults
    const where = `further in than the first ${this.#elementsMax} elements of an array`
    return [{ path: '', problem: `is wrong ${where}` }]
  }
}

/** A value with the first elements of its arrays. */
function cut(value: unknown, elementsMax: number): unknown {
  if (Array.isArray(value)) {
    return value.slice(0, elementsMax).map((element) => cut(element, elementsMax))
  }
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, cut(inner, elementsMax)]),
  )
}

/**
 * Where a union tells its branches apart by a word (`kind: "api_key"`), the faults of those that the value's
 * word excludes tell nothing; unless that leaves none.
 */
function withoutOtherBranches(errors: readonly SchemaError[]): readonly SchemaError[] {
  const excluded = new Set<string>()
  const open = new Map<string, Set<string>>()
  for (const { keyword, schemaPath } of errors) {
    const [branch, union] = branchOf(schemaPath)
    if (branch === undefined || union === undefined) continue
    const branches = open.get(union) ?? new Set()
    open.set(union, branches.add(branch))
    const isOther = schemaPath !== branch && keyword === 'const'
    if (isOther || (schemaPath === branch && keyword === 'type')) excluded.add(branch)
  }
  return errors.filter(({ schemaPath }) => {
    const [branch, union] = branchOf(schemaPath)
    if (branch === undefined || union === undefined || !excluded.has(branch)) return true
    return [...open.get(union)!].every((other) => excluded.has(other))
  })
}

/** The innermost branch of a union that a schema's path lies in, and that union. */
function branchOf(schemaPath: string): (string | undefined)[] {
  return /^((.*\/anyOf)\/\d+)(?:\/|$)/.exec(schemaPath)?.slice(1) ?? []
}

function faultsOf({ keyword, instancePath, params, message }: SchemaError): Fault[] {
  const path = instancePath.slice(1).replaceAll('/', '.')
  const { requiredProperties, additionalProperties, type, allowedValue } = params as {
    requiredProperties?: readonly string[]
    additionalProperties?: readonly string[]
    type?: string
    allowedValue?: unknown
  }
  const inside = (name: string) => (path === '' ? name : `${path}.${name}`)
  if (requiredProperties !== undefined) {
    return requiredProperties.map((name) => ({ path: inside(name), problem: 'is missing' }))
  }
  if (additionalProperties !== undefined) {
    return additionalProperties.map((name) => ({ path: inside(name), problem: 'is not known' }))
  }
  // These only repeat what others say in detail.
  if (keyword === 'anyOf' || keyword === 'boolean') return []
  if (type !== undefined) return [{ path, problem: `${mustBe}${type}` }]
  if (keyword === 'const') return [{ path, problem: `${mustBe}${JSON.stringify(allowedValue)}` }]
  return [{ path, problem: message }]
}

const mustBe = 'must be '

/** One fault for each place. Of a union, the branch that fits further in is the one that was meant. */
function merge(faults: readonly Fault[]): Fault[] {
  const problems = new Map<string, Set<string>>()
  for (const { path, problem } of faults) {
    const known = problems.get(path) ?? new Set()
    problems.set(path, known.add(problem))
  }
  return [...problems]
    .filter(([path]) => !faults.some((other) => path !== '' && other.path.startsWith(`${path}.`)))
    .map(([path, found]) => ({ path, problem: joined([...found]) }))
}

function joined(problems: readonly string[]): string {
  // A word that it must be is a string, too: that goes without saying.
  const hasWord = problems.some((problem) => problem.startsWith(`${mustBe}"`))
  const telling = problems.filter((problem) => !hasWord || problem !== `${mustBe}string`)
  const [first = '', ...others] = telling
  const rest = others.map((problem) =>
    problem.startsWith(mustBe) ? problem.slice(mustBe.length) : problem,
  )
  return [first, ...rest].join(' or ')
}
