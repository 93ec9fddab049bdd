import type { ErrorCode } from '../../../core/errors.ts'
import type { NativeOperation } from '../operation.ts'

/** The codes of the refusals that an operation may answer with: what it takes tells most of them. */
export function refusalsOf(operation: NativeOperation): ErrorCode[] {
  const { method, scope, parameters, body = {}, refusals = [] } = operation
  const takesBody = Object.keys(body).length > 0
  const takesEvents = Object.keys(body).some((type) => type.startsWith('application/cloudevents'))
  const takesCursor = parameters !== undefined && 'after' in parameters.schema.properties
  const byCode: readonly (readonly [boolean, readonly ErrorCode[]])[] = [
    // A parameter that is not known is refused wherever it is sent.
    [true, ['invalid_query']],
    [takesCursor, ['invalid_cursor']],
    [takesBody, ['invalid_json', 'too_large', 'unsupported_encoding']],
    [takesEvents, ['invalid_event']],
    [scope !== undefined, ['unauthorized', 'forbidden', 'rate_limited', 'busy']],
    [scope !== undefined && method !== 'GET', ['storage_full']],
    [true, refusals],
  ]
  return [...new Set(byCode.flatMap(([applies, codes]) => (applies ? codes : [])))]
}
