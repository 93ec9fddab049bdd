import assert from 'node:assert/strict'

/** What a caller of a Webex client asks for: its parameters, as they are before they are escaped. */
export type Query = Readonly<Record<string, string>>

// How Webex's clients find the address of the next page in a `Link` header (contract 1.7), in our own words.

/** Go splits links at commas outside of angle brackets; a rel counts in double quotes only. */
export function nextOfGo(link: string): string | undefined {
  const links = link.match(/(?:<[^>]*>|[^,<])+/g) ?? []
  const found = links.find((one) => one.includes('rel="next"')) ?? ''
  return /<([^>]+)>/.exec(found)?.[1]
}

/** Python's `requests` splits links at `, <`, and each at every `;`. */
export function nextOfRequests(link: string): string | undefined {
  for (const one of link.split(/, *</)) {
    const [address = '', ...parameters] = one.split(';')
    const trimmed = parameters.map((pair) => pair.replaceAll(/["' ]/g, ''))
    if (trimmed.includes('rel=next')) return address.replaceAll(/^[<> '"]+|[<> '"]+$/g, '')
  }
  return undefined
}

/**
 * The address as Webex's Python SDK rewrites it: pieces without `=` are dropped, `max` is the caller's again,
 * and what is missing is added as it was given; `requests` escapes what cannot stand in an address at all.
 */
export function rewritten(address: string | undefined, query: Query): string | undefined {
  const [path = '', text = ''] = address?.split('?') ?? []
  const pieces = text.split('&').filter((piece) => piece.includes('='))
  const pairs = new Map(pieces.map((piece) => [piece.slice(0, piece.indexOf('=')), piece]))
  for (const [name, value] of Object.entries(query)) {
    if (name === 'max' || !pairs.has(name)) pairs.set(name, `${name}=${encodeURI(value)}`)
  }
  return address && `${path}?${[...pairs.values()].join('&')}`
}

/** `Page` of the JavaScript SDK takes the first piece at `;` for the address, and the second for the rel. */
export function nextOfPage(link: string): string | undefined {
  const [address = '', rel = ''] = link.split(';')
  const isNext = rel.split('=')[1]?.replaceAll('"', '') === 'next'
  return isNext ? address.replace('<', '').replace('>', '') : undefined
}

/** node-sparky takes all from the first `<http` to the last `>`, and sends the caller's query over it. */
export function nextOfSparky(link: string, query: Query): string | undefined {
  const address = /<(http.*)>/.exec(link)?.[1]
  if (address === undefined) return undefined
  const url = new URL(address)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url.href
}

/** Scripts split at `>;` and count on two parts. */
export function nextOfTwoParts(link: string): string {
  const [address = '', ...rest] = link.split('>;')
  assert.deepEqual(rest, [' rel="next"'])
  return address.slice(1)
}
