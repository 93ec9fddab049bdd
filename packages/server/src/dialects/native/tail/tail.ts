import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import type { Services } from '../../contract.ts'
import { bearerToken, requireAccess } from '../../shared/gate.ts'
import { queryPairs } from '../../shared/query-string.ts'
import { addRoutes } from '../../shared/routes.ts'
import { afterProperty, oldest } from '../after.ts'
import type { NativeOperation } from '../operation.ts'
import { Parameters } from '../parameters.ts'
import { prefixes } from '../prefixes.ts'
import { selectionFree, selectionOf, selectionProperties } from '../selection.ts'
import { eventStreamType } from './tail-frames.ts'
import { Tails, usualManner, type TailManner } from './tails.ts'

/** What `GET /eventwell/tail` takes. */
export const tailParameters = new Parameters(
  {
    ...selectionProperties,
    after: afterProperty(
      `A cursor to go on from, or ${oldest}: from the beginning; without it, from now on.`,
    ),
  },
  selectionFree,
)

/** Following events. */
export const tailOperations = [
  {
    name: 'tailEvents',
    method: 'GET',
    path: '/tail',
    note: 'server-sent events: what is there after a cursor, and then what comes',
    summary:
      'Follows the events: all that are there after the cursor, and then each as it comes, as ' +
      'server-sent events in order of position. The `id` of a message is the cursor behind it.',
    scope: 'read',
    parameters: tailParameters,
    headers: {
      'last-event-id': Type.Optional(
        Type.String({
          description:
            'The cursor of the last message that was received; it wins over `after`. Browsers send it ' +
            'when they reconnect.',
        }),
      ),
    },
    answers: {
      200: {
        description:
          'A stream that goes on until one side ends it. A message without a name has a CloudEvent as ' +
          'its data. `progress` has `{"cursor", "caughtUp"}`: all that was asked for up to the cursor ' +
          'was sent, and, when caught up, nothing more is there yet. `gap` has `{"cursor", "through"}`: events ' +
          'up to this sequence which may have been asked for were removed by retention before they were sent.',
        content: { [eventStreamType]: Type.String() },
      },
    },
  },
] as const satisfies readonly NativeOperation[]

/** Adds the route that follows events. */
export function mountTail(
  app: FastifyInstance,
  services: Services,
  manner: Partial<TailManner> = {},
): void {
  const tails = new Tails(services, { ...usualManner, ...manner })
  app.addHook('preClose', async () => tails.close())
  addRoutes(app, prefixes, tailOperations, {
    tailEvents: {
      onRequest: requireAccess(services.keys, 'read', bearerToken),
      handler: async (request, reply) => {
        const { values, free } = tailParameters.read(queryPairs(request))
        const { after, ...rest } = values
        const selection = selectionOf(rest, free)
        // Without a body there is nothing to follow.
        if (request.method === 'HEAD') return reply.type(eventStreamType).send('')
        const from = lastEventId(request.headers) ?? after
        return tails.answer(request, reply, selection, from)
      },
    },
  })
}

/** The header that browsers send when they reconnect; empty, it says nothing. */
function lastEventId(headers: Readonly<Record<string, unknown>>): string | undefined {
  const value = headers['last-event-id']
  return typeof value === 'string' && value !== '' ? value : undefined
}
