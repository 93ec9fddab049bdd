import type { FastifyReply, FastifyRequest } from 'fastify'
import { EventwellError, type ErrorCode } from '../../core/errors.ts'
import { messageOf, refusalOf } from '../shared/refusal.ts'
import { tokenHeader, tokenOf } from './token.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The type under which HQ tells of every failure of this request that is not the caller's. */
    failure: FailureType
  }
}

/** HQ's types of errors that are its own fault (contract section 2.5). */
export type FailureType =
  | 'EVENT_STORAGE_FAILED'
  | 'EVENT_RETRIEVAL_FAILED'
  | 'EVENT_STREAM_FAILED'
  | 'DATA_RETRIEVAL_FAILED'
  | 'DATA_STORAGE_FAILED'

/** HQ's types of errors that are the caller's, with the code of ours that each goes with. */
const codes = {
  ORDER_NOT_FOUND: 'not_found',
  CAPABILITIES_NOT_FOUND: 'not_found',
  INVALID_CONTROLLER_ID: 'invalid_query',
  INVALID_DATA_DEFINITION: 'invalid_query',
  INVALID_ORDER: 'invalid_query',
  INVALID_PARAMETER_VALUE: 'invalid_query',
  UNPARSABLE_PARAMETER_VALUE: 'invalid_query',
} as const satisfies Readonly<Record<string, ErrorCode>>

/** A refusal with HQ's own type and parameters. */
export class HqRefusal extends EventwellError {
  readonly type: keyof typeof codes
  readonly parameters: Readonly<Record<string, unknown>>

  constructor(
    type: keyof typeof codes,
    message: string,
    parameters: Readonly<Record<string, unknown>> = {},
  ) {
    super(codes[type], message)
    this.type = type
    this.parameters = parameters
  }
}

/** A refusal of a value that a parameter or a field of the request cannot have. */
export function badValue(parameter: string, message: string): HqRefusal {
  return new HqRefusal('INVALID_PARAMETER_VALUE', message, { parameter })
}

/** Answers with a refusal in HQ's shape: `type`, `message`, `parameters` (contract section 1.4). */
export function refuse(
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { error, status } = refusalOf(thrown, request, reply, { time: 'timestamp' })
  if (error.code === 'unauthorized') return reply.code(403).send(tokenRefusal(tokenOf(request)))
  if (error instanceof HqRefusal) {
    const { type, message, parameters } = error
    return reply.code(status).send({ type, message, parameters })
  }
  const message = messageOf(error)
  if (status >= 500 && isDialectA(request)) return hangUp(request, reply)
  const isOurs = status >= 500 || error.code === 'too_costly'
  if (!isOurs) {
    return reply
      .code(status)
      .send({ type: error.code.toUpperCase(), message, parameters: error.place })
  }
  return reply.code(status).send({ type: request.failure, message, parameters: { cause: message } })
}

/** An upload by an agent of the first releases, which posts what the others put. */
function isDialectA({ method, headers, failure }: FastifyRequest): boolean {
  if (failure !== 'EVENT_STORAGE_FAILED') return false
  return method === 'POST' && headers['user-agent']?.startsWith('Apache-HttpClient/') === true
}

/** They drop their events at any answer, whatever its status; without one they send them again. */
function hangUp(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.hijack()
  request.raw.socket.destroy()
  return reply
}

/** The two documented answers to a token that is missing or unknown, to the letter. */
function tokenRefusal(token: string | undefined): object {
  return token === undefined
    ? { type: 'MISSING_SPACE_TOKEN', message: `Missing header '${tokenHeader}'.` }
    : {
        type: 'INVALID_SPACE_TOKEN',
        message: `Unrecognized space-token '${token}'.`,
        parameters: { 'space-token': token },
      }
}
