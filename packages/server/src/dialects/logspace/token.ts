import type { FastifyRequest } from 'fastify'

/** The header that carries the key of a space. */
export const tokenHeader = 'logspace.space-token'

/** The token as sent; a blank one counts as missing (contract 1.1). */
export function tokenOf(request: Pick<FastifyRequest, 'headers'>): string | undefined {
  const token = request.headers[tokenHeader]
  return typeof token === 'string' && token.trim() !== '' ? token : undefined
}
