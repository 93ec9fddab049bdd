import type { BacklogError } from './backlog-error.ts'
import type { EventConflictError } from './event-conflict-error.ts'
import type { EventRejectedError } from './event-rejected-error.ts'
import type { GapError } from './gap-error.ts'
import type { ProblemCode, ProblemError } from './problem-error.ts'

/** Whether an Eventwell server refused. */
export function isProblem(error: unknown): error is ProblemError
/** Whether an Eventwell server refused with one of these codes. */
export function isProblem<Code extends ProblemCode>(
  error: unknown,
  ...codes: Code[]
): error is ProblemError & { readonly code: Code }
/** Whether an Eventwell server refused, with one of these codes where some are given. */
export function isProblem(error: unknown, ...codes: ProblemCode[]): boolean {
  if (!isNamed(error, 'ProblemError', 'problem')) return false
  const { code } = error as { code?: ProblemCode }
  return codes.length === 0 || (code !== undefined && codes.includes(code))
}

/** Whether the server could not take this one event. */
export function isEventRejected(error: unknown): error is EventRejectedError {
  return isNamed(error, 'EventRejectedError', 'rejection')
}

/** Whether an event of the same source and id is kept that says something else. */
export function isEventConflict(error: unknown): error is EventConflictError {
  return isNamed(error, 'EventConflictError', 'receipt')
}

/** Whether too many appends waited already. */
export function isBacklog(error: unknown): error is BacklogError {
  return isNamed(error, 'BacklogError', 'callsMax')
}

/** Whether retention removed events before they were read. */
export function isGap(error: unknown): error is GapError {
  return isNamed(error, 'GapError', 'through')
}

// By name and shape: an error may come from another realm, or from a second copy of the package.
function isNamed(error: unknown, name: string, member: string): error is object {
  if (typeof error !== 'object' || error === null) return false
  return 'name' in error && error.name === name && member in error
}
