import { HttpError, type Refusal } from '../http/errors/http-error.ts'
import { membersOf } from '../http/members-of.ts'

const problemsMax = 100
const shownMax = 300

/** One of the things that are wrong with a request. */
export interface WorkOSProblem {
  /** The parameter. */
  readonly field: string | undefined
  /** A code, `required` say; some answers have a sentence here. */
  readonly code: string | undefined
  /** A sentence. */
  readonly message: string | undefined
}

/** WorkOS refused a request, and why. `isRateLimitedError` and its neighbours tell the reasons apart. */
export class WorkOSError extends HttpError {
  override name = 'WorkOSError' as const
  /** WorkOS's code, such as `invalid_events_request`; a 401 has none. */
  readonly code: string | undefined
  /** The request's id, `X-Request-ID`, by which WorkOS's support finds it. */
  readonly requestID: string | undefined
  /** What is wrong in particular, at 422 above all; at most 100. */
  readonly errors: readonly WorkOSProblem[]

  /** @param refusal The answer, as the transport read it. */
  constructor(refusal: Refusal) {
    const body = membersOf(refusal.data)
    const errors = problemsIn(body['errors'])
    super(refusal, saidIn(body, errors))
    this.code = textOf(body['code'])
    this.requestID = refusal.headers.get('x-request-id') ?? undefined
    this.errors = errors
  }
}

/** WorkOS's sentence and what is wrong in particular; `undefined` where it says neither. */
function saidIn(
  body: Readonly<Record<string, unknown>>,
  errors: readonly WorkOSProblem[],
): string | undefined {
  const sentence =
    textOf(body['message']) ?? textOf(body['error_description']) ?? textOf(body['error'])
  const details = errors.map(({ field, code, message }) =>
    [field, message ?? code].filter((part) => part !== undefined).join(': '),
  )
  const said = [sentence, ...details].filter((part) => part !== undefined && part !== '')
  return said.length === 0 ? undefined : said.join(' ').slice(0, shownMax)
}

/** `[{ field, code }]`, `[{ message }]` or texts: answers differ (contract 2). */
function problemsIn(errors: unknown): WorkOSProblem[] {
  if (!Array.isArray(errors)) return []
  return errors.slice(0, problemsMax).map((error: unknown) => {
    const { field, code, message } = (
      typeof error === 'object' && error !== null ? error : { message: error }
    ) as Record<string, unknown>
    return { field: textOf(field), code: textOf(code), message: textOf(message) }
  })
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
