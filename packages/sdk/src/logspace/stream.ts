import { AnswerError } from '../http/errors/answer-error.ts'
import { isRequestError } from '../http/errors/guards.ts'
import { NetworkError } from '../http/errors/network-error.ts'
import type { ApiRequest, OpenAnswer } from '../http/transport.ts'
import { ArraySplitter } from './split-array.ts'

/**
 * The elements of an answer that is a JSON array, as texts, as they come in.
 * @throws AnswerError when it is no array, NetworkError when it breaks off, or the reason of the signal.
 */
export async function* elementsOf(
  request: ApiRequest,
  { response, close }: OpenAnswer,
  signal: AbortSignal | undefined,
): AsyncGenerator<string, void, undefined> {
  const what = `${request.method} ${request.url}`
  const splitter = new ArraySplitter()
  const decoder = new TextDecoder()
  const reader = (response.body ?? new Response('').body!).getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      yield* splitter.push(done ? decoder.decode() : decoder.decode(value, { stream: true }))
      if (done) break
    }
  } catch (cause) {
    signal?.throwIfAborted()
    if (isRequestError(cause)) throw cause
    const { message = String(cause) } = cause as Error
    if (cause instanceof SyntaxError || cause instanceof RangeError) {
      throw new AnswerError(`${what}: ${message}`, request, { cause })
    }
    throw new NetworkError(`${what}: the answer broke off: ${message}`, request, { cause })
  } finally {
    close()
  }
  // A server that fails in the middle of a stream can only hang up.
  if (!splitter.isDone) throw new NetworkError(`${what}: the answer broke off`, request)
}
