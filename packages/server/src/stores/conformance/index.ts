import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { StoredEvent } from '../../core/event.ts'
import type { Query } from '../../core/query.ts'
import type { EventStore } from '../../core/store.ts'
import { instantOfMs, parseInstant } from '../../core/time.ts'
import { aQuery, anEvent } from './events.ts'

/** How the suite gets a store: a fresh one, and the same one closed and opened again. */
export interface StoreFactory {
  open(): Promise<EventStore>
  /** Opens what an earlier store of this factory left; only asked of stores that keep anything. */
  reopen(): Promise<EventStore>
}

/**
 * Every promise of the store contract as a case. A store that passes may stand behind the log. Each case
 * has a workspace of its own.
 */
export function storeConformance(name: string, factory: StoreFactory): void {
  describe(`store conformance: ${name}`, () => {
    let store: EventStore
    let workspace = ''
    let cases = 0

    before(async () => (store = await factory.open()))
    after(() => store.close())

    function test(title: string, run: () => Promise<void>): void {
      it(title, async () => {
        workspace = `case-${++cases}`
        await run()
      })
    }

    async function list(query: Partial<Query> = {}): Promise<readonly StoredEvent[]> {
      return (await store.read(workspace, aQuery(query))).events
    }

    async function ids(query: Partial<Query> = {}): Promise<string[]> {
      return (await list(query)).map((event) => event.id)
    }

    test('an empty workspace has no events and the head 0', async () => {
      const page = await store.read(workspace, aQuery())
      assert.deepEqual(page, { events: [], more: false, head: 0 })
      assert.equal((await store.state(workspace)).head, 0)
      assert.equal(await store.find(workspace, anEvent({ id: 'none' })), undefined)
      assert.equal(await store.at(workspace, 1), undefined)
    })

    test('an event comes back with every field as it was given', async () => {
      const full = {
        source: '/svc/ü',
        id: 'id with "quotes" and \n newline',
        type: 'dsync.user.created',
        subject: 'Subject ÄÖ',
        time: '2026-03-01T10:00:00.123456789+02:00',
        actor: 'person_1',
        organization: 'org_1',
        facets: { execution_id: 'x-1' },
        envelope: { context: { nested: [1, null] }, big: JSON.rawJSON('12345678901234567890') },
        data: '{"number":12345678901234567890,"text":"\\ud83d\\ude00 \\n"}',
      }
      const earliest = Date.now()
      await store.append(workspace, [full, anEvent({ id: 'plain', data: undefined })], 'refuse')
      const [event, plain] = await list()
      const { position, receivedAtMs, ...rest } = event!
      assert.equal(position, 1)
      assert.ok(receivedAtMs >= earliest && receivedAtMs <= Date.now())
      assert.equal(JSON.stringify(rest.envelope), JSON.stringify(full.envelope))
      assert.deepEqual({ ...rest, envelope: 0 }, { ...full, envelope: 0 })
      assert.equal(plain!.data, undefined)
      assert.deepEqual(await store.find(workspace, full), event)
      assert.deepEqual(await store.at(workspace, 1), event)
    })

    test('positions follow each other in the order of the appends', async () => {
      const all = Array.from({ length: 700 }, (_, index) => anEvent({ id: `e${index}` }))
      for (let index = 0; index < 700; index += 70) {
        await store.append(workspace, all.slice(index, index + 70), 'refuse')
      }
      const events = await list({ limit: 1000 })
      assert.deepEqual(
        events.map((event) => event.position),
        all.map((_, index) => index + 1),
      )
      assert.deepEqual(
        events.map((event) => event.id),
        all.map((event) => event.id),
      )
    })

    test('concurrent appends take effect one after the other, each whole', async () => {
      const appends = Array.from({ length: 40 }, (_, writer) =>
        Array.from({ length: 10 }, (_, index) => anEvent({ id: `${writer}-${index}` })),
      )
      await Promise.all(appends.map((events) => store.append(workspace, events, 'refuse')))
      const listed = await ids({ limit: 1000 })
      assert.equal(listed.length, 400)
      for (const events of appends) {
        const start = listed.indexOf(events[0]!.id)
        assert.deepEqual(
          listed.slice(start, start + 10),
          events.map((event) => event.id),
        )
      }
    })

    test('the same event again changes nothing and says where it stands', async () => {
      const event = anEvent({ id: 'a', data: '{"x":1,"y":2}' })
      const first = await store.append(workspace, [event], 'refuse')
      assert.deepEqual(first, { receipts: [{ outcome: 'created', position: 1 }] })
      const reordered = { ...event, data: '{"y":2,"x":1}' }
      for (const onChange of ['refuse', 'replace'] as const) {
        const again = await store.append(workspace, [event, reordered], onChange)
        const exists = { outcome: 'exists', position: 1 }
        assert.deepEqual(again, { receipts: [exists, exists] })
      }
      assert.deepEqual(await ids(), ['a'])
    })

    test('numbers that a double cannot tell apart are another content', async () => {
      await store.append(
        workspace,
        [anEvent({ id: 'a', data: '{"n":9007199254740993}' })],
        'refuse',
      )
      const other = anEvent({ id: 'a', data: '{"n":9007199254740992}' })
      assert.deepEqual(await store.append(workspace, [other], 'refuse'), { conflicts: [0] })
    })

    test('identity is source and id', async () => {
      const events = ['/one', '/two'].map((source) => anEvent({ id: 'same', source }))
      const { receipts } = await store.append(workspace, events, 'refuse')
      assert.deepEqual(
        receipts?.map((receipt) => receipt.outcome),
        ['created', 'created'],
      )
      const at = async (source: string) =>
        (await store.find(workspace, { source, id: 'same' }))?.position
      assert.deepEqual([await at('/one'), await at('/two'), await at('/three')], [1, 2, undefined])
    })

    test('a refused change takes none of the events', async () => {
      await store.append(workspace, [anEvent({ id: 'a' }), anEvent({ id: 'b' })], 'refuse')
      const changed = (id: string) => anEvent({ id, data: '"changed"' })
      const batch = [anEvent({ id: 'new' }), changed('a'), anEvent({ id: 'b' }), changed('b')]
      assert.deepEqual(await store.append(workspace, batch, 'refuse'), { conflicts: [1, 3] })
      assert.deepEqual(await ids(), ['a', 'b'])
      assert.equal((await store.state(workspace)).head, 2)
      const { receipts } = await store.append(workspace, [anEvent({ id: 'new' })], 'refuse')
      assert.deepEqual(receipts, [{ outcome: 'created', position: 3 }])
    })

    test('a replacement stands at a new position and the old state is withdrawn', async () => {
      await store.append(workspace, [anEvent({ id: 'a' }), anEvent({ id: 'b' })], 'replace')
      const done = anEvent({ id: 'a', data: '"done"' })
      const { receipts } = await store.append(workspace, [done], 'replace')
      assert.deepEqual(receipts, [{ outcome: 'replaced', position: 3 }])
      assert.deepEqual(await ids(), ['b', 'a'])
      assert.equal((await store.find(workspace, anEvent({ id: 'a' })))?.data, '"done"')
      assert.equal(await store.at(workspace, 1), undefined)
      assert.deepEqual(await ids({ after: { position: 2 } }), ['a'])
      assert.deepEqual(await ids({ direction: 'backward' }), ['a', 'b'])
    })

    test('within one append a later element of the same identity wins', async () => {
      const [first, second] = ['1', '2'].map((data) => anEvent({ id: 'a', data }))
      const { receipts } = await store.append(workspace, [first!, second!, second!], 'replace')
      assert.deepEqual(
        receipts?.map((receipt) => receipt.outcome),
        ['created', 'replaced', 'exists'],
      )
      assert.deepEqual(
        (await list()).map((event) => event.data),
        ['2'],
      )
    })

    test('facets find exactly, whatever characters they have', async () => {
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
      const events = [...values, almost].map((subject, index) =>
        anEvent({ id: `${index}`, subject }),
      )
      await store.append(workspace, events, 'refuse')
      for (const [index, value] of [...values, almost].entries()) {
        const facets = [{ name: 'subject', values: [value] }]
        assert.deepEqual(await ids({ facets }), [`${index}`], `subject ${JSON.stringify(value)}`)
      }
    })

    test('all facets must hold, each with any of its values', async () => {
      const types = ['user.created', 'user.deleted', 'os/cpu']
      const events = Array.from({ length: 30 }, (_, index) =>
        anEvent({ id: `${index}`, type: types[index % 3]!, facets: { system: `s${index % 2}` } }),
      )
      await store.append(workspace, events, 'refuse')
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
        assert.deepEqual(await ids({ facets }), expected(keep), JSON.stringify(facets))
        const backward = await ids({ facets, direction: 'backward' })
        assert.deepEqual(backward, expected(keep).toReversed(), JSON.stringify(facets))
      }
    })

    test('time ranges include their start and exclude their end, to the nanosecond', async () => {
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
      await store.append(workspace, events, 'refuse')
      const at = (time: string) => parseInstant(`2026-03-01T${time}`)
      assert.deepEqual(await ids({ from: at('00:00:01.000000001Z') }), ['1', '2', '3', '4'])
      assert.deepEqual(await ids({ until: at('00:00:01.000000001Z') }), ['0'])
      assert.deepEqual(await ids({ from: at('00:00:01Z'), until: at('00:00:02Z') }), [
        '0',
        '1',
        '2',
      ])
    })

    test('an event without a time happened when it was received', async () => {
      await store.append(workspace, [anEvent({ id: 'now' })], 'refuse')
      const { receivedAtMs } = (await list())[0]!
      const from = instantOfMs(receivedAtMs)
      assert.deepEqual(await ids({ from, until: from + 1n }), ['now'])
      assert.deepEqual(await ids({ until: from }), [])
    })

    test('pages follow each other without gap or repeat, in both orders and directions', async () => {
      const timeAt = (index: number) => new Date(1.7e12 + ((index * 7919) % 100) * 10).toISOString()
      const events = Array.from({ length: 400 }, (_, index) =>
        anEvent({ id: `${index}`, time: timeAt(index), subject: `s${index % 3}` }),
      )
      await store.append(workspace, events, 'refuse')
      const facets = [{ name: 'subject', values: ['s0', 's2'] }]
      const byTime = (one: number, other: number) =>
        Date.parse(timeAt(one)) - Date.parse(timeAt(other)) || one - other
      const wanted = events.map((_, index) => index).filter((index) => index % 3 !== 1)
      for (const order of ['position', 'time'] as const) {
        const sorted = order === 'time' ? wanted.toSorted(byTime) : wanted
        for (const direction of ['forward', 'backward'] as const) {
          const expected = (direction === 'forward' ? sorted : sorted.toReversed()).map(String)
          const query = { facets, order, direction, limit: 7 }
          assert.deepEqual(await walk(query), expected, `${order} ${direction}`)
        }
      }
    })

    async function walk(query: Partial<Query>): Promise<string[]> {
      const seen: string[] = []
      let after: Query['after']
      for (;;) {
        const page = await store.read(workspace, aQuery({ ...query, after }))
        seen.push(...page.events.map((event) => event.id))
        const last = page.events.at(-1)
        if (!page.more || last === undefined) return seen
        const instant = query.order === 'time' ? { instant: parseInstant(last.time!)! } : {}
        after = { position: last.position, ...instant }
      }
    }

    test('a page ends at its bound of characters, and says that there is more', async () => {
      const events = Array.from({ length: 9 }, (_, index) =>
        anEvent({ id: `${index}`, data: `"${'x'.repeat(1000)}"` }),
      )
      await store.append(workspace, events, 'refuse')
      const page = await store.read(workspace, aQuery({ charsMax: 2500 }))
      assert.deepEqual([page.events.length, page.more], [3, true])
      assert.equal((await walk({ charsMax: 2500 })).length, 9)
      assert.equal((await walk({ charsMax: 1, order: 'time', direction: 'backward' })).length, 9)
    })

    test('what is in the envelope counts as the payload does', async () => {
      const envelope = { data_base64: 'A'.repeat(1000) }
      const events = Array.from({ length: 9 }, (_, index) =>
        anEvent({ id: `${index}`, data: undefined, envelope }),
      )
      await store.append(workspace, events, 'refuse')
      for (const order of ['position', 'time'] as const) {
        const page = await store.read(workspace, aQuery({ order, charsMax: 2500 }))
        assert.deepEqual([page.events.length, page.more], [3, true], order)
      }
    })

    test('a bound of characters that is met anywhere loses no event', async () => {
      // Some stores keep events in groups by number or size: let the bound fall on every kind of border.
      const sizes = [300_000, 300_000, ...Array.from({ length: 140 }, () => 1000), 300_000, 500_000]
      const events = sizes.map((size, index) => {
        const time = new Date(1.7e12 + index * 1000).toISOString()
        return anEvent({ id: `${index}`, data: `"${'x'.repeat(size - 2)}"`, time })
      })
      for (const event of events) await store.append(workspace, [event], 'refuse')
      const all = events.map(({ id }) => id)
      for (const charsMax of [1, 128_000, 140_000, 300_000, 600_000, 740_000, 1_040_000]) {
        for (const order of ['position', 'time'] as const) {
          for (const direction of ['forward', 'backward'] as const) {
            const walked = await walk({ charsMax, order, direction })
            const expected = direction === 'forward' ? all : all.toReversed()
            assert.deepEqual(walked, expected, `${charsMax} ${order} ${direction}`)
          }
        }
      }
    })

    test('workspaces do not see each other', async () => {
      await store.append(workspace, [anEvent({ id: 'mine' })], 'refuse')
      const mine = workspace
      workspace = `${mine}-other`
      await store.append(workspace, [anEvent({ id: 'mine', data: '"other"' })], 'refuse')
      assert.equal((await list())[0]!.data, '"other"')
      const [one, other] = await Promise.all([store.state(mine), store.state(workspace)])
      assert.notEqual(one.tag, other.tag)
    })

    test('more workspaces than files may be open keep what they were given', async () => {
      const names = Array.from({ length: 150 }, (_, index) => `${workspace}-${index}`)
      for (const name of names) await store.append(name, [anEvent({ id: name })], 'refuse')
      for (const name of names) {
        const { receipts } = await store.append(name, [anEvent({ id: name })], 'refuse')
        assert.deepEqual(receipts, [{ outcome: 'exists', position: 1 }])
        assert.equal((await store.read(name, aQuery())).events[0]?.id, name)
      }
    })

    test('after closing, calls are refused as busy', async () => {
      const closed = await factory.open()
      await closed.append('w', [anEvent({ id: 'a' })], 'refuse')
      await closed.close()
      for (const call of [
        () => closed.append('w', [anEvent({ id: 'b' })], 'refuse'),
        () => closed.read('w', aQuery()),
        () => closed.state('w'),
      ]) {
        await assert.rejects(call, { code: 'busy' })
      }
    })

    it('keeps everything when closed and opened again', async (context) => {
      if (!store.supports.durability) return context.skip('declared: no durability')
      const one = await factory.open()
      const events = Array.from({ length: 300 }, (_, index) => anEvent({ id: `e${index}` }))
      await one.append('kept', events, 'refuse')
      await one.append('kept', [anEvent({ id: 'e5', data: '"new"' })], 'replace')
      const before = await one.read('kept', aQuery({ limit: 1000 }))
      const { tag } = await one.state('kept')
      await one.close()
      const two = await factory.reopen()
      assert.deepEqual(await two.read('kept', aQuery({ limit: 1000 })), before)
      assert.deepEqual(await two.state('kept'), { tag, head: 301 })
      const { receipts } = await two.append('kept', [events[7]!, anEvent({ id: 'more' })], 'refuse')
      assert.deepEqual(receipts, [
        { outcome: 'exists', position: 8 },
        { outcome: 'created', position: 302 },
      ])
      await two.close()
    })
  })
}
