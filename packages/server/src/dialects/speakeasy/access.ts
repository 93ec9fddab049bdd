import type { FastifyReply, FastifyRequest } from 'fastify'
import { isWorkspaceName, type Access, type Keys, type Scope } from '../../core/access.ts'
import { EventwellError } from '../../core/errors.ts'
import { bearerToken, requireAccess } from '../shared/gate.ts'

/**
 * A hook that lets a request pass whose key gives all of these scopes and whose path names no other
 * workspace. Without any scope every good key will do.
 */
export function gate(keys: Keys, ...scopes: readonly Scope[]) {
  const hasAccess = requireAccess(keys, scopes, credentialOf)
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    await hasAccess(request, reply)
    const { workspace_id } = request.params as { workspace_id?: string }
    if (workspace_id !== undefined) checkWorkspace(request.access, workspace_id)
  }
}

/**
 * The API key, or else the bearer token, or else the workspace identifier: clients with several
 * credentials send all of them, and some have the last alone (contract 1.2).
 */
function credentialOf(request: Pick<FastifyRequest, 'headers'>): string | undefined {
  return (
    headerText(request, 'x-api-key') ??
    bearerToken(request) ??
    headerText(request, 'x-workspace-identifier')
  )
}

function headerText({ headers }: Pick<FastifyRequest, 'headers'>, name: string) {
  const value = headers[name]
  return typeof value === 'string' && value !== '' ? value : undefined
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
