/**
 * A key as a header can hold it. Told here: the runtimes' own complaint about a header shows what should have
 * stood in it.
 * @param name What the error calls it.
 * @throws TypeError when it cannot be one; the key is not shown.
 */
export function checkedSecret(name: string, value: unknown): string {
  if (typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)) return value
  throw new TypeError(`${name} must be a text of visible ASCII characters, without blanks.`)
}
