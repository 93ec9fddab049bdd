import type { FastifyInstance, FastifyRequest } from 'fastify'
import { EventwellError } from '../../../core/errors.ts'
import type { Services } from '../../contract.ts'
import { bearerToken, requireAccess, takeEvents } from '../../shared/gate.ts'
import { takingLong } from '../../shared/long-requests.ts'
import { queryPairs } from '../../shared/query-string.ts'
import { addRoutes } from '../../shared/routes.ts'
import { appendWhole, type BodyKind } from './append-whole.ts'
import { contentTypeOf, isBinary } from './binary.ts'
import { decodedBody } from './content-encoding.ts'
import { BrokenOff, EventStream } from './event-stream.ts'
import { idempotencyKey, KeyedAppends } from './idempotency.ts'
import { ingestAnswers, ingestBody, ingestHeaders, ingestParameters } from './ingest-schemas.ts'
import type { NativeOperation } from '../operation.ts'
import { prefixes } from '../prefixes.ts'
import { refuseAs } from '../refuse.ts'
import { traceOf } from './trace.ts'

/** Putting events in. */
export const ingestOperations = [
  {
    name: 'appendEvents',
    method: 'POST',
    path: '/events',
    note:
      'CloudEvents in structured, batch and binary mode, and NDJSON of any length; gzip and zstd; ' +
      'all or none, or what can be taken',
    summary:
      'Keeps events. A 2xx says: on disk, each once, in their final place in the order, and the next read ' +
      'sees them. The same event sent again changes nothing.',
    scope: 'write',
    parameters: ingestParameters,
    headers: ingestHeaders,
    body: ingestBody,
    answers: ingestAnswers,
    refusals: ['invalid_json', 'conflict', 'key_reused', 'unsupported_encoding', 'storage_full'],
    example: {
      target: '/events',
      headers: { 'content-type': 'application/cloudevents+json' },
      body: JSON.stringify({
        specversion: '1.0',
        id: 'a-1',
        source: '/shop',
        type: 'order.paid',
        time: '2026-03-01T10:00:00Z',
        subject: 'order-7',
        data: { total: 12.5 },
      }),
    },
  },
] as const satisfies readonly NativeOperation[]

const linesTypes = new Set(['application/x-ndjson', 'application/ndjson', 'application/jsonl'])

/** Adds the routes that take events. */
export function mountIngest(app: FastifyInstance, services: Services): void {
  const { log, keys, bodies, publicUrl } = services
  const keyed = new KeyedAppends(log)
  const refuse = refuseAs(publicUrl)
  addRoutes(app, prefixes, ingestOperations, {
    appendEvents: {
      onRequest: requireAccess(keys, 'write', bearerToken),
      config: { readsBody: true },
      handler: async (request, reply) => {
        const { workspace } = request.access
        const kind = kindOf(request)
        const { mode = kind === 'lines' ? 'each' : 'all' } = ingestParameters.read(
          queryPairs(request),
        ).values
        const key = idempotencyKey(request.headers['idempotency-key'])
        const trace = traceOf(request.headers)
        const beforeKeeping = (events: number) => takeEvents(request, reply, events)
        const body = decodedBody(request.raw, request.headers['content-encoding'])
        try {
          if (kind === 'lines' && mode === 'each') {
            if (key !== undefined) throw keyOfStream()
            const stream = new EventStream({ log, bodies, workspace, trace, beforeKeeping })
            const answer = await takingLong(request.raw.socket, () => stream.take(body))
            const isWhole = answer.conflict + answer.rejected === 0
            return await reply.code(isWhole ? 200 : 207).send(answer)
          }
          const { rawHeaders } = request.raw
          const whole = { kind, mode, body, rawHeaders, workspace, key, trace, beforeKeeping }
          const { answer, isWhole, isReplay } = await appendWhole({ log, bodies, keyed }, whole)
          if (isReplay) reply.header('idempotency-replayed', 'true')
          return await reply.code(isWhole ? 200 : 207).send(answer)
        } catch (thrown) {
          if (!(thrown instanceof BrokenOff)) throw thrown
          // A stream's refusal tells what was kept before it.
          const { lines, answer } = thrown
          return refuse(thrown, request, reply, { lines, ...answer })
        } finally {
          body.release()
        }
      },
    },
  })
}

function kindOf({ headers, raw }: FastifyRequest): BodyKind {
  const [type = ''] = (contentTypeOf(raw.rawHeaders) ?? '').split(';')
  const mediaType = type.trim().toLowerCase()
  // The binding's own types come first: an intermediary may have added headers.
  if (/^application\/cloudevents(-batch)?(\+json)?$/.test(mediaType)) return 'json'
  if (mediaType.startsWith('application/cloudevents')) {
    const message = 'CloudEvents are taken in JSON: application/cloudevents+json, or -batch+json.'
    throw new EventwellError('unsupported_encoding', message)
  }
  if (isBinary(headers)) return 'binary'
  return linesTypes.has(mediaType) ? 'lines' : 'json'
}

function keyOfStream(): EventwellError {
  const message =
    'A stream of lines takes no Idempotency-Key: sent again, its events change nothing. Send mode=all to ' +
    'have a key kept.'
  return new EventwellError('invalid_query', message, { field: 'idempotency-key' })
}
