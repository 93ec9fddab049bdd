import type { FastifyRequest } from 'fastify'
import { isLoopback, type Access, type Keys, type Scope } from '../../core/access.ts'
import { EventwellError } from '../../core/errors.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What the request's key allows; there on every route that `requireAccess` guards. */
    access: Access
  }
}

/** The token of an `Authorization: Bearer` header; undefined when there is none. */
export function bearerToken(request: Pick<FastifyRequest, 'headers'>): string | undefined {
  return /^bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1]
}

/**
 * A hook that lets a request pass when its credential gives all of these scopes (none: any good key will do),
 * before its body is read, and notes the access on it.
 * @throws EventwellError `unauthorized` for a missing or unknown credential, `forbidden` when a scope is
 * missing, or the development key comes under a host name that is not this machine's own.
 */
export function requireAccess(
  keys: Keys,
  scopes: Scope | readonly Scope[],
  credentialOf: (request: Pick<FastifyRequest, 'headers'>) => string | undefined,
) {
  return async (
    request: Pick<FastifyRequest, 'headers' | 'hostname' | 'access'>,
  ): Promise<void> => {
    const access = accessFor(keys, credentialOf(request))
    for (const scope of [scopes].flat()) checkScope(access, scope)
    // A page of some web site may have its host name point here, and a proxy may let anyone in; they cannot
    // know another key.
    if (access.isDevelopment && (!isLoopback(request.hostname) || isForwarded(request))) {
      const message =
        'The development key is good for requests to 127.0.0.1 or localhost alone, without a proxy.'
      throw new EventwellError('forbidden', message)
    }
    request.access = access
  }
}

const proxyHeaders = [
  'forwarded',
  'via',
  'x-real-ip',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
]

function isForwarded({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  return proxyHeaders.some((name) => headers[name] !== undefined)
}

/** @throws EventwellError `forbidden` when the access lacks the scope. */
export function checkScope({ scopes }: Access, scope: Scope): void {
  if (scopes.includes(scope)) return
  throw new EventwellError('forbidden', `This key may not ${scope}; it lacks the scope "${scope}".`)
}

function accessFor(keys: Keys, credential: string | undefined): Access {
  if (credential === undefined) {
    throw new EventwellError('unauthorized', 'This request carries no key.')
  }
  const access = keys.authenticate(credential)
  if (access === undefined) {
    throw new EventwellError('unauthorized', 'This key is not known here, or it was revoked.')
  }
  return access
}
