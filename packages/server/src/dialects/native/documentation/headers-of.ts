import type { NativeOperation } from '../operation.ts'
import type { AnswerHeader } from './answer-headers.ts'

const rates: readonly AnswerHeader[] = [
  'RateLimit',
  'RateLimit-Policy',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
]
const mayComeBack = new Set([409, 429, 503])

/** The headers that an answer of an operation with this status may have. */
export function headersOf({ scope, answers }: NativeOperation, status: number): AnswerHeader[] {
  return [
    'X-Request-Id',
    ...(answers[status]?.headers ?? []),
    ...(status === 401 ? (['WWW-Authenticate'] as const) : []),
    ...(mayComeBack.has(status) ? (['Retry-After'] as const) : []),
    ...(scope !== undefined && status !== 401 ? rates : []),
  ]
}
