import { AnswerError } from './errors/answer-error.ts'
import type { SentRequest } from './errors/request-error.ts'

/**
 * What an answer says.
 * @param whose Whose answer it should be: the vendor's name.
 * @param read What it throws says why it cannot be understood.
 * @throws AnswerError when it cannot be understood.
 */
export function understood<T>(request: SentRequest, whose: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    const what = `${request.method} ${request.url} was answered with what is none of ${whose}'s`
    throw new AnswerError(`${what}: ${(cause as Error).message}`, request, { cause })
  }
}
