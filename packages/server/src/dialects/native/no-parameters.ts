import type { FastifyInstance } from 'fastify'
import { queryPairs } from '../shared/query-string.ts'
import type { NativeOperation } from './operation.ts'
import { Parameters } from './parameters.ts'
import { prefixes } from './prefixes.ts'

const none = new Parameters({})

/**
 * Refuses parameters of operations that take none, as the others refuse those that they do not know: whoever
 * sends `POST /eventwell/erasures?dry=1` means something else than what would be done.
 */
export function refuseParameters(
  app: FastifyInstance,
  operations: readonly NativeOperation[],
): void {
  const bare = new Set(
    operations
      .filter(({ parameters }) => parameters === undefined)
      .flatMap(({ method, path, prefixes: own = prefixes }) => {
        return own.map((prefix) => `${method} ${prefix}${path}`)
      }),
  )
  app.addHook('preHandler', async (request) => {
    const method = request.method === 'HEAD' ? 'GET' : request.method
    if (bare.has(`${method} ${request.routeOptions.url}`)) none.read(queryPairs(request))
  })
}
