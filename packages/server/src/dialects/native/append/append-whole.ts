import type { AppendAnswer, EachAnswer } from '@eventwell/client'
import { EventwellError } from '../../../core/errors.ts'
import type { NewEvent, Receipt, Trace } from '../../../core/event.ts'
import { decodeUtf8, readJson } from '../../../core/json/json.ts'
import type { EventLog } from '../../../core/log.ts'
import type { OnChange } from '../../../core/store.ts'
import type { BodyReader } from '../../shared/body-reader.ts'
import { eventList } from '../../shared/event-list.ts'
import { binaryEvent, namedByHeader } from './binary.ts'
import type { DecodedBody } from './content-encoding.ts'
import { decodeEvents, decodeItem } from '../decode.ts'
import { encodeReceipts } from '../encode.ts'
import { lineBytesMax } from './event-stream.ts'
import { fingerprintOf, type KeyedAppends, type KeyedReceipts } from './idempotency.ts'
import { LineSplitter, lineJson, type Line } from './lines.ts'
import { RefusedOne } from '../problem.ts'
import { Sorting } from './sorting.ts'
import { withTrace } from './trace.ts'

/** How the events of a request stand in it. */
export type BodyKind = 'json' | 'binary' | 'lines'

/** A request whose body is read whole before any of it is kept. */
export interface WholeRequest {
  readonly kind: BodyKind
  readonly mode: 'all' | 'each'
  readonly body: DecodedBody
  /** Names and values of its headers in turn. */
  readonly rawHeaders: readonly string[]
  readonly workspace: string
  /** Its idempotency key. */
  readonly key: string | undefined
  readonly trace: Trace | undefined
  /** Called before so many events are kept; throws when they may not be. */
  readonly beforeKeeping: (events: number) => void
}

/** What such requests are kept by. */
export interface WholeKeepers {
  readonly log: EventLog
  readonly bodies: BodyReader
  readonly keyed: KeyedAppends
}

/** What a request is answered. */
export interface WholeAnswer {
  readonly answer: AppendAnswer | EachAnswer
  /** Whether every event was taken. */
  readonly isWhole: boolean
  /** Whether it was kept for an earlier request with the same key. */
  readonly isReplay: boolean
}

/**
 * Keeps the events of a request, in one append.
 * @throws EventwellError for whatever the body, an event or the log is refused; then nothing was kept.
 */
export async function appendWhole(
  keepers: WholeKeepers,
  request: WholeRequest,
): Promise<WholeAnswer> {
  const { keyed } = keepers
  return keyed.alone(request.workspace, request.key, async () => {
    const bytes = await readWhole(keepers, request.body)
    try {
      return await appendBytes(keepers, request, bytes)
    } catch (thrown) {
      const isNamed = request.kind === 'binary' && thrown instanceof EventwellError
      throw isNamed ? namedByHeader(thrown) : thrown
    }
  })
}

async function readWhole({ log, bodies }: WholeKeepers, body: DecodedBody): Promise<Buffer> {
  const { bodyBytesMax } = log.limits
  try {
    // Of what is compressed, nothing beyond the bound is looked at; who sends it plainly is heard out.
    const bytes = body.isCompressed
      ? await bodies.read(body.stream, bodyBytesMax, bodyBytesMax)
      : await bodies.read(body.stream, bodyBytesMax)
    body.checkEnd()
    return bytes
  } catch (thrown) {
    throw body.refusalOf(thrown)
  }
}

