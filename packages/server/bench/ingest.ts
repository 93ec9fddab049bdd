import type { Ceilings } from './ceilings.ts'
import { joined, rateOf, runLoad, type Load, type LoadResult } from './load.ts'
import type { Plan } from './plan.ts'
import type { Report } from './report.ts'
import { countText, percentText } from './statistics.ts'

const byFiveHundred = { eventsPerRequest: 500, connections: 8 }
const byHundred = { eventsPerRequest: 100, connections: 16 }
const oneByOne = { eventsPerRequest: 1, connections: 64 }

/** Stores all events of the plan, at several sizes of request, and reports the rates. */
export async function ingest(
  url: string,
  plan: Plan,
  { parsedEvents, syncs }: Ceilings,
  report: Report,
): Promise<void> {
  const { total, stretch } = plan
  let stored = 0
  async function store(count: number, way: Omit<Load, 'first' | 'count'>): Promise<LoadResult> {
    const result = await runLoad(url, { first: stored, count, ...way })
    stored += count
    return result
  }

  await store(plan.warmUp, byFiveHundred)
  const start = await store(stretch, byFiveHundred)
  const large = joined(start, await store(stretch, byFiveHundred))
  report.addLoad('ingest, 500 events a request, 8 connections', large, parsedEvents)
  const middling = await store(plan.byHundreds, byHundred)
  report.addLoad('ingest, 100 events a request, 16 connections', middling, parsedEvents)
  const small = await store(plan.oneByOne, oneByOne)
  report.addLoad('ingest, 1 event a request, 64 connections', small, parsedEvents)
  const bySyncs = rateOf(small) / syncs
  report.add('acknowledgements a possible sync', bySyncs.toFixed(1), '1 event a request')

  while (total - stored > stretch) {
    const count = Math.min(stretch, total - stored - stretch)
    const rate = rateOf(await store(count, byFiveHundred))
    console.log(
      `  ${countText(stored)} stored, the last ${countText(count)} at ${countText(rate)}/s`,
    )
  }
  const end = await store(total - stored, byFiveHundred)
  const rates = `${countText(rateOf(end))} events/s, at the start ${countText(rateOf(start))}`
  const share = percentText(rateOf(end) / rateOf(start))
  report.add(`rate at ${countText(total)} stored, 500 a request`, rates, `${share} of the start`)
}
