import type { FastifyInstance, RouteHandlerMethod, RouteOptions } from 'fastify'
import { EventwellError } from '../../core/errors.ts'

/** One operation of a vendor's API that is served here. Its page shows these as a table. */
export interface Operation {
  /** The vendor's name for it; for a route of ours, what it does. */
  readonly name: string
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  /** Below each of the dialect's prefixes; a parameter is `:name`. */
  readonly path: string
  /** What a user should know about it here, in a line of Markdown; empty when it is as the vendor's. */
  readonly note: string
  /** Where it stands, if not below each of the dialect's prefixes. */
  readonly prefixes?: readonly string[]
}

/** A part of a vendor's API that is not served here, and why; its page shows these, too. */
export interface Absence {
  readonly name: string
  readonly reason: string
}

/** What answers an operation, and what the route needs besides. */
export type Answer = Pick<RouteOptions, 'onRequest' | 'constraints' | 'config'> & {
  readonly handler: RouteHandlerMethod
}

/**
 * Adds the routes of all operations, under each prefix. The table of operations and the answers have the same
 * names, so that nothing is served that the table does not show, and nothing shown that is not served.
 */
export function addRoutes<Name extends string>(
  app: FastifyInstance,
  prefixes: readonly string[],
  operations: readonly (Operation & { readonly name: Name })[],
  answers: Readonly<Record<Name, Answer>>,
): void {
  for (const { name, method, path, ...own } of operations) {
    for (const prefix of own.prefixes ?? prefixes) {
      app.route({ method, url: `${prefix}${path}`, ...answers[name] })
    }
  }
}

/**
 * Answers other methods on the paths of these operations: 405 with the methods that are served there.
 */
export function refuseOtherMethods(
  app: FastifyInstance,
  prefixes: readonly string[],
  operations: readonly Operation[],
): void {
  const served = new Map<string, Set<string>>()
  for (const { method, path, prefixes: own = prefixes } of operations) {
    for (const url of own.map((prefix) => prefix + path)) {
      served.set(url, (served.get(url) ?? new Set()).add(method))
    }
  }
  for (const [url, methods] of served) {
    const allowed = [...methods].join(', ')
    app.route({
      method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((method) => !methods.has(method)),
      url,
      handler: ({ method }, reply) => {
        reply.header('allow', allowed)
        throw new EventwellError(
          'method_not_allowed',
          `${method} is not served here: ${allowed} is.`,
        )
      },
    })
  }
}
