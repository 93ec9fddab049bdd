import type { ClientOptions } from '@eventwell/client'

/** One connection of a tail: what it brings, and how it ends. */
export interface Connection {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly text?: string
  /** `silent` says nothing more, `broken` fails; otherwise the stream comes to its end. */
  readonly ending?: 'silent' | 'broken'
}

/** A `fetch` that gives these connections one after the other, and the headers that were asked with. */
export function streamFetch(connections: readonly Connection[]) {
  const asked: { readonly url: URL; readonly lastEventId: string | null }[] = []
  const fetch: NonNullable<ClientOptions['fetch']> = async (address, { headers, signal }) => {
    const connection = connections[asked.length]
    asked.push({ url: new URL(address), lastEventId: new Headers(headers).get('last-event-id') })
    if (connection === undefined) return Response.json({ code: 'invalid_query' }, { status: 400 })
    const { status = 200, text = '', ending } = connection
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        signal?.addEventListener('abort', () => controller.error(signal.reason))
        if (text !== '') controller.enqueue(new TextEncoder().encode(text))
        if (ending === undefined) controller.close()
      },
      pull(controller) {
        if (ending === 'broken') controller.error(new TypeError('terminated'))
      },
    })
    return new Response(body, {
      status,
      headers: { 'content-type': 'text/event-stream', ...connection.headers },
    })
  }
  return { fetch, asked }
}

/** An event as a tail sends it. */
export function eventMessage(cursor: string, id: string): string {
  return `id: ${cursor}\ndata: {"specversion":"1.0","id":"${id}","source":"/s","type":"t"}\n\n`
}
