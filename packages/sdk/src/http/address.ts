/** What may stand as a parameter of a query; what is `undefined` is left out, and an array is given several times. */
export type QueryValue =
  string | number | boolean | undefined | readonly (string | number | boolean)[]

/**
 * A base address as clients join paths to it: without a slash at its end.
 * @param name What the errors call it.
 * @throws TypeError when it is no address of HTTP, or has a name and a password, a query or a fragment in
 * it.
 */
export function baseAddress(name: string, text: string | URL): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    // Before an @ there may be a password, and in a query a key.
    const safe = String(text)
      .replace(/^[^]*@/, '…@')
      .replace(/[?#][^]*/, '…')
    const shown = JSON.stringify(safe)
    throw new TypeError(
      `${name} must be an address such as https://events.example.com; it is ${shown}.`,
    )
  }
  // `fetch` refuses such addresses, and errors would show the password.
  if (url.username !== '' || url.password !== '') {
    throw new TypeError(
      `${name} must not have a name or a password before ${url.host}; give the key apart.`,
    )
  }
  // Left out, as they would have to be, they would be missed by whoever gave them.
  if (url.search !== '' || url.hash !== '') {
    throw new TypeError(`${name} must not have a query or a fragment behind ${url.host}.`)
  }
  return url.origin + url.pathname.replace(/\/+$/, '')
}

/** An address with these parameters, in this order, encoded as forms are. */
export function withQuery(
  address: string,
  parameters: Readonly<Record<string, QueryValue>>,
): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined) continue
    for (const one of Array.isArray(value) ? (value as readonly unknown[]) : [value])
      query.append(name, String(one))
  }
  const text = query.toString()
  return text === '' ? address : `${address}?${text}`
}
