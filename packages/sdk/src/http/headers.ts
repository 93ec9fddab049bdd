import { isPlainObject } from './plain-object.ts'

/**
 * The headers that a caller wants with each request, by names in lower case.
 * @throws TypeError for what is neither a plain object of texts nor `Headers`, which are known by their tag:
 * what a `Map` holds, say, would be lost silently. No value is shown: it may be a key.
 */
export function callersHeaders(headers: unknown = {}): Record<string, string> {
  const isHeaders = Object.prototype.toString.call(headers) === '[object Headers]'
  if (!isHeaders && !isPlainObject(headers)) {
    throw new TypeError('headers must be a plain object, or Headers.')
  }
  const pairs = isHeaders ? [...(headers as Headers)] : Object.entries(headers as object)
  return Object.fromEntries(
    pairs.map(([name, value]: [string, unknown]) => {
      if (typeof value === 'string') return [name.toLowerCase(), value]
      throw new TypeError(`headers must hold texts; ${JSON.stringify(name)} is none.`)
    }),
  )
}

/**
 * The headers of a request; of a name that stands twice, in whatever case, the last counts.
 * @throws TypeError when one cannot be sent. It names the header and does not show what is in it, as the
 * runtimes' own errors do: that may be a key.
 */
export function requestHeaders(
  ...groups: readonly (Readonly<Record<string, string>> | undefined)[]
): Headers {
  const headers = new Headers()
  for (const [name, value] of groups.flatMap((group) => Object.entries(group ?? {}))) {
    try {
      headers.set(name, value)
    } catch {
      throw new TypeError(
        `The header ${JSON.stringify(name)} cannot be sent: its name or its value has a character ` +
          'that may not be there, a line break, say.',
      )
    }
  }
  return headers
}
