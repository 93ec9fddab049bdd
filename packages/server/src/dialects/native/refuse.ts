import type { FastifyReply, FastifyRequest } from 'fastify'
import { refusalOf } from '../shared/refusal.ts'
import { problemOf, problemType, RefusedOne } from './problem.ts'

/** Answers a request with its refusal; `more` stands beside it in the body. */
export type Refuse = (
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  more?: object,
) => FastifyReply

/** What answers refusals of our own API, for clients that know the server under an address. */
export function refuseAs(publicUrl: string | undefined): Refuse {
  return (thrown, request, reply, more = {}) => {
    const { error, status } = refusalOf(thrown, request, reply, { actor: 'authid' })
    if (status === 401) reply.header('www-authenticate', 'Bearer')
    // The answer also carries the id as `x-request-id`.
    const instance = `urn:uuid:${request.id}`
    const isOne = thrown instanceof RefusedOne
    const problem = problemOf(error, { status, instance, publicUrl, isOne })
    return reply
      .code(status)
      .type(problemType)
      .send({ ...problem, ...more })
  }
}
