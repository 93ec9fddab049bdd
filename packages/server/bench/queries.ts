import { Connection, getRequest } from './connection.ts'
import { timeOfNumber, traitsOf, type Traits } from './events.ts'

/** Latencies of one kind of read, asked one after the other. */
export interface QueryResult {
  readonly name: string
  readonly latenciesMs: Float64Array
  /** Events in a page, on average. */
  readonly meanEvents: number
}

interface Page {
  readonly events: readonly unknown[]
  readonly cursor: string
}

const gets = 1000
const pages = 500
const pageLimit = 100
const cursorsPerPlace = 25

const facets: readonly [name: string, of: (traits: Traits) => Record<string, string>][] = [
  ['one facet (type)', ({ type }) => ({ type })],
  ['two facets (type, organization)', ({ type, organization }) => ({ type, organization })],
  ['one rare facet (subject)', ({ subject }) => ({ subject })],
]

/** Reads single events by random known ids. `total` events have been stored. */
export async function measureGets(url: string, total: number): Promise<QueryResult> {
  const connection = await Connection.open(url)
  const latenciesMs = new Float64Array(gets)
  for (let index = 0; index < gets; index++) {
    const { id, source } = traitsOf(randomNumber(total))
    const body = await timed(connection, `/webex/v1/events/${viewId(source, id)}`, (ms) => {
      latenciesMs[index] = ms
    })
    const { id: shown } = JSON.parse(body) as { id: string }
    if (shown !== viewId(source, id)) throw new Error(`Asked for ${id}, got ${body}`)
  }
  connection.close()
  return { name: 'get by id', latenciesMs, meanEvents: 1 }
}

/** Reads pages of 100 by facets of random known events, from three places of the log. */
export async function* measurePages(url: string, total: number): AsyncGenerator<QueryResult> {
  const connection = await Connection.open(url)
  const middle = await cursorsAround(connection, total / 2, total)
  const deep = await cursorsAround(connection, total / 10, total)
  for (const [name, facetsOf] of facets) {
    const measure = (place: string, direction: string, cursors: readonly string[]) =>
      measurePagesAt(connection, `page of 100, ${name}, ${place}`, () => {
        const after = cursors[randomNumber(cursors.length)]
        const facet = facetsOf(traitsOf(randomNumber(total)))
        return { ...facet, direction, ...(after !== undefined && { after }) }
      })
    yield await measure('from the newest end', 'backward', [])
    yield await measure('from the middle', 'forward', middle)
    yield await measure('going back, nine tenths deep', 'backward', deep)
  }
  connection.close()
}

async function measurePagesAt(
  connection: Connection,
  name: string,
  query: () => Record<string, string>,
): Promise<QueryResult> {
  const latenciesMs = new Float64Array(pages)
  let events = 0
  for (let index = 0; index < pages; index++) {
    const parameters = new URLSearchParams({ ...query(), limit: `${pageLimit}` })
    const body = await timed(connection, `/eventwell/events?${parameters}`, (ms) => {
      latenciesMs[index] = ms
    })
    events += (JSON.parse(body) as Page).events.length
  }
  return { name, latenciesMs, meanEvents: events / pages }
}

/** Cursors near the event of a number, spread over a fiftieth of the log, so that pages differ. */
async function cursorsAround(
  connection: Connection,
  number: number,
  total: number,
): Promise<string[]> {
  const cursors: string[] = []
  for (let index = 0; index < cursorsPerPlace; index++) {
    const from = timeOfNumber(Math.floor(number) + randomNumber(Math.ceil(total / 50)))
    const page = await connection.get(`/eventwell/events?from=${from}&limit=1`)
    cursors.push((JSON.parse(page) as Page).cursor)
  }
  return cursors
}

async function timed(
  connection: Connection,
  path: string,
  note: (ms: number) => void,
): Promise<string> {
  const request = getRequest(path)
  const sentMs = performance.now()
  const { status, body } = await connection.send(request, true)
  note(performance.now() - sentMs)
  if (status !== 200) throw new Error(`GET ${path} was answered ${status}: ${body}`)
  return body
}

/** The id under which the Webex dialect shows an event of another source. */
function viewId(source: string, id: string): string {
  const uri = `ciscospark://eventwell/EVENT/${encodeURIComponent(source)}/${encodeURIComponent(id)}`
  return Buffer.from(uri).toString('base64url')
}

function randomNumber(below: number): number {
  return Math.floor(Math.random() * below)
}
