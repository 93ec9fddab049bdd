import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Connection, postRequest } from './connection.ts'
import { eventText } from './events.ts'
import { percentile } from './statistics.ts'
import type { TailArrivals } from './tail-readers.ts'

const eventsPerRequest = 10
const connections = 8
const arriveMsMax = 30_000

/** A load on a tail: so many readers of everything, and so many events a second for so many seconds. */
export interface TailLoad {
  readonly readers: number
  readonly eventsPerSecond: number
  readonly seconds: number
  /** The number of the first event; the numbers from here on must not have been sent before. */
  readonly first: number
}

/** How long events took from their 2xx to each of the readers, in ms; 0 for those who had it before. */
export interface TailResult {
  readonly events: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  /** What was wrong at readers, in words: events that were missing, came twice or out of order. */
  readonly faults: readonly string[]
}

/**
 * Sends events at a steady rate while readers in a process of their own follow the tail of a server.
 * @throws Error when an append is not acknowledged, or the events do not arrive.
 */
export async function measureTail(url: string, load: TailLoad): Promise<TailResult> {
  const program = fileURLToPath(new URL('tail-readers.ts', import.meta.url))
  const child = fork(program, [url, String(load.readers)], { serialization: 'advanced' })
  try {
    await once(child, 'message')
    const acknowledged = await send(url, load)
    child.send({ count: acknowledged.size, msMax: arriveMsMax })
    const [arrivals] = (await once(child, 'message')) as [TailArrivals]
    return resultOf(acknowledged, arrivals)
  } finally {
    child.kill()
  }
}

/** When each event was acknowledged, by its sequence; in ms since 1970. */
async function send(
  url: string,
  { eventsPerSecond, seconds, first }: TailLoad,
): Promise<ReadonlyMap<string, number>> {
  const acknowledged = new Map<string, number>()
  const idle = await Promise.all(Array.from({ length: connections }, () => Connection.open(url)))
  const requests = Math.round((eventsPerSecond * seconds) / eventsPerRequest)
  const startMs = performance.now()
  const answers: Promise<void>[] = []
  for (let nth = 0; nth < requests; nth++) {
    await until(startMs + (nth * eventsPerRequest * 1000) / eventsPerSecond)
    const connection = idle.shift()
    // A server that is late gets no more than it can answer; the rate then is lower.
    if (connection === undefined) {
      await Promise.race(answers.slice(-connections))
      nth -= 1
      continue
    }
    const from = first + nth * eventsPerRequest
    const texts = Array.from({ length: eventsPerRequest }, (_, index) => eventText(from + index))
    answers.push(
      append(connection, `[${texts.join(',')}]`, acknowledged, () => idle.push(connection)),
    )
  }
  await Promise.all(answers)
  for (const connection of idle) connection.close()
  return acknowledged
}

async function append(
  connection: Connection,
  body: string,
  acknowledged: Map<string, number>,
  done: () => void,
): Promise<void> {
  const answer = await connection.send(postRequest('/eventwell/events', body), true)
  const atMs = performance.timeOrigin + performance.now()
  if (answer.status !== 200)
    throw new Error(`An append was answered ${answer.status}: ${answer.body}`)
  const { events } = JSON.parse(answer.body) as { events: { sequence: string }[] }
  for (const { sequence } of events) acknowledged.set(sequence, atMs)
  done()
}

function until(atMs: number): Promise<void> {
  const waitMs = atMs - performance.now()
  return new Promise((resolve) =>
    waitMs <= 0 ? setImmediate(resolve) : setTimeout(resolve, waitMs),
  )
}

function resultOf(
  acknowledged: ReadonlyMap<string, number>,
  { sequences, timesMs }: TailArrivals,
): TailResult {
  const faults: string[] = []
  const expected = [...acknowledged.keys()].toSorted()
  const latenciesMs: number[] = []
  for (const [reader, seen] of sequences.entries()) {
    if (seen.length !== expected.length || seen.some((one, nth) => one !== expected[nth])) {
      faults.push(`Reader ${reader} saw ${seen.length} events instead of ${expected.length}.`)
    }
    for (const [nth, sequence] of seen.entries()) {
      const atMs = acknowledged.get(sequence)
      if (atMs !== undefined) latenciesMs.push(Math.max(0, timesMs[reader]![nth]! - atMs))
    }
  }
  const all = Float64Array.from(latenciesMs)
  return {
    events: expected.length,
    p50Ms: percentile(all, 0.5),
    p99Ms: percentile(all, 0.99),
    maxMs: percentile(all, 1),
    faults,
  }
}