async function appendBytes(
  keepers: WholeKeepers,
  request: WholeRequest,
  bytes: Buffer,
): Promise<WholeAnswer> {
  const { mode, kind } = request
  if (kind === 'lines') {
    const lines = linesOf(keepers.log, bytes)
    const events = lines.map(({ index, bytes: line }) => decodeItem(lineJson(line), index))
    const { receipts, isReplay } = await append(keepers, request, bytes, events).catch(
      (thrown: unknown) => {
        throw atLines(thrown, lines)
      },
    )
    return { answer: encodeReceipts(events, receipts), isWhole: true, isReplay }
  }
  if (kind === 'json' && bytes.length === 0) {
    throw new EventwellError('invalid_json', 'The body is empty.')
  }
  const value =
    kind === 'binary' ? binaryEvent(request.rawHeaders, bytes) : readJson(decodeUtf8(bytes))
  const shape = kind === 'binary' ? 'binary' : Array.isArray(value) ? 'many' : 'one'
  if (mode === 'all') {
    try {
      const events = decodeEvents(value)
      const { receipts, isReplay } = await append(keepers, request, bytes, events)
      return { answer: encodeReceipts(events, receipts), isWhole: true, isReplay }
    } catch (thrown) {
      const isPlaced = thrown instanceof EventwellError && thrown.places.length > 0
      throw shape === 'one' && isPlaced ? new RefusedOne(thrown) : thrown
    }
  }
  const sorting = new Sorting(keepers.log.limits, shape)
  itemsOf(value, keepers.log).forEach((item, index) => sorting.add(index, () => item))
  const { receipts, isReplay } = await append(keepers, request, bytes, sorting.events)
  const isWhole =
    sorting.rejections.length === 0 && receipts.every(({ outcome }) => outcome !== 'conflict')
  return { answer: { events: sorting.results(receipts) }, isWhole, isReplay }
}

async function append(
  { keyed }: WholeKeepers,
  { kind, mode, rawHeaders, workspace, key, trace, beforeKeeping }: WholeRequest,
  bytes: Buffer,
  events: readonly NewEvent[],
): Promise<KeyedReceipts> {
  const onChange: OnChange = mode === 'all' ? 'refuse' : 'skip'
  const headers = kind === 'binary' && key !== undefined ? attributeHeaders(rawHeaders) : []
  const fingerprint = key === undefined ? '' : fingerprintOf([kind, mode, ...headers, bytes])
  if (key !== undefined) {
    // Of another number, it was a server with other bounds that answered: to append again changes nothing.
    const earlier = await keyed.earlier(workspace, key, fingerprint)
    if (earlier?.length === events.length) return { receipts: earlier, isReplay: true }
  }
  beforeKeeping(events.length)
  const traced = withTrace(events, trace)
  const receipts: readonly Receipt[] = await keyed.append(
    workspace,
    key,
    fingerprint,
    traced,
    onChange,
  )
  return { receipts, isReplay: false }
}

/** The headers that are part of an event in binary mode. */
function attributeHeaders(rawHeaders: readonly string[]): string[] {
  const found: string[] = []
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!.toLowerCase()
    if (name.startsWith('ce-') || name === 'content-type')
      found.push(`${name}:${rawHeaders[at + 1]}`)
  }
  return found.toSorted()
}

/** @throws EventwellError `invalid_event` when a body is no event and no array, `too_large` for too many. */
function itemsOf(value: unknown, { limits }: EventLog): readonly unknown[] {
  const isList = Array.isArray(value) && value.length <= limits.appendEventsMax
  return isList ? value : eventList(value, 'one or many')
}

/** @throws EventwellError `too_large` for more lines than one append takes. */
function linesOf(log: EventLog, bytes: Buffer): Line[] {
  const splitter = new LineSplitter(lineBytesMax(log))
  const { appendEventsMax } = log.limits
  const lines: Line[] = []
  for (const part of [splitter.push(bytes), splitter.end()]) {
    for (const line of part) {
      if (lines.length === appendEventsMax) {
        const message = `With mode=all a request may have ${appendEventsMax} events; send them in parts, or with mode=each.`
        throw new EventwellError('too_large', message)
      }
      lines.push(line)
    }
  }
  return lines
}

/** The log counts events; the caller counts lines. */
function atLines(thrown: unknown, lines: readonly Line[]): unknown {
  if (!(thrown instanceof EventwellError)) return thrown
  const places = thrown.places.map(({ index, ...rest }) => {
    return index === undefined ? rest : { index: lines[index]!.index, ...rest }
  })
  return new EventwellError(thrown.code, thrown.message, places, thrown, thrown.retryAfterSeconds)
}
