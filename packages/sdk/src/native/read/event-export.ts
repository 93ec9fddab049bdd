import type { CallOptions } from '../../http/options.ts'
import type { NativeApi, NativeRequest } from '../api.ts'
import type { ExportQuery } from '../query/query.ts'
import { parametersOf } from '../query/selection.ts'
import { chunks } from './chunks.ts'

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

/** Opens an export; the tries and times of the call hold until it begins. */
export async function openExport(
  api: NativeApi,
  query: ExportQuery,
  call: CallOptions,
): Promise<EventExport> {
  const request: NativeRequest = {
    path: '/export',
    parameters: parametersOf(query, { format: query.format }),
  }
  const { response, close } = await api.open(request, call)
  const pieces = whole(chunks(response, api.sent(request), Infinity), call.signal, close)
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
  signal: AbortSignal | undefined,
  close: () => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* pieces
  } catch (error) {
    signal?.throwIfAborted()
    throw error
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
        await pieces.return()
      },
    },
    // Nothing is read before somebody asks: a loop may want it instead.
    { highWaterMark: 0 },
  )
}
