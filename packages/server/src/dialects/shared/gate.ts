import type { FastifyReply, FastifyRequest } from 'fastify'
import { isLoopback, type Access, type Keys, type Scope } from '../../core/access.ts'
import { RateLimited } from '../../core/allowance.ts'
import { EventwellError } from '../../core/errors.ts'
import { tellAllowances } from './rate-headers.ts'

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
 * A hook that lets a request pass when its credential gives all of these scopes (none: any good key will
 * do), before its body is read, and notes the access on it. The answer tells what the key may still do.
 * @throws EventwellError `unauthorized` for a missing or unknown credential, `rate_limited`, `forbidden`
 * when a scope is missing, or the development key comes from where it is not good.
 */
export function requireAccess(
  keys: Keys,
  scopes: Scope | readonly Scope[],
  credentialOf: (request: Pick<FastifyRequest, 'headers'>) => string | undefined,
) {
  return async (
    request: Pick<FastifyRequest, 'headers' | 'hostname' | 'access'>,
    reply: FastifyReply,
  ): Promise<void> => {
    const access = accessFor(keys, credentialOf(request), reply)
    if (access.allowances !== undefined) tellAllowances(reply, access.allowances)
    for (const scope of [scopes].flat()) checkScope(access, scope)
    if (access.isDevelopment) checkIsLocal(request)
    request.access = access
  }
}

/**
 * Counts events to the key that puts them in, before they are kept, and tells what is left of them.
 * @throws RateLimited when they are too many at this moment.
 */
export function takeEvents(
  { access }: Pick<FastifyRequest, 'access'>,
  reply: FastifyReply,
  count: number,
): void {
  const { allowances } = access
  if (allowances === undefined) return
  allowances.takeEvents(count)
  tellAllowances(reply, allowances)
}

const proxyHeaders = [
  'forwarded',
  'via',
  'x-real-ip',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
]

/**
 * A page of some web site may ask as far as its browser lets it, or have its host name point here, and a
 * proxy may let anyone in. They all know the development key, and cannot know another one.
 */
function checkIsLocal({ headers, hostname }: Pick<FastifyRequest, 'headers' | 'hostname'>): void {
  const isForwarded = proxyHeaders.some((name) => headers[name] !== undefined)
  if (isLoopback(hostname) && !isForwarded && isOwnOrigin(headers.origin)) return
  const message =
    'The development key is good for requests to 127.0.0.1 or localhost alone, without a proxy, and ' +
    'from no other web page.'
  throw new EventwellError('forbidden', message)
}

function isOwnOrigin(origin: string | undefined): boolean {
  if (origin === undefined) return true
  return URL.canParse(origin) && isLoopback(new URL(origin).hostname)
}

/** @throws EventwellError `forbidden` when the access lacks the scope. */
export function checkScope({ scopes }: Access, scope: Scope): void {
  if (scopes.includes(scope)) return
  const what = scope === 'metrics' ? 'read metrics' : scope
  throw new EventwellError('forbidden', `This key may not ${what}; it lacks the scope "${scope}".`)
}

function accessFor(keys: Keys, credential: string | undefined, reply: FastifyReply): Access {
  if (credential === undefined) {
    throw new EventwellError('unauthorized', 'This request carries no key.')
  }
  const access = authenticate(keys, credential, reply)
  if (access === undefined) {
    throw new EventwellError('unauthorized', 'This key is not known here, or it was revoked.')
  }
  return access
}

function authenticate(keys: Keys, credential: string, reply: FastifyReply): Access | undefined {
  try {
    return keys.authenticate(credential)
  } catch (error) {
    if (error instanceof RateLimited) tellAllowances(reply, error.allowances)
    throw error
  }
}
