import type { FastifyInstance } from 'fastify'
import Type, { type Static } from 'typebox'
import type { ErasureRecord, ErasureTarget } from '../../../core/removal/erasure.ts'
import { EventwellError } from '../../../core/errors.ts'
import { defaultLimits } from '../../../core/limits.ts'
import { formatMs } from '../../../core/time.ts'
import type { Services } from '../../contract.ts'
import { bearerToken, requireAccess } from '../../shared/gate.ts'
import { queryPairs } from '../../shared/query-string.ts'
import { addRoutes } from '../../shared/routes.ts'
import { sequenceOf } from '../encode.ts'
import { ObjectBody } from '../object-body.ts'
import type { NativeOperation } from '../operation.ts'
import { Parameters } from '../parameters.ts'
import { prefixes } from '../prefixes.ts'
import { closed, jsonOf, moment } from '../schemas.ts'

const limitDefault = 100
const limitMax = 1000
// Behind all erasures; ids begin at 1.
const end = '000000000000'
const { nameCharsMax, idCharsMax } = defaultLimits

const named = (charsMax: number, description: string) =>
  Type.String({ minLength: 1, maxLength: charsMax, description })

const erasureBody = new ObjectBody(
  Type.Union([
    Type.Object(
      {
        source: named(nameCharsMax, "The event's source."),
        id: named(idCharsMax, "The event's id."),
      },
      closed,
    ),
    Type.Object({ subject: named(nameCharsMax, 'What the events are about.') }, closed),
    Type.Object({ actor: named(nameCharsMax, 'Who did it (authid).') }, closed),
  ]),
  'exactly one of {"source": "…", "id": "…"}, {"subject": "…"} and {"actor": "…"}',
)

const erasureSchema = Type.Object(
  {
    id: Type.String({ description: 'Of this erasure; ids increase as texts, too.' }),
    at: moment('When it was asked for.'),
    by: Type.Object({
      kind: Type.Enum(['id', 'subject', 'actor'], { description: 'What was erased by.' }),
      sha256: Type.String({
        description:
          'SHA-256 in hex of the subject or the actor, or of the source, a line feed and the id: whoever has ' +
          'copies finds them by it.',
      }),
    }),
    events: Type.Integer({ minimum: 0, description: 'How many events were erased.' }),
    sequence: Type.Optional(
      Type.String({ description: 'No erased event stood beyond this; absent when none was.' }),
    ),
  },
  { title: 'Erasure', description: 'What is remembered of an erasure.' },
)

const pageSchema = Type.Object(
  {
    erasures: Type.Array(erasureSchema),
    cursor: Type.String({ description: 'Where to go on from, as `after`, with older ones.' }),
    more: Type.Boolean({ description: 'Whether there are older ones.' }),
  },
  { title: 'ErasurePage' },
)

const listParameters = new Parameters({
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: limitMax,
      description: `The most to return, 1 to ${limitMax}; ${limitDefault} if not given.`,
    }),
  ),
  after: Type.Optional(
    Type.String({
      description: 'A cursor of this list; it goes on from there, with older ones.',
    }),
  ),
})

/** Erasing events for good. */
export const erasureOperations = [
  {
    name: 'eraseEvents',
    method: 'POST',
    path: '/erasures',
    note: 'by source and id, by subject or by actor; gone when it is answered',
    summary:
      'Erases the event of a source and id, or all events about a subject or by an actor. When this is ' +
      'answered they are gone from the log, its index and all that was derived from them, and overwritten on ' +
      'disk. It runs to its end even if nobody waits for the answer, and after a crash. What comes in later is ' +
      'not affected, nor is it refused.',
    scope: 'erase',
    body: jsonOf(erasureBody.schema),
    answers: { 200: { description: 'They are gone.', content: jsonOf(erasureSchema) } },
    example: { target: '/erasures', body: '{"subject":"person-7"}' },
  },
  {
    name: 'listErasures',
    method: 'GET',
    path: '/erasures',
    note: 'newest first; for readers that have copies',
    summary:
      'What was erased, newest first, so that whoever has copies of events can erase them, too: those whose ' +
      'subject, actor or identity has the hash, up to the sequence.',
    scope: 'read',
    parameters: listParameters,
    answers: { 200: { description: 'A page of erasures.', content: jsonOf(pageSchema) } },
    example: { target: '/erasures?limit=10' },
  },
] as const satisfies readonly NativeOperation[]

/** Adds the routes that erase. */
export function mountErasures(app: FastifyInstance, { log, keys }: Services): void {
  addRoutes(app, prefixes, erasureOperations, {
    eraseEvents: {
      onRequest: requireAccess(keys, 'erase', bearerToken),
      handler: async (request) => {
        const target = targetOf(erasureBody.read(request))
        return shown(await log.erasures.erase(request.access.workspace, target))
      },
    },
    listErasures: {
      onRequest: requireAccess(keys, 'read', bearerToken),
      handler: async (request) => {
        const { limit = limitDefault, after } = listParameters.read(queryPairs(request)).values
        if (after !== undefined) checkCursor(after)
        const { erasures, more } = await log.erasures.list(request.access.workspace, limit, after)
        return { erasures: erasures.map(shown), cursor: erasures.at(-1)?.id ?? after ?? end, more }
      },
    },
  })
}

/** The cursor is the id of the last one that was shown. */
function checkCursor(after: string): void {
  if (/^\d{12}$/.test(after)) return
  const message = 'after must be a cursor that a list of erasures gave out.'
  throw new EventwellError('invalid_cursor', message, { field: 'after' })
}

function targetOf(body: Static<typeof erasureBody.schema>): ErasureTarget {
  if ('subject' in body) return { kind: 'subject', value: body.subject }
  if ('actor' in body) return { kind: 'actor', value: body.actor }
  return { kind: 'id', source: body.source, id: body.id }
}

function shown({
  id,
  atMs,
  kind,
  sha256,
  events,
  last,
}: ErasureRecord): Static<typeof erasureSchema> {
  return {
    id,
    at: formatMs(atMs),
    by: { kind, sha256 },
    events,
    ...(last > 0 && { sequence: sequenceOf(last) }),
  }
}
