import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply } from 'fastify'
import Type from 'typebox'
import { decodeCursor, encodeCursor } from '../../../core/cursor.ts'
import { EventwellError } from '../../../core/errors.ts'
import { Lanes } from '../../../core/lanes.ts'
import type { EventLog } from '../../../core/log.ts'
import type { Selection } from '../../../core/query.ts'
import type { Services } from '../../contract.ts'
import { clientGone } from '../../shared/client-gone.ts'
import { bearerToken, requireAccess } from '../../shared/gate.ts'
import { queryPairs } from '../../shared/query-string.ts'
import { addRoutes } from '../../shared/routes.ts'
import { afterProperty, cursorOf, oldest } from '../after.ts'
import { cursorAttribute, sequenceOf } from '../encode.ts'
import { exportFormats, type ExportFormat } from './export-formats.ts'
import type { NativeOperation } from '../operation.ts'
import { Parameters } from '../parameters.ts'
import { prefixes } from '../prefixes.ts'
import { cloudEventSchema } from '../schemas.ts'
import { selectionFree, selectionOf, selectionProperties } from '../selection.ts'

const pageEvents = 500
const pieceChars = 64 * 1024
const formats = Object.keys(exportFormats) as (keyof typeof exportFormats)[]

const exportParameters = new Parameters(
  {
    ...selectionProperties,
    format: Type.Optional(
      Type.Enum(formats, {
        description:
          'ndjson (an event a line, the default), csv (RFC 4180), or cloudevents (one JSON array).',
      }),
    ),
    after: afterProperty(
      `A cursor; the export begins behind it. With ${oldest}, as without it, it begins with the oldest event. An ` +
        'export that was broken off goes on with the cursor of the last whole event.',
    ),
  },
  selectionFree,
)

/** Taking events out, many at a time. */
export const exportOperations = [
  {
    name: 'exportEvents',
    method: 'GET',
    path: '/export',
    note: 'as NDJSON, CSV or a CloudEvents batch',
    summary:
      'All events that the parameters hold for, in order of position, up to the newest at the moment of ' +
      'asking. Each carries the cursor behind it: the attribute `' +
      `${cursorAttribute}\`, in CSV the column \`cursor\`. An answer that ` +
      'ends before it is whole breaks the connection. Where retention overtook `after`, the header ' +
      '`Eventwell-Gap` says up to which sequence.',
    scope: 'read',
    parameters: exportParameters,
    answers: {
      200: {
        description: 'The events.',
        content: {
          'application/x-ndjson': Type.String({ description: 'A CloudEvent a line.' }),
          'text/csv': Type.String(),
          'application/cloudevents-batch+json': Type.Array(cloudEventSchema),
        },
        headers: ['Eventwell-Gap', 'Content-Disposition'],
      },
    },
    example: { target: '/export?format=csv&type=order.*' },
  },
] as const satisfies readonly NativeOperation[]

/** Adds the route that exports. */
export function mountExport(app: FastifyInstance, { log, keys }: Services): void {
  addRoutes(app, prefixes, exportOperations, {
    exportEvents: {
      onRequest: requireAccess(keys, 'read', bearerToken),
      handler: async (request, reply) => {
        const { workspace } = request.access
        const { values, free } = exportParameters.read(queryPairs(request))
        const selection = selectionOf(values, free)
        const format: ExportFormat = exportFormats[values.format ?? 'ndjson']
        const start = await startAt(log, workspace, cursorOf(values.after))
        const gap = (await log.overtaken(workspace, selection, start.position)) ?? 0
        if (gap > 0 && start.position > 0) reply.header('eventwell-gap', sequenceOf(gap))
        if (request.method === 'HEAD') return describe(reply, format).send()
        const pieces = new Export(log, workspace, selection, { ...start, gap }, reply).pieces(
          format,
        )
        // What cannot begin is refused; what cannot go on can only be broken off.
        const first = await pieces.next()
        const all = Readable.from(goOn(first, pieces), { highWaterMark: 1 })
        return describe(reply, format).send(all)
      },
    },
  })
}

function describe(reply: FastifyReply, { mediaType, extension }: ExportFormat): FastifyReply {
  return reply
    .type(mediaType)
    .header('content-disposition', `attachment; filename="events.${extension}"`)
}

async function* goOn(
  first: IteratorResult<string, void>,
  rest: AsyncGenerator<string, void>,
): AsyncGenerator<string> {
  if (first.done !== true) yield first.value
  yield* rest
}

/** Where an export begins, and the last position that belongs to it. */
interface Start {
  readonly tag: string
  readonly position: number
  readonly head: number
}

async function startAt(
  log: EventLog,
  workspace: string,
  after: string | undefined,
): Promise<Start> {
  const position = after === undefined ? 0 : await log.positionOf(workspace, after)
  const { tag, head } = await log.state(workspace)
  return { tag, position, head }
}

// Pages of all exports that may be read at once.
const lanes = new Lanes(8)

/** One export under way. It holds a page at a time, and reads the next when its client has taken that. */
class Export {
  readonly #log: EventLog
  readonly #workspace: string
  readonly #selection: Selection
  readonly #start: Start & { readonly gap: number }
  readonly #reply: FastifyReply
  readonly #gone: AbortSignal

  constructor(
    log: EventLog,
    workspace: string,
    selection: Selection,
    start: Start & { readonly gap: number },
    reply: FastifyReply,
  ) {
    this.#log = log
    this.#workspace = workspace
    this.#selection = selection
    this.#start = start
    this.#reply = reply
    this.#gone = clientGone(reply)
  }

  /** The text of the whole, in pieces of some size. */
  async *pieces({ before, between, behind, line }: ExportFormat): AsyncGenerator<string, void> {
    const { tag } = this.#start
    let piece = before
    let isFirst = true
    for await (const events of this.#pages()) {
      for (const event of events) {
        if (!isFirst) piece += between
        isFirst = false
        piece += line(event, encodeCursor(tag, { position: event.position }))
        if (piece.length < pieceChars) continue
        yield piece
        piece = ''
      }
    }
    yield piece + behind
  }

  /** An export from which retention took events while it went on is not whole: it is broken off. */
  async #checkGap(position: number): Promise<void> {
    const { gap } = this.#start
    const until = await this.#log.overtaken(this.#workspace, this.#selection, position)
    if (until === undefined || until <= gap) return
    throw new EventwellError('busy', 'Retention has just removed events of this export; ask again.')
  }

  async *#pages() {
    const { tag, head } = this.#start
    let { position } = this.#start
    while (position < head) {
      const cursor = encodeCursor(tag, { position })
      const query = { ...this.#selection, order: 'position', direction: 'forward' } as const
      const page = await lanes.pass(() =>
        this.#log.read(this.#workspace, { ...query, limit: pageEvents, cursor }, this.#gone),
      )
      await this.#checkGap(position)
      this.#keepConnection()
      yield page.events.filter((event) => event.position <= head)
      if (!page.more && page.next === undefined) return
      position = decodeCursor(tag, Infinity, page.cursor).position
    }
  }

  /** Looking for rare events may take longer than a connection may be silent, while its client waits. */
  #keepConnection(): void {
    const { socket } = this.#reply.raw
    socket?.setTimeout?.(socket.timeout ?? 0)
  }
}
