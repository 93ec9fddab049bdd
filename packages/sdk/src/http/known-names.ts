import { isPlainObject } from './plain-object.ts'

/** All members of a type, by name: the compiler says when one is missing here. */
export type NamesOf<T> = { readonly [Name in keyof T]-?: true }

/** The first member of an object that is none of these; what is `undefined` is not there. */
export function unknownName(given: object, names: object): string | undefined {
  const isUnknown = ([name, value]: [string, unknown]) =>
    value !== undefined && !Object.hasOwn(names, name)
  return Object.entries(given).find(isUnknown)?.[0]
}

/**
 * Whether options or a query have no other members than these. Another one is a slip of the pen: left out
 * silently, a filter would find everybody's events, and a bound would bind nothing.
 * @param what What the error calls it.
 * @throws TypeError for another member, with the names that there are; and for what is no plain object,
 * whose members would be lost. It shows no value: that may be a key.
 */
export function checkNames(what: string, given: unknown, names: object): void {
  if (!isPlainObject(given)) throw new TypeError(`${what} must be a plain object.`)
  const other = unknownName(given, names)
  if (other === undefined) return
  const known = Object.keys(names).join(', ')
  throw new TypeError(`${what} must not have ${JSON.stringify(other)}; there are ${known}.`)
}
