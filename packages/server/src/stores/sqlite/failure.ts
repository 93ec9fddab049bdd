import { EventwellError } from '../../core/errors.ts'
import type { Failure } from './messages.ts'

// SQLite's primary result codes, in the `errcode` of node:sqlite's errors.
const sqliteFull = 13
const sqliteBusy = 5

/** An error in the form that crosses between threads. */
export function failureOf(error: unknown): Failure {
  if (error instanceof EventwellError) return { code: error.code, message: error.message }
  const { errcode, stack, message } = error as {
    errcode?: number
    stack?: string
    message?: string
  }
  // The byte above tells the variant.
  const primary = (errcode ?? 0) & 0xff
  if (primary === sqliteFull) return { code: 'storage_full', message: 'The disk is full.' }
  if (primary === sqliteBusy) return { code: 'busy', message: 'Another process holds the file.' }
  return { code: 'internal', message: stack ?? message ?? String(error) }
}

/** The error of a failure that came from another thread. */
export function errorOf({ code, message }: Failure): Error {
  return code === 'internal' ? new Error(message) : new EventwellError(code, message)
}
