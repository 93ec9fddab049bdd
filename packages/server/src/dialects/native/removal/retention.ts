import type { FastifyInstance } from 'fastify'
import Type, { type Static } from 'typebox'
import type { SweptRule } from '../../../core/removal/expiry.ts'
import { rulesOf, type Retention } from '../../../core/removal/retention.ts'
import { formatMs } from '../../../core/time.ts'
import type { Services } from '../../contract.ts'
import { bearerToken, requireAccess } from '../../shared/gate.ts'
import { addRoutes } from '../../shared/routes.ts'
import { sequenceOf } from '../encode.ts'
import type { NativeOperation } from '../operation.ts'
import { prefixes } from '../prefixes.ts'
import { jsonOf, moment, orNull } from '../schemas.ts'

const ruleSchema = Type.Object(
  {
    type: Type.String({ description: 'The type it is for, or the beginning of some; `*`: all.' }),
    days: Type.Union([Type.Number(), Type.Null()], {
      description:
        'After how many days events go, counted from when they were received; null: never more.',
    }),
    events: Type.Integer({ minimum: 0, description: 'How many events it has removed.' }),
    sequence: orNull(
      Type.String({ description: 'The highest place at which it removed one; null: none yet.' }),
    ),
    sweptAt: orNull(moment('When it last looked; null: not yet.')),
  },
  { title: 'RetentionRule' },
)

const retentionSchema = Type.Object(
  {
    rules: Type.Array(ruleSchema, {
      description: 'Of those that fit a type, its own counts, or else the longest beginning.',
    }),
  },
  { title: 'Retention', description: 'How long events are kept, and what went so far.' },
)

/** How long events are kept. */
export const retentionOperations = [
  {
    name: 'getRetention',
    method: 'GET',
    path: '/retention',
    note: 'the rules of the settings file, and what they removed',
    summary:
      'How long events are kept, by the rules of the settings file, and what each of them has removed so far. ' +
      'No rule for a type: its events are kept for ever.',
    scope: 'read',
    answers: { 200: { description: 'The rules.', content: jsonOf(retentionSchema) } },
    example: { target: '/retention' },
  },
] as const satisfies readonly NativeOperation[]

/** Adds the route that shows retention. */
export function mountRetention(app: FastifyInstance, { log, keys, settings }: Services): void {
  addRoutes(app, prefixes, retentionOperations, {
    getRetention: {
      onRequest: requireAccess(keys, 'read', bearerToken),
      handler: async ({ access: { workspace } }): Promise<Static<typeof retentionSchema>> => {
        const rules = rulesOf(settings.of(workspace, 'retention') as Retention)
        const swept = await log.expiry.swept(workspace)
        const patterns = new Set([...rules, ...swept].map(({ pattern }) => pattern))
        return {
          rules: [...patterns].map((pattern) => {
            const days = rules.find((rule) => rule.pattern === pattern)?.days
            return shown(
              pattern,
              days,
              swept.find((entry) => entry.pattern === pattern),
            )
          }),
        }
      },
    },
  })
}

function shown(
  type: string,
  days: number | undefined,
  swept: Readonly<SweptRule> | undefined,
): Static<typeof ruleSchema> {
  const { events = 0, last = 0, sweptAtMs = 0 } = swept ?? {}
  return {
    type,
    days: days ?? null,
    events,
    sequence: last === 0 ? null : sequenceOf(last),
    sweptAt: sweptAtMs === 0 ? null : formatMs(sweptAtMs),
  }
}
