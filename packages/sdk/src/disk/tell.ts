/**
 * A caller's function, called in such a manner that what it throws does not stop the one who calls: it
 * comes up as an uncaught exception of its own.
 */
export function detached<Told extends readonly unknown[]>(
  tell: (...told: Told) => void,
): (...told: Told) => void {
  return (...told) => {
    try {
      tell(...told)
    } catch (error) {
      queueMicrotask(() => {
        throw error
      })
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
