import { HttpError, type Refusal } from '../../http/errors/http-error.ts'
import type { Problem } from '../../wire.ts'

/** The codes that PROTOCOL.md section 10.2 lists, and whatever a later server adds. */
export type ProblemCode =
  | 'invalid_json'
  | 'invalid_event'
  | 'invalid_query'
  | 'invalid_cursor'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'method_not_allowed'
  | 'conflict'
  | 'too_large'
  | 'unsupported_encoding'
  | 'key_reused'
  | 'too_costly'
  | 'rate_limited'
  | 'internal'
  | 'busy'
  | 'storage_full'
  | (string & {})

/**
 * The server refused and said why (PROTOCOL.md section 10). Go by `code`: texts may change, codes do
 * not.
 */
export class ProblemError extends HttpError {
  override name = 'ProblemError' as const
  /** What went wrong, in one stable word. */
  readonly code: ProblemCode
  /** All that the server said. */
  readonly problem: Problem
  /** The faults one by one, at most 100, where they belong to events of the request; else empty. */
  readonly errors: NonNullable<Problem['errors']>

  /** @param problem What `refusal.data` is. */
  constructor(refusal: Refusal, problem: Problem) {
    super(refusal, `${problem.code}: ${String(problem.detail).slice(0, 1000)}`)
    this.code = problem.code
    this.problem = problem
    this.errors = Array.isArray(problem.errors) ? problem.errors : []
  }
}

/** The error of a refusal: a `ProblemError`, unless something else than an Eventwell answered. */
export function problemErrorOf(refusal: Refusal): HttpError {
  const { data } = refusal
  const isProblem =
    typeof data === 'object' && data !== null && 'code' in data && typeof data.code === 'string'
  // Its other members are read leniently: of a server of another version, too, the code is what counts.
  return isProblem ? new ProblemError(refusal, data as Problem) : new HttpError(refusal)
}
