/** Puts `…` in the place of each secret in a text. */
export type Mask = (text: string) => string

const secretLengthMin = 6
const word = /^[a-z_-]{1,24}$/i
// Whoever gave them, a caller for its proxy, say.
const alwaysSecret = ['authorization', 'proxy-authorization', 'cookie']

/**
 * Hides what was sent in these headers, and the part of it after a scheme such as `Bearer`: some servers
 * repeat a key that they do not know, which may be the right one of another. A key of less than 6 characters
 * is not hidden, nor one that may be a word, as `development`: it would eat ordinary text.
 * @param names In lower case.
 */
export function maskOf(sent: Headers, names: readonly string[]): Mask {
  const secrets = new Set<string>()
  for (const name of [...alwaysSecret, ...names]) {
    const value = sent.get(name) ?? ''
    for (const secret of [value, value.replace(/^[\w-]+ +/, '')]) {
      if (secret.length < secretLengthMin || word.test(secret)) continue
      // As it is, in JSON, and in an address.
      secrets.add(secret).add(JSON.stringify(secret).slice(1, -1)).add(encodeURIComponent(secret))
    }
  }
  // The longest first: a shorter one may be a part of it.
  const inTurn = [...secrets].toSorted((one, other) => other.length - one.length)
  return (text) => inTurn.reduce((masked, secret) => masked.replaceAll(secret, '…'), text)
}

/** Headers without the secrets; the same ones where there are none. A header can hold `...`, but no `…`. */
export function maskedHeaders(headers: Headers, mask: Mask): Headers {
  const entries = [...headers]
  if (entries.every(([, value]) => mask(value) === value)) return headers
  const masked = new Headers()
  for (const [name, value] of entries) {
    const shown = mask(value)
    masked.append(name, shown === value ? value : shown.replaceAll('…', '...'))
  }
  return masked
}

/** The body of a refusal without the secrets: parsed where it is JSON, else its text. */
export function maskedData(text: string, mask: Mask): unknown {
  // Without a backslash a text stands there as it is.
  const isClean = mask(text) === text && !text.includes('\\')
  try {
    // A reviver overflows where the parser does not.
    if (isClean) return JSON.parse(text)
    return JSON.parse(text, (_, value: unknown) => maskedValue(value, mask))
  } catch {
    return mask(text)
  }
}

/** A value whose members are masked already: what is left are its own text, and the members' names. */
function maskedValue(value: unknown, mask: Mask): unknown {
  if (typeof value === 'string') return mask(value)
  // A key may be a number.
  if (typeof value === 'number') return mask(String(value)) === '…' ? '…' : value
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [mask(name), member]))
}
