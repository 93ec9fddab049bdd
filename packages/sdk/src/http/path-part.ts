/**
 * A text as one part of an address's path.
 * @param name What the error calls it.
 * @throws TypeError for what is no text, or an empty one; RangeError for what no address can have there:
 * `.`, `..`, and half of a surrogate pair.
 */
export function pathPart(name: string, text: unknown): string {
  if (typeof text !== 'string' || text === '') {
    throw new TypeError(`${name} must be given, as a text that is not empty.`)
  }
  // Addresses are shortened by dots, also by those that are percent-encoded.
  if (text === '.' || text === '..') throw new RangeError(`${name} must not be ${text}.`)
  if (/\p{Surrogate}/u.test(text)) throw new RangeError(`${name} has half of a surrogate pair.`)
  return encodeURIComponent(text)
}
