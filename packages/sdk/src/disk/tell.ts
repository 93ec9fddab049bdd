/** What an owner of a folder tells its caller. */
export interface Listeners<Refused> {
  readonly onFault?: ((error: unknown, delayMs?: number) => void) | undefined
  readonly onRefused?: ((refused: Refused, reason: string) => void) | undefined
}

/** The same, ready to be called: they never throw. */
export interface Tellers {
  readonly onFault: (error: unknown, delayMs?: number) => void
  readonly onRefused: (refused: { readonly record: string; readonly reason: string }) => void
}

/**
 * Tells a caller of faults and refusals, or warns of them where there is nobody to tell.
 * @param owner How warnings call the one who tells, with the folder.
 * @param decode Reads a record.
 * @param nameOf How a warning calls what was refused.
 */
export function tellersOf<Refused>(
  owner: string,
  { onFault, onRefused }: Listeners<Refused>,
  decode: (record: string) => Refused,
  nameOf: (refused: Refused) => string,
): Tellers {
  const tellFault =
    onFault ??
    ((error: unknown, delayMs?: number) => {
      const next = delayMs === undefined ? '' : ` Tried again in ${Math.ceil(delayMs / 1000)} s.`
      warn(`${owner}: ${messageOf(error)}.${next}`)
    })
  const tellRefused =
    onRefused ??
    ((refused: Refused, reason: string) => {
      warn(`${owner} put ${nameOf(refused)} into refused.ndjson: ${reason}`)
    })
  return {
    onFault: harmless('onFault', owner, tellFault),
    onRefused: harmless('onRefused', owner, ({ record, reason }) =>
      tellRefused(decode(record), reason),
    ),
  }
}

/**
 * A caller's function, called in such a manner that what it throws, or rejects with, ends neither the one
 * who calls nor the process: it becomes a warning.
 * @param name How warnings call it.
 */
export function harmless<Told extends readonly unknown[]>(
  name: string,
  owner: string,
  tell: (...told: Told) => unknown,
): (...told: Told) => void {
  const complain = (error: unknown) => warn(`${owner}: ${name} threw: ${messageOf(error)}`)
  return (...told) => {
    try {
      // What is no promise resolves.
      Promise.resolve(tell(...told)).catch(complain)
    } catch (error) {
      complain(error)
    }
  }
}

/** Says something on the process's standard error, as the runtime's own warnings are said. */
export function warn(message: string): void {
  process.emitWarning(message, 'EventwellWarning')
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
