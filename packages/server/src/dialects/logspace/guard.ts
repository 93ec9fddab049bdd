import type { FastifyRequest } from 'fastify'
import type { Keys, Scope } from '../../core/access.ts'
import { requireAccess } from '../shared/gate.ts'
import type { Answer } from '../shared/routes.ts'
import type { FailureType } from './refusals.ts'

/** The header that carries the key of a space. */
export const tokenHeader = 'logspace.space-token'

/** The token as sent; a blank one counts as missing (contract 1.1). */
export function tokenOf(request: Pick<FastifyRequest, 'headers'>): string | undefined {
  const token = request.headers[tokenHeader]
  return typeof token === 'string' && token.trim() !== '' ? token : undefined
}

/** What a route asks of the token, and the type under which it tells of a failure. */
export function guarded(
  keys: Keys,
  scopes: Scope | readonly Scope[],
  failure: FailureType,
): Pick<Answer, 'onRequest'> {
  const hasAccess = requireAccess(keys, scopes, tokenOf)
  return {
    onRequest: async (request: FastifyRequest) => {
      request.failure = failure
      await hasAccess(request)
    },
  }
}
