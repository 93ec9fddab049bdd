import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Aggregate, EventPage, FacetValues, Histogram } from '@eventwell/client'
import fc from 'fast-check'
import { facetOf, type NewEvent } from '../src/core/event.ts'
import type { Limits } from '../src/core/limits.ts'
import { openMemoryStore } from '../src/stores/memory/index.ts'
import { openSqliteStore } from '../src/stores/sqlite/index.ts'
import { temporaryFolder } from './support/folder.ts'
import { MemoryApp } from './support/memory-app.ts'

// What the API says of many events at once agrees with what a plain look at each of them says: on random
// events, random selections, on every store; and where an answer is cut, so do its parts together.

const dayMs = 86_400_000
const around = Date.parse('2026-03-01T00:00:00.000Z')
const words = ['Red', 'box', 'blue', 'é', '42', 'under_score']
const intervals = {
  '1s': 1000,
  '7m': 7 * 60_000,
  '1h': 3_600_000,
  '1d': dayMs,
  '400d': 400 * dayMs,
}

const number = fc.oneof(
  fc.integer({ min: -1000, max: 1000 }),
  fc.double({ noNaN: true, min: -1e9, max: 1e9 }),
)
const total = fc.oneof(number, fc.array(number, { maxLength: 3 }), fc.constantFrom(null, 'x', true))
const anEvent = fc.record({
  type: fc.constantFrom('order.paid', 'order.sent', 'ordering', 'user.made'),
  source: fc.constantFrom('/a', '/b'),
  subject: fc.option(fc.constantFrom('s-1', 's-2', 's*'), { nil: undefined }),
  system: fc.option(fc.constantFrom('x', 'y'), { nil: undefined }),
  ms: fc.integer({ min: around - 400 * dayMs, max: around + 2 * dayMs }),
  total: fc.option(total, { nil: undefined }),
  text: fc.array(fc.constantFrom(...words), { maxLength: 3 }),
})
type Sample = typeof anEvent extends fc.Arbitrary<infer T> ? T : never

const aSelection = fc.record(
  {
    type: fc.constantFrom('order.paid', 'order.*', 'order*', 'nothing'),
    source: fc.constantFrom('/a', '/b'),
    subject: fc.constantFrom('s-*', 's\\*', 's-1'),
    from: fc.integer({ min: around - 400 * dayMs, max: around + dayMs }),
    until: fc.integer({ min: around - 300 * dayMs, max: around + 2 * dayMs }),
    q: fc.constantFrom('red', 'BLUE box', 'é', '42', 'under'),
    'data.total': fc.constantFrom('true', 'x', '0'),
  },
  { requiredKeys: [] },
)
type Choice = typeof aSelection extends fc.Arbitrary<infer T> ? T : never

const aQuestion = fc.record({
  events: fc.array(anEvent, { maxLength: 60 }),
  cutAt: fc.double({ min: 0, max: 1, noNaN: true }),
  choice: aSelection,
  interval: fc.constantFrom(...(Object.keys(intervals) as (keyof typeof intervals)[])),
  by: fc.constantFrom(undefined, 'type', 'subject', 'facet.system', 'resource'),
  percentiles: fc.constantFrom('50', '1,90,99.9', '100'),
})

function toEvent({ ms, system, total: value, text, ...rest }: Sample, index: number): NewEvent {
  const data = JSON.stringify({ total: value, text: text.join(', ') })
  const time = new Date(ms).toISOString()
  const facets = system === undefined ? {} : { system }
  return { ...rest, id: `e-${index}`, time, facets, data }
}

function isChosen(event: Sample, choice: Choice): boolean {
  const has = (wanted: string | undefined, value: string | undefined) => {
    if (wanted === undefined) return true
    if (value === undefined) return false
    if (wanted.endsWith('\\*')) return value === wanted.replace('\\*', '*')
    return wanted.endsWith('*') ? value.startsWith(wanted.slice(0, -1)) : value === wanted
  }
  const asked = choice.q?.toLowerCase().split(' ') ?? []
  const values = [event.total].flat().map(String)
  const said = `${event.text.join(' ')} ${values.join(' ')}`.toLowerCase().split(/[^\p{L}\p{N}]+/u)
  const wanted = choice['data.total']
  return (
    has(choice.type, event.type) &&
    has(choice.source, event.source) &&
    has(choice.subject, event.subject) &&
    (choice.from === undefined || event.ms >= choice.from) &&
    (choice.until === undefined || event.ms < choice.until) &&
    asked.every((word) => said.includes(word)) &&
    (wanted === undefined || values.includes(wanted))
  )
}

