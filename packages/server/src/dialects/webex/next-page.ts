import type { CursorQuery } from '../../core/log.ts'
import { formatMs, msOfInstant } from '../../core/time.ts'
import { parseLenientInstant } from '../shared/lenient-time.ts'
import { lastValue } from '../shared/query-string.ts'

/** How a feed calls the two ends of its range. */
export interface RangeNames {
  readonly from: string
  readonly to: string
}

/**
 * The address of the next page: every parameter of the request, `from` and `to` frozen at the first page's,
 * and the cursor, all percent-encoded so that naive parsers of the `Link` header find its end (contract 0.4,
 * 0.5). What the cursor holds already (`offset`) is left out.
 */
export function nextPageUrl(
  address: string,
  pairs: URLSearchParams,
  query: CursorQuery,
  cursor: string,
  { from, to }: RangeNames = { from: 'from', to: 'to' },
): string {
  const next = new URLSearchParams([...pairs].filter(([, value]) => value.trim() !== ''))
  next.delete('offset')
  for (const [name, instant] of [
    [from, query.from],
    [to, query.until],
  ] as const) {
    const isSaid = parseLenientInstant(lastValue(pairs, name) ?? '') === instant
    if (instant !== undefined && !isSaid) next.set(name, formatMs(msOfInstant(instant)))
  }
  next.set('max', String(query.limit))
  next.set('cursor', cursor)
  const text = [...next].map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&')
  return `${address}?${text}`
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16)}`,
  )
}
