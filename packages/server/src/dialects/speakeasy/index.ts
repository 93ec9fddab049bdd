import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isWorkspaceName, type Access, type Scope } from '../../core/access.ts'
import { EventwellError } from '../../core/errors.ts'
import type { Dialect, Services } from '../contract.ts'
import { acceptAnyBody, bodyJson } from '../shared/body.ts'
import { bearerToken, requireAccess } from '../shared/gate.ts'
import { queryPairs } from '../shared/query-string.ts'
import { messageOf, refusalOf } from '../shared/refusal.ts'
import { decodeEvents } from './decode.ts'
import { encodeEvents } from './encode.ts'
import { decodeSearch } from './query.ts'

type WorkspaceRoute = { Params: { workspace_id: string } }

/** Speakeasy's Events API, as its CLI and SDKs speak it. */
export const speakeasy: Dialect = { name: 'speakeasy', mount }

function mount(app: FastifyInstance, { log, keys, bodies }: Services): void {
  acceptAnyBody(app, bodies)
  app.setErrorHandler((thrown, request, reply) => {
    const { error, status } = refusalOf(thrown, request, reply, { time: 'created_at' })
    // The contract's Error schema (1.5): every client reads these two fields.
    return reply.code(status).send({ message: messageOf(error), status_code: status })
  })

  for (const prefix of ['', '/speakeasy']) {
    const path = `${prefix}/v1/workspace/:workspace_id/events`
    app.post<WorkspaceRoute>(path, { onRequest: gate('write') }, async (request, reply) => {
      await log.append(request.access.workspace, decodeEvents(bodyJson(request)), 'replace')
      return reply.code(200).send()
    })
    app.get<WorkspaceRoute>(path, { onRequest: gate('read') }, async (request, reply) => {
      const pairs = queryPairs(request)
      const query = decodeSearch(pairs, log.limits.pageEventsMax)
      const { events, more } = await log.read(request.access.workspace, query)
      if (more && events.length < query.limit && pairs.has('limit')) throw tooLarge(events.length)
      return reply.type('application/json; charset=utf-8').send(encodeEvents(events))
    })
  }

  function gate(scope: Scope) {
    const hasAccess = requireAccess(keys, scope, credentialOf)
    return async (request: FastifyRequest<WorkspaceRoute>) => {
      await hasAccess(request)
      checkWorkspace(request.access, request.params.workspace_id)
    }
  }
}

/** An exact limit was asked for, and this dialect has no way to say that more is to come. */
function tooLarge(fits: number): EventwellError {
  const message = `The answer would be too large; limit=${fits} is what fits.`
  return new EventwellError('too_large', message, { field: 'limit' })
}

/** The API key, or else the bearer token: clients with several credentials send all of them (1.2). */
function credentialOf(request: Pick<FastifyRequest, 'headers'>): string | undefined {
  const key = request.headers['x-api-key']
  return typeof key === 'string' && key !== '' ? key : bearerToken(request)
}

/** The workspace in the path must be the key's own; with the development key any name will do. */
function checkWorkspace(access: Access, name: string): void {
  if (/^\{.*\}$/.test(name)) {
    const message = 'The client did not fill in the workspace id of the path; set its workspace id.'
    throw new EventwellError('not_found', message)
  }
  if (access.isDevelopment || access.workspace === name) return
  const shown = isWorkspaceName(name) ? ` ${name}` : ''
  const message = `This key is not valid for the workspace${shown}; it belongs to ${access.workspace}.`
  throw new EventwellError('forbidden', message)
}
