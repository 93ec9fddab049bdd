import { RequestError } from './request-error.ts'

/**
 * A success whose body is not what such a server answers with: usually the address leads to something else, a
 * proxy's page, say.
 */
export class AnswerError extends RequestError {
  // Literal, so that the types of errors are not the same to the compiler where their members are.
  override name = 'AnswerError' as const
}
