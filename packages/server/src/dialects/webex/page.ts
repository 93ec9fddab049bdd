import type { FastifyReply, FastifyRequest } from 'fastify'
import type { CursorQuery } from '../../core/log.ts'
import { nextPageUrl, type RangeNames } from './next-page.ts'

/** The content type of every answer; clients look for `application/json` at its beginning. */
export const json = 'application/json;charset=UTF-8'

/** What the address of a next page is made of. */
export interface NextPage {
  readonly publicUrl: string | undefined
  readonly pairs: URLSearchParams
  readonly query: CursorQuery
  readonly cursor: string
  /** `from` and `to`, where the feed does not call them otherwise. */
  readonly range?: RangeNames
}

/** Says in the one `Link` header where to go on (contract 1.7): clients break at a second link, or at none absolute. */
export function linkToNext(
  request: FastifyRequest,
  reply: FastifyReply,
  { publicUrl, pairs, query, cursor, range }: NextPage,
): void {
  // A proxy may pass on whatever its client claims to have spoken.
  const scheme = request.protocol === 'https' ? 'https' : 'http'
  const base = publicUrl ?? `${scheme}://${hostOf(request)}`
  const address = `${base}${request.routeOptions.url}`
  reply.header('link', `<${nextPageUrl(address, pairs, query, cursor, range)}>; rel="next"`)
}

/** The host as the client knows it; the address that it reached when nobody says so properly. */
function hostOf({ host, headers, socket }: FastifyRequest): string {
  const { localAddress = 'localhost', localPort } = socket
  const local = localAddress.includes(':') ? `[${localAddress}]` : localAddress
  const said = [host, headers.host].find(isHost)
  return said ?? `${local}:${localPort}`
}

function isHost(name: string | undefined): boolean {
  return name !== undefined && /^[\w.:[\]-]+$/.test(name) && URL.canParse(`http://${name}`)
}
