import { chunks } from '../http/chunks.ts'
import { AnswerError } from '../http/errors/answer-error.ts'
import { NetworkError } from '../http/errors/network-error.ts'
import type { ApiRequest, OpenAnswer } from '../http/transport.ts'
import { ArraySplitter } from './split-array.ts'

/**
 * The elements of an answer that is a JSON array, as texts, as they come in. It ends with the array, even
 * if the connection stays open.
 * @param silenceMs How long nothing may come.
 * @throws AnswerError when it is no array, NetworkError when it breaks off, TimeoutError when nothing came
 *   for too long, or the reason of the signal.
 */
export async function* elementsOf(
  request: ApiRequest,
  { response, close }: OpenAnswer,
  silenceMs: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<string, void, undefined> {
  const splitter = new ArraySplitter()
  const decoder = new TextDecoder()
  try {
    for await (const piece of chunks(response, request, silenceMs, signal)) {
      yield* elementsIn(request, splitter, decoder.decode(piece, { stream: true }))
      if (splitter.isDone) return
    }
  } finally {
    close()
  }
  // A server that fails in the middle of a stream can only hang up.
  const { method, url } = request
  throw new NetworkError(`${method} ${url}: the answer broke off`, request)
}

function elementsIn(request: ApiRequest, splitter: ArraySplitter, text: string): string[] {
  try {
    return splitter.push(text)
  } catch (cause) {
    const { method, url } = request
    throw new AnswerError(`${method} ${url}: ${(cause as Error).message}`, request, { cause })
  }
}
