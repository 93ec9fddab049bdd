import assert from 'node:assert/strict'
import { instantOfMs, parseInstant } from '../../core/time.ts'
import { wordsOf } from '../../core/words.ts'
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

  suite.test('a facet’s prefix finds what begins like it, letter by letter', async () => {
    const values = ['user.created', 'user.deleted', 'User.x', 'users', 'us', 'user', 'a"b', 'a"c']
    const long = ['x'.repeat(250), `${'x'.repeat(249)}y`]
    const events = [...values, ...long].map((type) => anEvent({ id: type, type }))
    await suite.store.append(suite.workspace, events, 'refuse')
    const cases = [
      [['user.'], ['user.created', 'user.deleted']],
      [['user'], ['user.created', 'user.deleted', 'users', 'user']],
      [
        ['U', 'us'],
        ['user.created', 'user.deleted', 'User.x', 'users', 'us', 'user'],
      ],
      [['a"'], ['a"b', 'a"c']],
      [[''], [...values, ...long]],
      [['x'.repeat(250)], [long[0]]],
      [['x'.repeat(249)], long],
      [['nothing'], []],
    ] as const
    for (const [prefixes, expected] of cases) {
      const facets = [{ name: 'type', values: [], prefixes }]
      assert.deepEqual(await suite.ids({ facets }), expected, prefixes.join())
      assert.equal(await suite.count({ facets }), expected.length, prefixes.join())
    }
    const both = [{ name: 'type', values: ['us'], prefixes: ['User'] }]
    assert.deepEqual(await suite.ids({ facets: both }), ['User.x', 'us'])
    assert.deepEqual(await suite.ids({ except: both }), [
      'user.created',
      'user.deleted',
      'users',
      'user',
      'a"b',
      'a"c',
      ...long,
    ])
  })

  suite.test('words find payloads whose values have all of them', async () => {
    const payloads = [
      '{"text":"Payment of 12.50 EUR failed: card expired"}',
      '{"card":"none","list":["expired",{"deep":"CARD"}]}',
      '{"card":1,"expired":true}',
      '"caf\\u00e9 \\n\\tnoir \\"quoted\\""',
      '["Ünïcode 東京", 42, false, null]',
      '{"id":"user_01H8-abc","spaced" : "x" , "n":-1.5e3}',
    ]
    const events = payloads.map((data, index) => anEvent({ id: `${index}`, data }))
    const filler = Array.from({ length: 400 }, (_, n) => anEvent({ id: `f${n}`, data: `"f${n}"` }))
    const all = [...events.slice(0, 3), ...filler, ...events.slice(3), anEvent({ id: 'none' })]
    await suite.store.append(suite.workspace, all, 'refuse')
    const cases = [
      ['card expired', ['0', '1']],
      ['CARD', ['0', '1']],
      ['12.50', ['0']],
      ['text', []],
      ['true', ['2']],
      ['1', ['2', '5']],
      ['café noir quoted', ['3']],
      ['n', []],
      ['ünïcode', ['4']],
      ['東京 42', ['4']],
      ['user_01H8-abc', ['5']],
      ['spaced', []],
      ['5e3', ['5']],
      ['f7', ['f7']],
      ['f', []],
    ] as const
    for (const [text, expected] of cases) {
      const words = wordsOf(text)
      assert.deepEqual(await suite.ids({ words }), expected, text)
      const backward = await suite.ids({ words, direction: 'backward' })
      assert.deepEqual(backward, expected.toReversed(), text)
      const byTime = await suite.ids({ words, order: 'time' })
      assert.deepEqual(byTime.toSorted(), expected.toSorted(), text)
      assert.equal(await suite.count({ words }), expected.length, text)
    }
  })

  suite.test('times of receipt bound what is found', async () => {
    for (let batch = 0; batch < 6; batch++) {
      const ids = Array.from({ length: 150 }, (_, n) => `${batch}-${n}`)
      const events = ids.map((id) => anEvent({ id }))
      await suite.store.append(suite.workspace, events, 'refuse')
      await new Promise((resolve) => setTimeout(resolve, 3))
    }
    const all = await suite.list({ limit: 1000 })
    assert.equal(all.length, 900)
    const times = [...new Set(all.map(({ receivedAtMs }) => receivedAtMs))]
    assert.ok(times.length >= 6)
    for (const from of [undefined, ...times, times[0]! - 1, times.at(-1)! + 1]) {
      for (const until of [undefined, times[2], times.at(-1)!, times[0]!]) {
        const expected = all
          .filter(({ receivedAtMs: ms }) => ms >= (from ?? 0) && ms < (until ?? Infinity))
          .map(({ id }) => id)
        const range = { receivedFromMs: from, receivedUntilMs: until }
        for (const order of ['position', 'time'] as const) {
          const found = await suite.ids({ ...range, order, limit: 1000 })
          assert.deepEqual(found, expected, `${from} ${until} ${order}`)
        }
        const backward = await suite.ids({ ...range, direction: 'backward', limit: 1000 })
        assert.deepEqual(backward, expected.toReversed(), `${from} ${until}`)
        assert.equal(await suite.count(range), expected.length)
      }
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
