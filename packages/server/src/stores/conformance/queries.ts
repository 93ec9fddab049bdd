import assert from 'node:assert/strict'
import { instantOfMs, parseInstant } from '../../core/time.ts'
import { anEvent } from './events.ts'
import type { Suite } from './suite.ts'

/** Finding events: facets and time ranges. */
export function queryCases(suite: Suite): void {
  suite.test('facets find exactly, whatever characters they have', async () => {
    const values = [
      'a',
      'A',
      'a b',
      'a"b',
      "a'b",
      'a~b',
      'ä',
      'Ä',
      'a.b',
      'a*',
      '',
      'x'.repeat(400),
    ]
    const almost = `${'x'.repeat(399)}y`
    const events = [...values, almost].map((subject, index) => anEvent({ id: `${index}`, subject }))
    await suite.store.append(suite.workspace, events, 'refuse')
    for (const [index, value] of [...values, almost].entries()) {
      const facets = [{ name: 'subject', values: [value] }]
      assert.deepEqual(
        await suite.ids({ facets }),
        [`${index}`],
        `subject ${JSON.stringify(value)}`,
      )
    }
  })

  suite.test('all facets must hold, each with any of its values', async () => {
    const types = ['user.created', 'user.deleted', 'os/cpu']
    const events = Array.from({ length: 30 }, (_, index) =>
      anEvent({ id: `${index}`, type: types[index % 3]!, facets: { system: `s${index % 2}` } }),
    )
    await suite.store.append(suite.workspace, events, 'refuse')
    const expected = (keep: (index: number) => boolean) =>
      events
        .map((_, index) => index)
        .filter(keep)
        .map(String)
    const cases = [
      [[{ name: 'type', values: ['user.deleted'] }], (i: number) => i % 3 === 1],
      [[{ name: 'resource', values: ['user'] }], (i: number) => i % 3 < 2],
      [[{ name: 'resource', values: ['os/cpu'] }], (i: number) => i % 3 === 2],
      [[{ name: 'action', values: ['created'] }], (i: number) => i % 3 !== 1],
      [[{ name: 'type', values: [types[0]!, types[2]!] }], (i: number) => i % 3 !== 1],
      [
        [
          { name: 'type', values: [types[0]!, types[2]!] },
          { name: 'system', values: ['s1'] },
        ],
        (i: number) => i % 3 !== 1 && i % 2 === 1,
      ],
      [[{ name: 'nothing', values: ['x'] }], () => false],
    ] as const
    for (const [facets, keep] of cases) {
      assert.deepEqual(await suite.ids({ facets }), expected(keep), JSON.stringify(facets))
      const backward = await suite.ids({ facets, direction: 'backward' })
      assert.deepEqual(backward, expected(keep).toReversed(), JSON.stringify(facets))
    }
  })

  suite.test(
    'time ranges include their start and exclude their end, to the nanosecond',
    async () => {
      const times = [
        '00:00:01Z',
        '00:00:01.000000001Z',
        '00:00:01.5Z',
        '02:00:02+02:00',
        '00:00:03Z',
      ]
      const events = times.map((time, index) =>
        anEvent({ id: `${index}`, time: `2026-03-01T${time}` }),
      )
      await suite.store.append(suite.workspace, events, 'refuse')
      const at = (time: string) => parseInstant(`2026-03-01T${time}`)
      assert.deepEqual(await suite.ids({ from: at('00:00:01.000000001Z') }), ['1', '2', '3', '4'])
      assert.deepEqual(await suite.ids({ until: at('00:00:01.000000001Z') }), ['0'])
      assert.deepEqual(await suite.ids({ from: at('00:00:01Z'), until: at('00:00:02Z') }), [
        '0',
        '1',
        '2',
      ])
    },
  )

  suite.test(
    'a facet that was common and became rare is found whole, again and again',
    async () => {
      const isCommon = (index: number) => (index < 2000 ? index % 2 === 0 : index % 900 === 0)
      const events = Array.from({ length: 14_000 }, (_, index) =>
        anEvent({ id: `${index}`, subject: isCommon(index) ? 'common' : 'other' }),
      )
      await suite.store.append(suite.workspace, events, 'refuse')
      const facets = [{ name: 'subject', values: ['common'] }]
      const expected = events.map(({ id }) => id).filter((id) => isCommon(Number(id)))
      for (let round = 0; round < 3; round++) {
        assert.deepEqual(await suite.walk({ facets, limit: 700 }), expected)
        const backward = await suite.walk({ facets, limit: 300, direction: 'backward' })
        assert.deepEqual(backward, expected.toReversed())
      }
    },
  )

  suite.test('what a payload holds is found in order of time, however the times lie', async () => {
    const startMs = Date.parse('2026-03-01T00:00:00Z')
    // One after the other, all in one moment, and up and down through a whole year.
    const shapes = [
      (n: number) => n * 1000,
      () => 0,
      (n: number) => ((n * 7919) % 6000) * 5_000_000,
    ]
    for (const [shape, timeOf] of shapes.entries()) {
      const events = Array.from({ length: 6000 }, (_, n) =>
        anEvent({
          id: `${shape}-${n}`,
          time: new Date(startMs + timeOf(n)).toISOString(),
          facets: { shape: `${shape}` },
          data: `{"n":${n},"rare":${n % 1000 === 7}}`,
        }),
      )
      await suite.store.append(suite.workspace, events, 'refuse')
      const rare = events
        .map(({ id, time }, n) => ({ id, time: time!, n }))
        .filter(({ n }) => n % 1000 === 7)
        .toSorted((one, other) => Date.parse(one.time) - Date.parse(other.time) || one.n - other.n)
        .map(({ id }) => id)
      const query = {
        facets: [{ name: 'shape', values: [`${shape}`] }],
        payload: [{ paths: [['rare']], as: 'text', ranges: [{ from: 'true', to: 'true' }] }],
        order: 'time',
      } as const
      assert.deepEqual(await suite.ids(query), rare)
      assert.deepEqual(await suite.ids({ ...query, direction: 'backward' }), rare.toReversed())
    }
  })

  suite.test('an event without a time happened when it was received', async () => {
    await suite.store.append(suite.workspace, [anEvent({ id: 'now' })], 'refuse')
    const { receivedAtMs } = (await suite.list())[0]!
    const from = instantOfMs(receivedAtMs)
    assert.deepEqual(await suite.ids({ from, until: from + 1n }), ['now'])
    assert.deepEqual(await suite.ids({ until: from }), [])
  })
}
