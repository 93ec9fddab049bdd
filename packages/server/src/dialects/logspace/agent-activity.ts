import type { EventLog } from '../../core/log.ts'
import type { Summary, SummaryRow } from '../../core/summary.ts'
import { instantOfMs } from '../../core/time.ts'
import { lastValue } from '../shared/query-string.ts'
import { boundedNumber } from './bounded-number.ts'
import { logspaceSource } from './decode.ts'
import { globalAgentId } from './names.ts'
import { badValue } from './refusals.ts'

/** Which agents to show, in which order, over which time back from now. */
export interface ActivityRequest {
  readonly start: number
  readonly count: number
  readonly durationSeconds: number
  readonly steps: number
  readonly sort: (typeof sorts)[number]
}

const sorts = ['count desc', 'count asc', 'index asc', 'index desc'] as const

/**
 * The request in a query (contract 2.5).
 * @throws HqRefusal `INVALID_PARAMETER_VALUE` for what is out of its bounds.
 */
export function decodeActivity(pairs: URLSearchParams): ActivityRequest {
  const durationSeconds = boundedNumber(pairs, 'duration', 900, [60, 2_592_000])
  const sort = sorts.find((one) => one === (lastValue(pairs, 'sort') ?? sorts[0]))
  if (sort === undefined) throw badValue('sort', `sort must be one of ${sorts.join(', ')}.`)
  return {
    start: boundedNumber(pairs, 'start', 0, [0, 2 ** 31 - 1]),
    count: boundedNumber(pairs, 'count', 25, [1, 1000]),
    durationSeconds,
    steps: boundedNumber(pairs, 'steps', 50, [1, Math.min(durationSeconds, 1000)]),
    sort,
  }
}

/** Which agents were active, and how much in each step of the time. */
export async function agentActivity(
  log: EventLog,
  space: string,
  { start, count, durationSeconds, steps, sort }: ActivityRequest,
  nowMs: number,
  signal: AbortSignal,
): Promise<object> {
  const startMs = nowMs - durationSeconds * 1000
  const active: Summary = {
    facets: [{ name: 'source', values: [logspaceSource] }],
    from: instantOfMs(startMs),
    until: instantOfMs(nowMs),
    groupBy: ['global_agent_id'],
  }
  const agents = (await log.summarize(space, active, signal)).toSorted(comparing(sort))
  const shown = agents.slice(start, start + count)
  const histories = await historiesOf(
    log,
    space,
    shown,
    active,
    { startMs, durationSeconds, steps },
    signal,
  )
  return {
    offset: start,
    totalCount: agents.length,
    maxHistoryValue: [...histories.values()].flat().reduce((most, one) => Math.max(most, one), 0),
    agentActivities: shown.map(({ group }) => {
      const history = histories.get(group[0]!)!
      const eventCount = history.reduce((sum, events) => sum + events, 0)
      return { globalAgentId: globalAgentId(space, group[0]!), eventCount, history }
    }),
  }
}

async function historiesOf(
  log: EventLog,
  space: string,
  agents: readonly SummaryRow[],
  active: Summary,
  { startMs, durationSeconds, steps }: { startMs: number; durationSeconds: number; steps: number },
  signal: AbortSignal,
): Promise<Map<string, number[]>> {
  const names = agents.map(({ group }) => group[0]!)
  const histories = new Map(names.map((name) => [name, Array<number>(steps).fill(0)]))
  if (names.length === 0) return histories
  const buckets = { startMs, stepMs: (durationSeconds * 1000) / steps, count: steps }
  const facets = [...active.facets!, { name: 'global_agent_id', values: names }]
  for (const row of await log.summarize(space, { ...active, facets, buckets }, signal)) {
    histories.get(row.group[0]!)![row.bucket]! += row.events
  }
  return histories
}

function comparing(sort: ActivityRequest['sort']): (one: SummaryRow, other: SummaryRow) => number {
  const [by, direction] = sort.split(' ')
  const sign = direction === 'asc' ? 1 : -1
  const byName = ({ group: [one] }: SummaryRow, { group: [other] }: SummaryRow) =>
    one! < other! ? -1 : Number(one! > other!)
  if (by === 'index') return (one, other) => sign * byName(one, other)
  return (one, other) => sign * (one.events - other.events) || byName(one, other)
}
