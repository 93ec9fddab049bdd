import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout } from 'node:timers/promises'
import { Connection } from './connection.ts'
import { timeOfNumber, traitsOf } from './events.ts'
import type { QueryResult } from './queries.ts'

const rounds = 20
const words = 100
const measuredEvents = 100_000
const pollMs = 100

interface Histogram {
  readonly total: number
  readonly complete: boolean
}

interface Rows {
  readonly complete: boolean
  readonly rows: readonly { readonly count: number; readonly percentiles: object }[]
}

interface FacetValues {
  readonly values: readonly { readonly value: string; readonly count: number }[]
}

interface Found {
  readonly events: readonly { readonly id: string }[]
}

/** Waits until all full blocks are digested, as they are soon after nothing comes in any more. */
export async function waitForDigests(dataFolder: string): Promise<number> {
  const db = new DatabaseSync(join(dataFolder, 'workspaces', 'default', 'events.db'))
  const waiting = db.prepare(
    'SELECT (SELECT count(*) FROM block) - (SELECT count(*) FROM words) AS blocks',
  )
  const startMs = performance.now()
  while (Number(waiting.get()!['blocks']) > 1) await setTimeout(pollMs)
  db.close()
  return (performance.now() - startMs) / 1000
}

/**
 * Asks questions about all of so many events, and verifies each answer against what was stored.
 * @throws Error when an answer is wrong.
 */
export async function* measureSummaries(url: string, total: number): AsyncGenerator<QueryResult> {
  const connection = await Connection.open(url)
  const ask = async <T>(
    path: string,
    check: (answer: T) => boolean,
    note: (ms: number) => void,
  ) => {
    const sentMs = performance.now()
    const body = await connection.get(path)
    note(performance.now() - sentMs)
    if (!check(JSON.parse(body) as T)) throw new Error(`GET ${path}: ${body.slice(0, 500)}`)
  }
  const times = async <T>(
    name: string,
    count: number,
    pathOf: (round: number) => string,
    isRight: (answer: T, round: number) => boolean,
  ): Promise<QueryResult> => {
    const latenciesMs = new Float64Array(count)
    for (let round = 0; round < count; round++) {
      const check = (answer: T) => isRight(answer, round)
      await ask<T>(pathOf(round), check, (ms) => {
        latenciesMs[round] = ms
      })
    }
    return { name, latenciesMs, meanEvents: total }
  }

  yield await times<Histogram>(
    'histogram by type, an hour a bucket, over everything',
    rounds,
    () => '/eventwell/histogram?interval=1h&by=type',
    (answer) => answer.complete && answer.total === total,
  )
  yield await times<FacetValues>(
    'values of a facet (type) with counts',
    rounds,
    () => '/eventwell/facets/type',
    ({ values }) => values.reduce((sum, { count }) => sum + count, 0) === total,
  )
  yield await times<FacetValues>(
    'values of a facet with 500 values (organization)',
    rounds,
    () => '/eventwell/facets/organization?limit=1000',
    ({ values }) => values.reduce((sum, { count }) => sum + count, 0) === total,
  )
  yield await times<Found>(
    'a rare word: the one event of everything that has it',
    words,
    (round) => `/eventwell/events?q=u${numberOf(round, total)}`,
    ({ events }, round) =>
      events.length === 1 && events[0]!.id === traitsOf(numberOf(round, total)).id,
  )
  const measured = Math.min(measuredEvents, total)
  yield await times<Rows>(
    `p50 and p99 of a payload’s value by type, over ${measured} events`,
    3,
    () =>
      '/eventwell/aggregate?measure=data.duration_ms&by=type&percentiles=50,99' +
      `&from=${timeOfNumber(total - measured)}`,
    ({ complete, rows }) =>
      complete && rows.reduce((sum, { count }) => sum + count, 0) === measured,
  )
  connection.close()
}

/** Numbers spread over the whole log. */
function numberOf(round: number, total: number): number {
  return Math.floor(((round + 0.5) * total) / words)
}
