/**
 * A text in a query. Servers take an empty one for none, so that it would ask for everything: an empty
 * person's events would be everybody's.
 * @throws TypeError for what is no text, or a blank one; only `undefined` is left out.
 */
export function queryText(name: string, value: unknown): string | undefined {
  if (value === undefined || (typeof value === 'string' && value.trim() !== '')) return value
  throw new TypeError(`${name} must be a text that is not empty, or left out.`)
}

/**
 * Names in a query, joined by commas.
 * @throws TypeError for what is no array, and for a name that is none or has a comma: it would be two.
 */
export function queryNames(name: string, values: unknown): string {
  if (!Array.isArray(values)) throw new TypeError(`${name} must be an array of names.`)
  for (const one of values as readonly unknown[]) {
    if (typeof one === 'string' && one.trim() !== '' && !one.includes(',')) continue
    const shown = JSON.stringify(one)
    throw new TypeError(`${name} must hold names, which have no comma; one is ${shown}.`)
  }
  return values.join(',')
}
