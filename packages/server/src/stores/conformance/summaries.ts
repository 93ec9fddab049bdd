import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Summary, SummaryRow } from '../../core/summary.ts'
import { Tally } from '../../core/summary.ts'
import { instantOfMs } from '../../core/time.ts'
import { anEvent } from './events.ts'
import type { Suite } from './suite.ts'

const startMs = Date.parse('2026-03-01T00:00:00.000Z')

/** Many events at once: counts, groups, buckets, measures; and queries by what a payload holds. */
export function summaryCases(suite: Suite): void {
  /** The rows of a summary, all its parts together, in an order of their own. */
  async function rowsOf(summary: Summary): Promise<SummaryRow[]> {
    const tally = new Tally(summary)
    let after: number | undefined = 0
    while (after !== undefined) {
      const part = await suite.store.summarize(suite.workspace, summary, after)
      tally.merge(part.rows)
      after = part.next
    }
    const key = ({ group, bucket }: SummaryRow) => JSON.stringify([bucket, group])
    return tally.rows().toSorted((one, other) => (key(one) < key(other) ? -1 : 1))
  }

  /** 400 events, one a second; every fourth is replaced later by one with another value. */
  async function appendSamples(): Promise<void> {
    const events = Array.from({ length: 400 }, (_, index) =>
      anEvent({
        id: `${index}`,
        type: index % 2 === 0 ? 'even' : 'odd',
        time: new Date(startMs + index * 1000).toISOString(),
        facets: index % 10 === 0 ? {} : { system: `s${index % 3}` },
        data: JSON.stringify({ n: index, deep: { list: [index, -index] }, word: `w${index % 5}` }),
      }),
    )
    await suite.store.append(suite.workspace, events, 'refuse')
    const replaced = events.filter((_, index) => index % 4 === 0)
    const anew = replaced.map((event) => anEvent({ ...event, data: '{"n":0.5}' }))
    await suite.store.append(suite.workspace, anew, 'replace')
  }

  suite.test('an empty log sums up to nothing', async () => {
    assert.deepEqual(await rowsOf({}), [])
    assert.deepEqual(await rowsOf({ facets: [{ name: 'type', values: ['x'] }] }), [])
  })

  suite.test('counts each event once, whichever way it is found', async () => {
    await appendSamples()
    const long = [anEvent({ id: 'l1', subject: 'x'.repeat(300) })]
    await suite.store.append(
      suite.workspace,
      [...long, anEvent({ id: 'l2', subject: 'x'.repeat(301) })],
      'refuse',
    )
    const cases: [Summary, number][] = [
      [{}, 402],
      [{ facets: [{ name: 'type', values: ['even'] }] }, 200],
      [{ facets: [{ name: 'type', values: ['even', 'odd'] }], payload: [] }, 400],
      [
        {
          facets: [
            { name: 'system', values: ['s1'] },
            { name: 'type', values: ['odd'] },
          ],
        },
        67,
      ],
      [{ facets: [{ name: 'subject', values: ['x'.repeat(300)] }] }, 1],
      [{ facets: [{ name: 'type', values: ['even'] }], from: instantOfMs(startMs + 300_000) }, 50],
      [{ until: instantOfMs(startMs + 10_000) }, 10],
    ]
    for (const [summary, events] of cases) {
      const rows = await rowsOf(summary)
      assert.equal(rows[0]?.events, events, summaryText(summary))
      assert.equal(rows.length, 1)
    }
  })

  suite.test('groups and buckets share the events out', async () => {
    await appendSamples()
    const buckets = { startMs: startMs + 100_000, stepMs: 100_000, count: 2 }
    const rows = await rowsOf({ groupBy: ['system', 'type'], buckets })
    assert.equal(
      rows.reduce((sum, { events }) => sum + events, 0),
      180,
    )
    assert.deepEqual([...new Set(rows.map(({ group }) => group.join()))].toSorted(), [
      's0,even',
      's0,odd',
      's1,even',
      's1,odd',
      's2,even',
      's2,odd',
    ])
    assert.deepEqual([...new Set(rows.map(({ bucket }) => bucket))], [0, 1])
  })

  suite.test('counts between any times what counting by hand does', async () => {
    for (let batch = 0; batch < 6; batch++) {
      const events = Array.from({ length: 60 }, (_, n) =>
        anEvent({
          id: `${(batch * 37 + n * 7) % 300}`,
          type: `t${(n * 5 + batch) % 3}.x`,
          time: new Date(startMs + ((n * 31) % 60) * 1000 + batch).toISOString(),
          ...(n % 4 > 0 && { subject: `s${n % 11}` }),
          data: `{"batch":${batch}}`,
        }),
      )
      await suite.store.append(suite.workspace, events, 'replace')
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    const all = await suite.list({ limit: 1000 })
    const receipts = [...new Set(all.map(({ receivedAtMs }) => receivedAtMs))]
    const edge = fc.option(fc.constantFrom(...receipts, receipts[0]! - 1), { nil: undefined })
    const second = fc.option(fc.integer({ min: 0, max: 61_000 }), { nil: undefined })
    const asked = fc.record({
      receivedFromMs: edge,
      receivedUntilMs: edge,
      fromMs: second,
      untilMs: second,
      type: fc.constantFrom(undefined, 't1.x', 't2.x'),
      isGrouped: fc.boolean(),
      stepMs: fc.constantFrom(undefined, 1000, 7000, 100_000),
    })
    await fc.assert(
      fc.asyncProperty(asked, async (one) => {
        const { fromMs, untilMs, stepMs, type } = one
        const rows = await rowsOf({
          receivedFromMs: one.receivedFromMs,
          receivedUntilMs: one.receivedUntilMs,
          ...(fromMs !== undefined && { from: instantOfMs(startMs + fromMs) }),
          ...(untilMs !== undefined && { until: instantOfMs(startMs + untilMs) }),
          ...(type !== undefined && { facets: [{ name: 'type', values: [type] }] }),
          ...(one.isGrouped && { groupBy: ['subject', 'resource'] }),
          ...(stepMs !== undefined && { buckets: { startMs, stepMs, count: 1000 } }),
        })
        const found = rows.map(({ group, bucket, events }) => [...group, bucket, events].join())
        const counts = new Map<string, number>()
        for (const event of all) {
          const ms = Date.parse(event.time!) - startMs
          const isIn =
            event.receivedAtMs >= (one.receivedFromMs ?? 0) &&
            event.receivedAtMs < (one.receivedUntilMs ?? Infinity) &&
            ms >= (fromMs ?? 0) &&
            ms < (untilMs ?? Infinity) &&
            (type === undefined || event.type === type)
          if (!isIn || (one.isGrouped && event.subject === undefined)) continue
          const group = one.isGrouped ? [event.subject, event.type.slice(0, -2)] : []
          const bucket = stepMs === undefined ? 0 : Math.floor(ms / stepMs)
          const key = [...group, bucket].join()
          counts.set(key, (counts.get(key) ?? 0) + 1)
        }
        const expected = [...counts].map(([key, count]) => `${key},${count}`)
        assert.deepEqual(found.toSorted(), expected.toSorted())
      }),
      { numRuns: 150 },
    )
  })

  suite.test('measures a value of the payload', async () => {
    const numbers = [
      '1',
      '2.5',
      '-4',
      '"NaN"',
      'null',
      '"x"',
      '[10,20]',
      '9007199254740993',
      '1e400',
    ]
    const events = numbers.map((n, index) => anEvent({ id: `${index}`, data: `{"a":{"n":${n}}}` }))
    await suite.store.append(
      suite.workspace,
      [...events, anEvent({ id: 'none', data: '[]' })],
      'refuse',
    )
    const rows = await rowsOf({ measure: { path: ['a', 'n'], as: 'number' } })
    assert.deepEqual(rows, [
      {
        group: [],
        bucket: 0,
        events: 10,
        values: 6,
        sum: 9007199254740992 + 29.5,
        min: -4,
        max: 9007199254740992,
      },
    ])
  })

  suite.test('measures times as milliseconds', async () => {
    const events = ['2026-03-01T00:00:01Z', '2026-03-01T02:00:00.5+02:00', 'no time'].map(
      (at, index) => anEvent({ id: `${index}`, data: JSON.stringify({ at }) }),
    )
    await suite.store.append(suite.workspace, events, 'refuse')
    const [row] = await rowsOf({ measure: { path: ['at'], as: 'time' } })
    assert.deepEqual([row?.values, row?.min, row?.max], [2, startMs + 500, startMs + 1000])
  })

  suite.test('a payload filter finds by value, whatever kind it has', async () => {
    const values = [
      '"b"',
      '["a","c"]',
      '5',
      '5.0',
      '9007199254740993',
      'true',
      'null',
      '{"x":1}',
      '"2026-03-01T01:00:00+01:00"',
    ]
    const events = values.map((v, index) => anEvent({ id: `${index}`, data: `{"p":{"v":${v}}}` }))
    await suite.store.append(
      suite.workspace,
      [...events, anEvent({ id: 'other', data: '3' })],
      'refuse',
    )
    const paths = [['p', 'v']]
    const cases = [
      [{ paths, as: 'text', ranges: [{}] }, ['0', '1', '2', '3', '4', '5', '8']],
      [{ paths, as: 'text', ranges: [{ from: 'b', to: 'b' }] }, ['0']],
      [{ paths, as: 'text', ranges: [{ from: 'b', to: 'd' }] }, ['0', '1']],
      [
        {
          paths,
          as: 'text',
          ranges: [
            { from: 'true', to: 'true' },
            { from: 'b', to: 'b' },
          ],
        },
        ['0', '5'],
      ],
      [{ paths, as: 'number', ranges: [{ from: 5, to: 5 }] }, ['2', '3']],
      [
        { paths, as: 'number', ranges: [{ from: 9007199254740993n, to: 9007199254740993n }] },
        ['4'],
      ],
      [{ paths, as: 'number', ranges: [{ from: 9007199254740992, to: 9007199254740992 }] }, []],
      [{ paths, as: 'number', ranges: [{ from: 5.1 }] }, ['4']],
      [{ paths, as: 'time', ranges: [{ to: instantOfMs(startMs) }] }, ['8']],
      [{ paths: [['p'], ['q']], as: 'text', ranges: [{}] }, []],
      [{ paths: [['p'], ['p', 'v']], as: 'text', ranges: [{ from: 'b', to: 'b' }] }, ['0']],
      [{ paths: [['__proto__', 'toString']], as: 'text', ranges: [{}] }, []],
    ] as const
    for (const [filter, expected] of cases) {
      assert.deepEqual(await suite.ids({ payload: [filter] }), expected, summaryText(filter))
      const rows = await rowsOf({ payload: [filter] })
      assert.equal(rows[0]?.events ?? 0, expected.length)
    }
  })
}

function summaryText(summary: object): string {
  return JSON.stringify(summary, (_, value) => (typeof value === 'bigint' ? `${value}n` : value))
}
