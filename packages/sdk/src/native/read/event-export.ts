import { checkCall } from '../../http/call.ts'
import { chunks } from '../../http/chunks.ts'
import type { NamesOf } from '../../http/known-names.ts'
import { callOptions, type CallOptions } from '../../http/options.ts'
import type { NativeApi, NativeRequest } from '../api.ts'
import type { ExportQuery } from '../query/query.ts'
import { parametersOf } from '../query/selection.ts'
import { checkedSilenceMs } from './silence.ts'

const silenceMsDefault = 300_000

/** How an export is read. */
export interface ExportOptions extends CallOptions {
  /**
   * How many milliseconds without a piece are a broken connection; 300,000 by default, since the server
   * says nothing while it looks for events that are seldom. `Infinity` for no bound. It holds for the first
   * piece, too: `timeoutMs` is as long unless the call has its own, and `totalTimeoutMs` twice as long.
   */
  readonly silenceMs?: number | undefined
}

const exportOptions: NamesOf<ExportOptions> = { ...callOptions, silenceMs: true }

/** An export under way. It is read once, as `body` or by a loop, and must be read or cancelled. */
export interface EventExport extends AsyncIterable<Uint8Array> {
  /** Its bytes. They fail with a `NetworkError` where the export broke off: then it is not whole. */
  readonly body: ReadableStream<Uint8Array>
  /** Its media type. */
  readonly contentType: string
  /** Where retention has overtaken `after`: the sequence up to which events may be missing. */
  readonly gap: { readonly through: string } | undefined
  /** All of it; for what fits into memory. */
  text(): Promise<string>
}

/**
 * Opens an export; the tries and times of the call hold until it begins. The server begins it with the first
 * piece, so unless the call says otherwise, that may take as long as each further one.
 */
export async function openExport(
  api: NativeApi,
  query: ExportQuery,
  options: ExportOptions,
): Promise<EventExport> {
  checkCall(options, exportOptions)
  const { silenceMs: givenSilenceMs, ...call } = options
  const silenceMs = checkedSilenceMs(givenSilenceMs) ?? silenceMsDefault
  const request: NativeRequest = {
    path: '/export',
    parameters: parametersOf(query, { format: query.format }),
  }
  const answer = await api.open(request, {
    ...call,
    timeoutMs: call.timeoutMs ?? silenceMs,
    totalTimeoutMs: call.totalTimeoutMs ?? 2 * silenceMs,
  })
  const { response } = answer
  // Also a `fetch` that takes no notice of signals is left: a piece that is waited for would hold the
  // loop and the stream.
  const stop = new AbortController()
  const abort = () => stop.abort(call.signal?.reason)
  call.signal?.addEventListener('abort', abort)
  if (call.signal?.aborted) abort()
  const close = () => {
    call.signal?.removeEventListener('abort', abort)
    answer.close()
    stop.abort()
  }
  const pieces = whole(chunks(response, api.sent(request), silenceMs, stop.signal), close)
  const through = response.headers.get('eventwell-gap')
  return {
    body: streamOf(pieces, close),
    contentType: response.headers.get('content-type') ?? '',
    gap: through === null ? undefined : { through },
    [Symbol.asyncIterator]: () => pieces,
    async text() {
      const decoder = new TextDecoder()
      let text = ''
      for await (const piece of pieces) text += decoder.decode(piece, { stream: true })
      return text + decoder.decode()
    },
  }
}

async function* whole(
  pieces: AsyncIterable<Uint8Array>,
  close: () => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* pieces
  } finally {
    close()
  }
}

function streamOf(
  pieces: AsyncGenerator<Uint8Array, void, undefined>,
  close: () => void,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await pieces.next()
        if (done === true) controller.close()
        else controller.enqueue(value)
      },
      async cancel() {
        // First the connection: a piece that is waited for would keep the rest waiting, too.
        close()
        await pieces.return().catch(() => undefined)
      },
    },
    // Nothing is read before somebody asks: a loop may want it instead.
    { highWaterMark: 0 },
  )
}
