/**
 * A text as one part of an address's path.
 * @throws RangeError for what no address can have there: nothing, `.`, `..`, and half of a surrogate
 * pair.
 */
export function pathPart(name: string, text: string): string {
  // Addresses are shortened by dots, also by those that are percent-encoded.
  if (text !== '' && text !== '.' && text !== '..') {
    try {
      return encodeURIComponent(text)
    } catch (cause) {
      throw new RangeError(`${name} has half of a surrogate pair.`, { cause })
    }
  }
  throw new RangeError(`${name} ${JSON.stringify(text)} cannot stand in an address.`)
}
