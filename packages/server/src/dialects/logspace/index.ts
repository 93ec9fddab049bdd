import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Dialect, Services } from '../contract.ts'
import { acceptAnyBody, bodyText } from '../shared/body.ts'
import { requireAccess } from '../shared/gate.ts'
import { messageOf, refusalOf } from '../shared/refusal.ts'
import { decodeEvents } from './decode.ts'

/** Logspace HQ's Event API, as its agents speak it. */
export const logspace: Dialect = { name: 'logspace', mount }

const tokenHeader = 'logspace.space-token'

function mount(app: FastifyInstance, { log, keys, bodies }: Services): void {
  acceptAnyBody(app, bodies)
  app.setErrorHandler((thrown, request, reply) => {
    const { error, status } = refusalOf(thrown, request, reply, { time: 'timestamp' })
    if (error.code === 'unauthorized') return reply.code(403).send(tokenRefusal(tokenOf(request)))
    const message = messageOf(error)
    const type = status >= 500 ? 'EVENT_STORAGE_FAILED' : error.code.toUpperCase()
    return reply.code(status).send({ type, message, parameters: error.place })
  })

  // Dialect A posts where the others put; D has a prefix (contract section 0).
  for (const prefix of ['', '/api', '/logspace', '/logspace/api']) {
    app.route({
      method: ['PUT', 'POST'],
      url: `${prefix}/events`,
      onRequest: requireAccess(keys, 'write', tokenOf),
      handler: async (request, reply) => {
        await log.append(request.access.workspace, decodeEvents(bodyText(request)), 'replace')
        return reply.code(202).send()
      },
    })
  }
}

/** The token as sent; a blank one counts as missing (contract 1.1). */
function tokenOf(request: Pick<FastifyRequest, 'headers'>): string | undefined {
  const token = request.headers[tokenHeader]
  return typeof token === 'string' && token.trim() !== '' ? token : undefined
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
