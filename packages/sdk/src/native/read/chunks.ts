import { NetworkError } from '../../http/errors/network-error.ts'
import type { SentRequest } from '../../http/errors/request-error.ts'
import { TimeoutError } from '../../http/errors/timeout-error.ts'

/**
 * The pieces of a body as they come. Only while a piece is waited for does the time of silence run: a
 * slow taker is no fault of the server's.
 * @param silenceMs How long nothing may come; `Infinity` for no bound.
 * @throws NetworkError when the body breaks off, TimeoutError when nothing came for too long.
 */
export async function* chunks(
  response: Response,
  request: SentRequest,
  silenceMs: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { method, url } = request
  const reader = response.body?.getReader()
  if (reader === undefined) return
  try {
    for (;;) {
      const { done, value } = await within(reader.read(), request, silenceMs).catch(
        (cause: unknown) => {
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

async function within<T>(promise: Promise<T>, request: SentRequest, silenceMs: number): Promise<T> {
  if (silenceMs === Infinity) return promise
  let timer: ReturnType<typeof setTimeout> | undefined
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimeoutError(request, silenceMs)), silenceMs)
  })
  try {
    return await Promise.race([promise, silence])
  } finally {
    clearTimeout(timer)
  }
}
