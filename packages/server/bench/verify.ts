import { Connection } from './connection.ts'
import { traitsOf } from './events.ts'

/** What a walk over the whole log found, against what was acknowledged. */
export interface Verdict {
  readonly found: number
  readonly missing: number
  readonly repeated: number
  /** Events that nobody sent, or with an id other than the one sent. */
  readonly strange: number
  readonly seconds: number
}

interface Page {
  readonly events: readonly { readonly id: string; readonly data?: { readonly number?: number } }[]
  readonly cursor: string
  readonly more: boolean
}

/**
 * Reads the whole log page by page and counts each id. Events carry their number, and the id of a number
 * can be recomputed, so a byte an event is enough to know which were seen.
 */
export async function verifyLog(url: string, acknowledged: number): Promise<Verdict> {
  const startMs = performance.now()
  const connection = await Connection.open(url)
  const seen = new Uint8Array(acknowledged)
  let [found, repeated, strange, distinct] = [0, 0, 0, 0]
  let path = '/eventwell/events?limit=1000'
  for (let more = true; more;) {
    const page = JSON.parse(await connection.get(path)) as Page
    for (const { id, data } of page.events) {
      const number = data?.number ?? -1
      found += 1
      if (!(number in seen) || id !== traitsOf(number).id) strange += 1
      else if (seen[number] === 1) repeated += 1
      else {
        seen[number] = 1
        distinct += 1
      }
    }
    more = page.more
    path = `/eventwell/events?limit=1000&after=${page.cursor}`
  }
  connection.close()
  const seconds = (performance.now() - startMs) / 1000
  return { found, missing: acknowledged - distinct, repeated, strange, seconds }
}

/** Whether each acknowledged event is there once, and nothing else. */
export function isRight({ missing, repeated, strange }: Verdict): boolean {
  return missing === 0 && repeated === 0 && strange === 0
}
