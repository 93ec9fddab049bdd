import { RequestError } from './request-error.ts'

/**
 * There is no whole answer: no connection could be made, or it broke off. It is not known what became of the
 * request. `cause` is what the runtime says of it.
 */
export class NetworkError extends RequestError {
  // Literal, so that the types of errors are not the same to the compiler where their members are.
  override name = 'NetworkError' as const
}
