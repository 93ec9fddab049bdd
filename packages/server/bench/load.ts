import { Connection, postRequest } from './connection.ts'
import { eventText } from './events.ts'

/** A load: events of consecutive numbers, so many a request, over so many connections. */
export interface Load {
  readonly first: number
  readonly count: number
  readonly eventsPerRequest: number
  readonly connections: number
}

/** How a load went; every request of it was answered 200. */
export interface LoadResult {
  readonly events: number
  readonly requests: number
  readonly seconds: number
  /** How long each request took, in ms. */
  readonly latenciesMs: Float64Array
}

/** The request body of the events of consecutive numbers. */
export function bodyText(first: number, count: number): string {
  if (count === 1) return eventText(first)
  const texts = Array.from({ length: count }, (_, index) => eventText(first + index))
  return `[${texts.join(',')}]`
}

/**
 * Prepares all requests of a load, then sends them as fast as they are answered, and times only that.
 * @throws Error when a request is not acknowledged.
 */
export async function runLoad(url: string, load: Load): Promise<LoadResult> {
  const requests = prepare(load)
  const connections = await openAll(url, load.connections)
  const latenciesMs = new Float64Array(requests.length)
  let next = 0

  async function work(connection: Connection): Promise<void> {
    while (next < requests.length) {
      const index = next++
      const sentMs = performance.now()
      const { status, body } = await connection.send(requests[index]!)
      latenciesMs[index] = performance.now() - sentMs
      if (status !== 200) throw new Error(`An append was answered ${status}: ${body}`)
    }
  }

  const startMs = performance.now()
  await Promise.all(connections.map(work))
  const seconds = (performance.now() - startMs) / 1000
  for (const connection of connections) connection.close()
  return { events: load.count, requests: requests.length, seconds, latenciesMs }
}

/** Two loads that ran one after the other, as one. */
export function joined(one: LoadResult, other: LoadResult): LoadResult {
  return {
    events: one.events + other.events,
    requests: one.requests + other.requests,
    seconds: one.seconds + other.seconds,
    latenciesMs: Float64Array.of(...one.latenciesMs, ...other.latenciesMs),
  }
}

/** Events acknowledged a second. */
export function rateOf({ events, seconds }: LoadResult): number {
  return events / seconds
}

function prepare({ first, count, eventsPerRequest }: Load): Buffer[] {
  const requests: Buffer[] = []
  for (let done = 0; done < count; done += eventsPerRequest) {
    const body = bodyText(first + done, Math.min(eventsPerRequest, count - done))
    requests.push(postRequest('/eventwell/events', body))
  }
  return requests
}

function openAll(url: string, count: number): Promise<Connection[]> {
  return Promise.all(Array.from({ length: count }, () => Connection.open(url)))
}
