import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Keys } from '../../../core/access.ts'
import { encodeCursor } from '../../../core/cursor.ts'
import { EventwellError } from '../../../core/errors.ts'
import type { StoredEvent } from '../../../core/event.ts'
import { Hubs } from '../../../core/tail/hub.ts'
import type { EventLog } from '../../../core/log.ts'
import type { Selection } from '../../../core/query.ts'
import { Lanes } from '../../../core/lanes.ts'
import { Slots } from '../../../core/slots.ts'
import { Tail } from '../../../core/tail/tail.ts'
import type { Services } from '../../contract.ts'
import { bearerToken } from '../../shared/gate.ts'
import { oldest } from '../after.ts'
import { eventStreamType, retryFrame, sseSpelling } from './tail-frames.ts'
import { TailStream } from './tail-stream.ts'

/** The times and bounds of tails, for those who cannot wait that long. */
export interface TailManner {
  /** How often a quiet reader is sent something, and its key is looked at again. */
  readonly heartbeatMs: number
  /** How long a reader may take nothing, while much is waiting for it, before it is cut off. */
  readonly drainMsMax: number
  /** Tails at once, and how many of them may be one workspace's; more are refused as `busy`. */
  readonly readersMax: number
  readonly workspaceReadersMax: number
}

/** What suits a server on the network. */
export const usualManner: TailManner = {
  heartbeatMs: 10_000,
  drainMsMax: 30_000,
  readersMax: 1000,
  workspaceReadersMax: 500,
}

/** Where a tail begins. */
interface Start {
  readonly tag: string
  readonly position: number
  readonly gapsKnown: number
  readonly caughtUp: boolean
}

/** All tails of the server. */
export class Tails {
  readonly #log: EventLog
  readonly #keys: Keys
  readonly #metrics: Services['metrics']
  readonly #manner: TailManner
  readonly #hubs: Hubs
  readonly #streams = new Set<TailStream>()
  readonly #slots: Slots
  // Pages of all tails that may be read at once.
  readonly #lanes = new Lanes(8)
  #isClosing = false

  constructor({ log, keys, metrics }: Services, manner: TailManner) {
    this.#log = log
    this.#metrics = metrics
    this.#keys = keys
    this.#manner = manner
    this.#hubs = new Hubs(log)
    const { readersMax, workspaceReadersMax } = manner
    const refusal =
      `There are as many tails open as may be: ${readersMax}, or ${workspaceReadersMax} of one ` +
      'workspace; end one, or come back later.'
    this.#slots = new Slots(readersMax, workspaceReadersMax, refusal)
  }

  /**
   * Answers with the events of a selection that come after a cursor, or the oldest, or from now on.
   * Resolves when the tail is over.
   * @throws EventwellError `invalid_cursor`, or `busy` when there are too many tails.
   */
  async answer(
    request: FastifyRequest,
    reply: FastifyReply,
    selection: Selection,
    after: string | undefined,
  ): Promise<FastifyReply> {
    return this.#slots.hold(request.access.workspace, () =>
      this.#answer(request, reply, selection, after),
    )
  }

  async #answer(
    request: FastifyRequest,
    reply: FastifyReply,
    selection: Selection,
    after: string | undefined,
  ): Promise<FastifyReply> {
    this.#metrics.tailReaders.add(1)
    const stream = new TailStream(reply.raw, this.#manner.drainMsMax)
    try {
      const start = await this.#startOf(request.access.workspace, selection, after)
      if (this.#isClosing) throw new EventwellError('busy', 'The server is stopping; come back.')
      this.#streams.add(stream)
      begin(reply)
      stream.send(retryFrame)
      await this.#follow(request, stream, selection, start)
    } finally {
      this.#streams.delete(stream)
      this.#metrics.tailReaders.add(-1)
    }
    return reply
  }

  /** Ends all tails, and takes no more. */
  close(): void {
    this.#isClosing = true
    for (const stream of this.#streams) stream.end()
  }

  /** Resolves when the tail is over. */
  async #follow(
    request: FastifyRequest,
    stream: TailStream,
    selection: Selection,
    { tag, ...start }: Start,
  ): Promise<void> {
    const { workspace } = request.access
    const { hub, release } = this.#hubs.acquire(workspace, (event: StoredEvent) => {
      return sseSpelling.event(event, encodeCursor(tag, { position: event.position }))
    })
    const tail = new Tail({
      log: this.#log,
      hub,
      workspace,
      tag,
      selection,
      ...start,
      outlet: stream,
      lanes: this.#lanes,
      spelling: sseSpelling,
      signal: stream.signal,
    })
    const heart = setInterval(() => {
      if (this.#isStillGood(request)) tail.beat()
      else stream.end()
    }, this.#manner.heartbeatMs)
    try {
      await tail.run()
    } catch (error) {
      request.log.error({ err: error }, 'a tail failed')
      stream.end()
    } finally {
      clearInterval(heart)
      hub.leave(tail)
      release()
    }
  }

  async #startOf(
    workspace: string,
    selection: Selection,
    after: string | undefined,
  ): Promise<Start> {
    const { tag, head } = await this.#log.state(workspace)
    if (after === undefined) return { tag, position: head, gapsKnown: 0, caughtUp: true }
    if (after === oldest) {
      // What was removed before it asked is no gap to one who asks for what is there.
      const gapsKnown = (await this.#log.overtaken(workspace, selection, 0)) ?? 0
      return { tag, position: 0, gapsKnown, caughtUp: head === 0 }
    }
    const position = await this.#log.positionOf(workspace, after)
    return { tag, position, gapsKnown: 0, caughtUp: position >= head }
  }

  #isStillGood(request: FastifyRequest): boolean {
    try {
      const access = this.#keys.authenticate(bearerToken(request) ?? '', 'not counted')
      return access?.workspace === request.access.workspace && access.scopes.includes('read')
    } catch (error) {
      if (error instanceof EventwellError && error.code === 'rate_limited') return true
      request.log.error({ err: error }, 'a key could not be looked at')
      return false
    }
  }
}

/** Takes the answer out of the framework's hands, with the headers that were set before. */
function begin(reply: FastifyReply): void {
  reply.hijack().headers({
    'content-type': eventStreamType,
    'cache-control': 'no-store',
    // What nginx needs to be told to pass on each message at once.
    'x-accel-buffering': 'no',
  })
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) reply.raw.setHeader(name, value)
  }
}
