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
