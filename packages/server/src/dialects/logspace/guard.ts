import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Keys, Scope } from '../../core/access.ts'
import { requireAccess } from '../shared/gate.ts'
import type { Answer } from '../shared/routes.ts'
import type { FailureType } from './refusals.ts'
import { tokenOf } from './token.ts'

/** The content type of HQ's answers. */
export const json = 'application/json;charset=UTF-8'

/** What a route asks of the token, and the type under which it tells of a failure. */
export function guarded(
  keys: Keys,
  scopes: Scope | readonly Scope[],
  failure: FailureType,
): Pick<Answer, 'onRequest'> {
  const hasAccess = requireAccess(keys, scopes, tokenOf)
  return {
    onRequest: async (request: FastifyRequest, reply: FastifyReply) => {
      request.failure = failure
      await hasAccess(request, reply)
    },
  }
}