function queryOf({ from, until, ...rest }: Choice, more: Readonly<Record<string, string>>): string {
  const at = (name: string, ms: number | undefined): Record<string, string> =>
    ms === undefined ? {} : { [name]: new Date(ms).toISOString() }
  return `${new URLSearchParams({ ...rest, ...at('from', from), ...at('until', until), ...more })}`
}

const numbersOf = (event: Sample): number[] =>
  [event.total].flat().filter((value): value is number => typeof value === 'number')

/** Counts that are to be added up: of the parts of an answer that was cut. */
function addTo(counts: Map<string, number>, name: string, count: number): void {
  counts.set(name, (counts.get(name) ?? 0) + count)
}

const stores = {
  memory: () => openMemoryStore(),
  sqlite: (dataFolder: string) => openSqliteStore({ dataFolder, freeBytesMin: 0 }),
  'sqlite, as with a long log': (dataFolder: string) =>
    openSqliteStore({
      dataFolder,
      freeBytesMin: 0,
      writing: { blockEvents: 8, isDigestedAtOnce: true },
      reading: { tailEvents: 0, summaryPartMs: 0, sliceBlocks: 1 },
    }),
}
const impatient: Partial<Limits> = { summaryMsMax: 0 }

for (const [name, open] of Object.entries(stores)) {
  describe(`Summaries by the API on the store ${name}`, () => {
    const folder = temporaryFolder()
    let app: MemoryApp
    let workspaces = 0
    let cuts = 0
    before(() => (app = new MemoryApp({ store: open(folder.path), limits: impatient })))
    after(async () => {
      await app.close()
      folder.remove()
    })

    /** A workspace with these events, how to ask it, and a cursor behind the first of them. */
    async function prepare(events: readonly Sample[], cutAt: number) {
      const key = `${++workspaces}`
      const first = Math.floor(events.length * cutAt)
      const stored = events.map(toEvent)
      await app.log.append(key, stored.slice(0, first), 'refuse')
      const cursor = await app.log.cursorAt(key, (await app.log.state(key)).head)
      await app.log.append(key, stored.slice(first), 'refuse')
      const ask = async <T>(path: string): Promise<T> => {
        const answer = await app.get(`/eventwell/${path}`, { authorization: `Bearer ${key}` })
        assert.equal(answer.statusCode, 200, answer.body)
        return answer.json() as T
      }
      return { ask, cursor, rest: events.slice(first) }
    }

    /** The parts of an answer, however often it was cut. */
    async function parts<T extends { cursor: string; complete: boolean }>(
      ask: (path: string) => Promise<T>,
      path: (after: Readonly<Record<string, string>>) => string,
    ): Promise<T[]> {
      const found: T[] = []
      for (let after = {}; ;) {
        const part = await ask(path(after))
        found.push(part)
        cuts += part.complete ? 0 : 1
        if (part.complete) return found
        after = { after: part.cursor }
      }
    }

    it('agree with a plain look at every event', async () => {
      const property = fc.asyncProperty(aQuestion, async (question) => {
        const { events, choice, interval, by, percentiles } = question
        const { ask, cursor, rest } = await prepare(events, question.cutAt)
        const chosen = events.filter((event) => isChosen(event, choice))
        const grouped = by === undefined ? {} : { by }
        const facet = by?.replace('facet.', '') ?? 'type'
        const valueOf = (event: Sample) => facetOf(toEvent(event, 0), facet)
        const stepMs = intervals[interval]
        const startOf = ({ ms }: Sample) => new Date(Math.floor(ms / stepMs) * stepMs).toISOString()
        const counted =
          by === undefined ? chosen : chosen.filter((one) => valueOf(one) !== undefined)

        // The histogram.
        const buckets = new Map<string, number>()
        const groups = new Map<string, number>()
        for (const part of await parts<Histogram>(ask, (more) => {
          return `histogram?${queryOf(choice, { interval, ...grouped, ...more })}`
        })) {
          assert.equal(
            part.total,
            part.buckets.reduce((sum, { count }) => sum + count, 0),
          )
          const starts = part.buckets.map(({ start }) => start)
          assert.deepEqual(starts, starts.toSorted())
          for (const { start, count, groups: found } of part.buckets) {
            assert.equal(found !== undefined, by !== undefined)
            addTo(buckets, start, count)
            for (const { value, count: one } of found ?? []) addTo(groups, `${start} ${value}`, one)
          }
        }
        const byStart = Map.groupBy(counted, startOf)
        assert.deepEqual(
          [...buckets].toSorted(),
          [...byStart].map(([start, found]) => [start, found.length]).toSorted(),
        )
        if (by !== undefined) {
          const naive = Map.groupBy(counted, (one) => `${startOf(one)} ${valueOf(one)}`)
          assert.deepEqual(
            [...groups].toSorted(),
            [...naive].map(([key, found]) => [key, found.length]).toSorted(),
          )
        }

        // The values of a facet.
        const values = new Map<string, number>()
        for (const part of await parts<FacetValues>(ask, (more) => {
          return `facets/${facet}?${queryOf(choice, { prefix: 'o', ...more })}`
        })) {
          for (const { value, count } of part.values) addTo(values, value, count)
        }
        const having = chosen.filter((one) => valueOf(one)?.startsWith('o') === true)
        assert.deepEqual(
          [...values].toSorted(),
          [...Map.groupBy(having, (one) => valueOf(one)!)]
            .map(([value, found]) => [value, found.length])
            .toSorted(),
        )

        // Free text, and all other selections, in the list.
        const ids: string[] = []
        for (let more = {}; ;) {
          const page = await ask<EventPage>(`events?${queryOf(choice, { limit: '7', ...more })}`)
          ids.push(...page.events.map(({ id }) => id))
          if (!page.more) break
          more = { after: page.cursor }
        }
        assert.deepEqual(
          ids,
          events.flatMap((event, index) => (isChosen(event, choice) ? [`e-${index}`] : [])),
        )

        // The count behind a cursor.
        const plain: readonly Choice[] = [{}, { type: 'order.paid' }]
        for (const some of [choice, ...plain]) {
          const counts = await parts<Aggregate>(ask, (more) => {
            return `aggregate?${queryOf(some, { after: cursor, ...more })}`
          })
          assert.equal(
            counts.reduce((sum, part) => sum + part.rows[0]!.count, 0),
            rest.filter((event) => isChosen(event, some)).length,
          )
        }

        // The aggregate; percentiles of parts do not add up, so they are compared where it is whole.
        const query = { measure: 'data.total', percentiles, ...grouped }
        const aggregates = await parts<Aggregate>(ask, (more) => {
          return `aggregate?${queryOf(choice, { ...query, ...more })}`
        })
        const byValue = Map.groupBy(counted, (one) => (by === undefined ? '' : valueOf(one)!))
        const rows = aggregates.flatMap((part) => part.rows)
        for (const [value, found] of byValue) {
          const own = rows.filter((row) => (row.group ?? '') === value)
          const numbers = found.flatMap(numbersOf).toSorted((one, other) => one - other)
          const sumOf = (pick: (row: Aggregate['rows'][number]) => number | null) =>
            own.reduce((sum, row) => sum + (pick(row) ?? 0), 0)
          assert.equal(
            sumOf((row) => row.count),
            found.length,
          )
          assert.equal(
            sumOf((row) => row.measured),
            numbers.length,
          )
          const sum = numbers.reduce((one, other) => one + other, 0)
          assertNear(
            sumOf((row) => row.sum),
            sum,
            1e-6 * (1 + numbers.reduce((most, one) => Math.max(most, Math.abs(one)), 0)),
          )
          if (own.length !== 1) continue
          const [row] = own
          if (numbers.length === 0) {
            assert.deepEqual([row!.sum, row!.avg, row!.min, row!.max], [null, null, null, null])
            continue
          }
          assert.deepEqual([row!.min, row!.max], [numbers[0], numbers.at(-1)])
          assertNear(row!.avg!, sum / numbers.length, 1e-6 * (1 + Math.abs(row!.avg!)))
          for (const percentile of percentiles.split(',').map(Number)) {
            const rank = Math.max(Math.ceil((percentile / 100) * numbers.length), 1)
            const naive = numbers[rank - 1]!
            assertNear(row!.percentiles![percentile]!, naive, Math.abs(naive) / 100 + 1e-290)
          }
        }
        if (by !== undefined) {
          const shown = new Set(rows.map((row) => row.group))
          assert.deepEqual([...shown].toSorted(), [...byValue.keys()].toSorted())
        }
      })
      await fc.assert(property, { numRuns: name === 'memory' ? 100 : 60 })
      // The model looks at all in one go.
      assert.equal(cuts > 0, name.includes('long'), `${cuts} answers were cut`)
    })
  })
}

function assertNear(actual: number, expected: number, within: number): void {
  assert.ok(Math.abs(actual - expected) <= within, `${actual} is not ${expected} ± ${within}`)
}
