// The few assertions that the program needs: `node:assert` is not there in a browser.

/** Throws unless a claim holds. */
export function ok(claim: unknown, what: string): asserts claim {
  if (!claim) throw new Error(what)
}

/** Throws unless both are the same, by value. */
export function equal(actual: unknown, wanted: unknown, what = 'value'): void {
  const [one, other] = [shown(actual), shown(wanted)]
  if (one !== other) throw new Error(`${what} is ${one}, and not ${other}`)
}

/** Throws unless a promise fails with an error for which this holds. */
export async function fails(
  promise: Promise<unknown>,
  isWanted: (error: unknown) => boolean,
): Promise<void> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  ok(error !== undefined, 'it did not fail')
  if (!isWanted(error)) throw error
}

function shown(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner === 'bigint') return `${inner}n`
    if (inner instanceof Date) return `Date ${inner.toISOString()}`
    if (typeof inner === 'number' && !Number.isFinite(inner)) return `Number ${inner}`
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  })
}
