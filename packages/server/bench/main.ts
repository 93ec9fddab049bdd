// The benchmark: `npm run bench`. EVENTWELL_BENCH_EVENTS makes it shorter (3 million events if not given);
// EVENTWELL_BENCH_DATA names the folder in which its data may lie (the system's temporary folder if not).
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ServerProcess } from '../test/support/server-process.ts'
import { measureCeilings, type Ceilings } from './ceilings.ts'
import { ingest } from './ingest.ts'
import { bytesBelow, machineText, versionsText } from './machine.ts'
import { planFor } from './plan.ts'
import { measureGets, measurePages } from './queries.ts'
import { Report } from './report.ts'
import { countText, latencyText } from './statistics.ts'
import { measureTail } from './tail.ts'
import { measureVendors } from './vendors.ts'
import { measureSummaries, waitForDigests } from './summaries.ts'
import { isRight, verifyLog } from './verify.ts'

const plan = planFor(process.env['EVENTWELL_BENCH_EVENTS'])
const tailLoad = { readers: 100, eventsPerSecond: 1000, seconds: 10, first: plan.total }
const stored = plan.total + tailLoad.eventsPerSecond * tailLoad.seconds
const folder = mkdtempSync(
  join(process.env['EVENTWELL_BENCH_DATA'] || tmpdir(), 'eventwell-bench-'),
)
const dataFolder = join(folder, 'data')
const report = new Report()
try {
  describe()
  const ceilings = ceilingsOf()
  await withServer(async (url) => {
    await ingest(url, plan, ceilings, report)
    await read(url)
    await summarize(url)
    await tail(url)
  })
  report.add('bytes an event on disk', (bytesBelow(dataFolder) / stored).toFixed(1), 'all files')
  await withServer(verify)
  await withServer((url) => measureVendors(url, dataFolder, plan.vendors, report))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(`\n${report.table}`)

function describe(): void {
  report.add('machine', machineText(), 'shared by server and load generator')
  report.add('versions', versionsText())
  report.add('durability', 'a commit is synced to disk before its 2xx', 'WAL, synchronous=FULL')
}

function ceilingsOf(): Ceilings {
  const ceilings = measureCeilings(folder)
  const { eventBytes, parsedEvents, decodedEvents, syncs } = ceilings
  report.add('bytes an event as sent', eventBytes.toFixed(0), 'random UUID ids')
  report.add('ceiling: JSON.parse on one core', `${countText(parsedEvents)} events/s`)
  report.add('the same from bytes', `${countText(decodedEvents)} events/s`)
  report.add('ceiling: fdatasync of 4 kB appended', `${countText(syncs)} a second`)
  return ceilings
}

async function read(url: string): Promise<void> {
  const byId = await measureGets(url, plan.total)
  report.add(byId.name, latencyText(byId.latenciesMs))
  for await (const { name, latenciesMs, meanEvents } of measurePages(url, plan.total)) {
    report.add(name, latencyText(latenciesMs), `${meanEvents.toFixed(0)} events a page`)
  }
}

async function summarize(url: string): Promise<void> {
  const seconds = await waitForDigests(dataFolder)
  report.add(
    'digests made after the last event',
    `${seconds.toFixed(0)} s`,
    'see docs/design/store.md',
  )
  for await (const { name, latenciesMs } of measureSummaries(url, plan.total)) {
    report.add(name, latencyText(latenciesMs))
  }
}

async function tail(url: string): Promise<void> {
  const { p50Ms, p99Ms, maxMs, faults } = await measureTail(url, tailLoad)
  report.add(
    'from a 2xx to 100 readers of the tail, at 1,000 events/s',
    `p50 ${p50Ms.toFixed(1)}, p99 ${p99Ms.toFixed(0)}, at most ${maxMs.toFixed(0)} ms`,
    'every reader saw every event once, in order',
  )
  for (const fault of faults) console.error(fault)
  if (faults.length > 0) process.exitCode = 1
}

async function verify(url: string): Promise<void> {
  const verdict = await verifyLog(url, stored)
  const { found, missing, repeated, strange, seconds } = verdict
  report.add(
    'every id counted, after a restart',
    `${countText(stored)} acknowledged, ${countText(found)} found: ${missing} missing, ` +
      `${repeated} repeated, ${strange} strange`,
    `read at ${countText(found / seconds)} events/s`,
  )
  if (!isRight(verdict)) process.exitCode = 1
}

/** Starts a server on the data folder, and stops it after the work, however that ends. */
async function withServer(work: (url: string) => Promise<void>): Promise<void> {
  const server = await ServerProcess.start(dataFolder)
  try {
    await work(server.url)
  } finally {
    await server.stop()
  }
}
