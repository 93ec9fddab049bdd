import { KeyRing } from '../src/keys/key-ring.ts'
import { latencyText } from './statistics.ts'
import type { Report } from './report.ts'

// What the writing vendors' own routes derive from many events: Speakeasy's targets, Logspace's lists and
// charts. The events follow from their numbers, so that every answer can be checked.

const batch = 1000
const targets = 100
const agents = 10
const asks = 200
const startMs = Date.UTC(2026, 0, 1)
const gapSeconds = 3600

type Headers = Readonly<Record<string, string>>

/** Stores events by the vendors' doors in a workspace of their own, and times what is read off them. */
export async function measureVendors(
  url: string,
  dataFolder: string,
  events: number,
  report: Report,
): Promise<void> {
  const keys = new KeyRing(dataFolder)
  const key = keys.create('vendors', 'vendors', ['read', 'write'])
  keys.close()
  await measureTargets(url, { 'x-api-key': key }, events, report)
  await measureCharts(url, { 'logspace.space-token': key }, events, report)
}

async function measureTargets(
  url: string,
  headers: Headers,
  events: number,
  report: Report,
): Promise<void> {
  const path = `${url}/v1/workspace/vendors/events`
  const post = (from: number, to: number) =>
    send(path, 'POST', headers, JSON.stringify(numbers(from, to).map(cliEvent)))
  let stored = 0
  for (const share of [0.1, 1]) {
    const goal = Math.ceil(events * share)
    for (; stored < goal; stored += batch) await post(stored, stored + batch)
    const latenciesMs = new Float64Array(asks)
    for (let index = 0; index < asks; index++) {
      await post(stored, stored + 1)
      stored += 1
      const sentMs = performance.now()
      const answer = await send(`${url}/v1/workspace/events/targets`, 'GET', headers)
      latenciesMs[index] = performance.now() - sentMs
      checkTargets(JSON.parse(answer) as object[], stored)
    }
    const name = `targets (${targets}) of ${stored} Speakeasy events, one of them new`
    report.add(name, latencyText(latenciesMs))
  }
}

async function measureCharts(
  url: string,
  headers: Headers,
  events: number,
  report: Report,
): Promise<void> {
  for (let stored = 0; stored < events; stored += batch) {
    const list = numbers(stored, Math.min(stored + batch, events)).map(agentEvent)
    await send(`${url}/events`, 'PUT', headers, JSON.stringify(list))
  }
  const timed = async (
    name: string,
    path: string,
    body: object,
    check: (text: string) => boolean,
  ) => {
    const latenciesMs = new Float64Array(5)
    for (let index = 0; index < latenciesMs.length; index++) {
      const sentMs = performance.now()
      const answer = await send(url + path, 'POST', headers, JSON.stringify(body))
      latenciesMs[index] = performance.now() - sentMs
      if (!check(answer)) throw new Error(`${name}: wrong answer ${answer.slice(0, 200)}`)
    }
    report.add(`${name}, ${events} Logspace events`, latencyText(latenciesMs))
  }
  const ofAll = (count: number) => (text: string) => text.startsWith(`{"totalCount":${count},`)
  await timed('first page of 1000 and the count of all', '/events?count=1000', {}, ofAll(events))
  const ofLoad = { elements: [{ property: 'double_property_load', value: '0.5' }] }
  const half = numbers(0, events).filter((number) => number % 100 === 50).length
  await timed('the same by the value of a property', '/events?count=1000', ofLoad, ofAll(half))
  await timed('a chart of one agent of ten', '/time-series', chart(events), (text) => {
    const { data } = JSON.parse(text) as { data: number[][] }
    const own = numbers(0, events).filter((number) => number % agents === 3).length
    return data[0]!.reduce((sum, count) => sum + count, 0) === own
  })
}

function chart(events: number): object {
  const timeWindow = {
    start: new Date(startMs).toISOString(),
    end: new Date(startMs + events * 1000).toISOString(),
    gap: gapSeconds,
  }
  const globalAgentId = 'vendors|host-3|os/cpu'
  const propertyId = 'double_property_load'
  return { definitions: [{ timeWindow, globalAgentId, propertyId, aggregate: 'count' }] }
}

function cliEvent(number: number): object {
  const time = new Date(startMs + number * 1000).toISOString()
  return {
    id: `run-${number}`,
    execution_id: `execution-${number}`,
    workspace_id: 'vendors',
    speakeasy_api_key_name: 'bench',
    interaction_type: 'TARGET_GENERATE',
    local_started_at: time,
    created_at: time,
    speakeasy_version: '1.542.3',
    success: number % 7 !== 0,
    generate_gen_lock_id: `lock-${number % targets}`,
    generate_target: 'typescript',
    generate_number_of_operations_used: number,
  }
}

function agentEvent(number: number): object {
  return {
    id: `event-${number}`,
    type: 'os/cpu',
    system: `host-${number % agents}`,
    'agent-id': 'os/cpu',
    timestamp: new Date(startMs + number * 1000).toISOString(),
    'integer-properties': { processor_count: [4] },
    'double-properties': { load: [(number % 100) / 100], other: [number / 7] },
  }
}

/** The newest target must be that of the last event, and there must be all. */
function checkTargets(list: readonly object[], stored: number): void {
  const last = stored - 1
  const [newest] = list as { last_event_id: string; generate_number_of_operations_used: number }[]
  const isRight =
    list.length === targets &&
    newest?.last_event_id === `run-${last}` &&
    newest.generate_number_of_operations_used === last
  if (!isRight) throw new Error(`The targets are wrong: ${JSON.stringify(newest)}`)
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index)
}

async function send(url: string, method: string, headers: Headers, body?: string): Promise<string> {
  const answer = await fetch(url, { method, headers, ...(body !== undefined && { body }) })
  const text = await answer.text()
  if (answer.ok) return text
  throw new Error(`${method} ${url} was answered ${answer.status}: ${text}`)
}
