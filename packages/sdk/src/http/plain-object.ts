/**
 * Whether a value is an object as a literal makes it, of any realm. The members of any other, as of a `Map`
 * or of a class with getters, are not all among its own properties, and would be lost silently.
 */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
