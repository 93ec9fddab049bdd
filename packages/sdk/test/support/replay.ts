// Answers that a server once gave, given again in their order. Nothing here needs Node: the same replays
// run in every runtime. `replay-server.ts` gives them over a socket.

/** An answer to give. */
export interface Recorded {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** Text as it is, anything else as JSON. */
  readonly body?: string | object
  /** Gives no answer: the connection fails. */
  readonly isBroken?: true
}

/** A request as it came in. */
export interface SeenRequest {
  readonly method: string
  /** With its query. */
  readonly path: string
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The text of an answer's body. */
export function bodyOf({ body }: Recorded): string {
  return typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body)
}

/** The headers of an answer: JSON unless it says otherwise. */
export function headersOf({ headers, body }: Recorded): Record<string, string> {
  return { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers }
}

/**
 * A `fetch` that gives these answers one after the other, and what was asked of it; after the last it fails.
 */
export function replayFetch(answers: readonly Recorded[]): {
  readonly fetch: (address: string, init: RequestInit) => Promise<Response>
  readonly requests: SeenRequest[]
} {
  const requests: SeenRequest[] = []
  return {
    requests,
    fetch: async (address, init) => {
      const { pathname, search } = new URL(address)
      const answer = answers[requests.length]
      requests.push({
        method: init.method ?? 'GET',
        path: pathname + search,
        headers: Object.fromEntries(new Headers(init.headers)),
        body: await new Response(init.body ?? null).text(),
      })
      if (answer === undefined) throw new Error(`No answer is left for ${address}`)
      if (answer.isBroken) throw new TypeError('fetch failed')
      const { status } = answer
      const body = status === 204 || status === 304 ? null : bodyOf(answer)
      return new Response(body, { status, headers: headersOf(answer) })
    },
  }
}
