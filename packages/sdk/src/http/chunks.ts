import { timerMsMax } from './clock.ts'
import { NetworkError } from './errors/network-error.ts'
import type { SentRequest } from './errors/request-error.ts'
import { TimeoutError } from './errors/timeout-error.ts'

/**
 * The pieces of a body as they come. Only while a piece is waited for does the time of silence run: a
 * slow taker is no fault of the server's.
 * @param silenceMs How long nothing may come; `Infinity` for no bound.
 * @param signal Ends it at once, also where the `fetch` takes no notice of signals.
 * @throws NetworkError when the body breaks off, TimeoutError when nothing came for too long, or the
 *   reason of the signal.
 */
export async function* chunks(
  response: Response,
  request: SentRequest,
  silenceMs: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { method, url } = request
  const reader = response.body?.getReader()
  if (reader === undefined) return
  try {
    for (;;) {
      const { done, value } = await within(reader.read(), request, silenceMs, signal).catch(
        (cause: unknown) => {
          signal?.throwIfAborted()
          if (cause instanceof TimeoutError) throw cause
          const reason = cause instanceof Error ? cause.message : String(cause)
          throw new NetworkError(`${method} ${url}: the answer broke off: ${reason}`, request, {
            cause,
          })
        },
      )
      if (done) return
      yield value
    }
  } finally {
    // Gives the connection back, also when the taker stops; nobody waits for how that goes.
    reader.cancel().catch(() => undefined)
  }
}

async function within<T>(
  promise: Promise<T>,
  request: SentRequest,
  silenceMs: number,
  signal: AbortSignal | undefined,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  let stop = () => {}
  const end = new Promise<never>((_, reject) => {
    stop = () => reject(signal?.reason)
    if (signal?.aborted) stop()
    signal?.addEventListener('abort', stop)
    if (silenceMs === Infinity) return
    const tell = () => reject(new TimeoutError(request, silenceMs))
    timer = setTimeout(tell, Math.min(silenceMs, timerMsMax))
  })
  try {
    return await Promise.race([promise, end])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
  }
}
