import assert from 'node:assert/strict'
import { aQuery, anEvent } from './events.ts'
import type { Suite } from './suite.ts'

/** Taking events in: positions, identity, repeats, replacements, conflicts. */
export function appendCases(suite: Suite): void {
  suite.test('an empty workspace has no events and the head 0', async () => {
    const page = await suite.store.read(suite.workspace, aQuery())
    assert.deepEqual(page, { events: [], more: false, head: 0 })
    assert.equal((await suite.store.state(suite.workspace)).head, 0)
    assert.equal(await suite.store.find(suite.workspace, anEvent({ id: 'none' })), undefined)
    assert.equal(await suite.store.at(suite.workspace, 1), undefined)
  })

  suite.test('an event comes back with every field as it was given', async () => {
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
    await suite.store.append(
      suite.workspace,
      [full, anEvent({ id: 'plain', data: undefined })],
      'refuse',
    )
    const [event, plain] = await suite.list()
    const { position, receivedAtMs, ...rest } = event!
    assert.equal(position, 1)
    assert.ok(receivedAtMs >= earliest && receivedAtMs <= Date.now())
    assert.equal(JSON.stringify(rest.envelope), JSON.stringify(full.envelope))
    assert.deepEqual({ ...rest, envelope: 0 }, { ...full, envelope: 0 })
    assert.equal(plain!.data, undefined)
    assert.deepEqual(await suite.store.find(suite.workspace, full), event)
    assert.deepEqual(await suite.store.at(suite.workspace, 1), event)
  })

  suite.test('positions follow each other in the order of the appends', async () => {
    const all = Array.from({ length: 700 }, (_, index) => anEvent({ id: `e${index}` }))
    for (let index = 0; index < 700; index += 70) {
      await suite.store.append(suite.workspace, all.slice(index, index + 70), 'refuse')
    }
    const events = await suite.list({ limit: 1000 })
    assert.deepEqual(
      events.map((event) => event.position),
      all.map((_, index) => index + 1),
    )
    assert.deepEqual(
      events.map((event) => event.id),
      all.map((event) => event.id),
    )
  })

  suite.test('concurrent appends take effect one after the other, each whole', async () => {
    const appends = Array.from({ length: 40 }, (_, writer) =>
      Array.from({ length: 10 }, (_, index) => anEvent({ id: `${writer}-${index}` })),
    )
    await Promise.all(
      appends.map((events) => suite.store.append(suite.workspace, events, 'refuse')),
    )
    const listed = await suite.ids({ limit: 1000 })
    assert.equal(listed.length, 400)
    for (const events of appends) {
      const start = listed.indexOf(events[0]!.id)
      assert.deepEqual(
        listed.slice(start, start + 10),
        events.map((event) => event.id),
      )
    }
  })

  suite.test('the same event again changes nothing and says where it stands', async () => {
    const event = anEvent({ id: 'a', data: '{"x":1,"y":2}' })
    const first = await suite.store.append(suite.workspace, [event], 'refuse')
    assert.deepEqual(first, { receipts: [{ outcome: 'created', position: 1 }] })
    const reordered = { ...event, data: '{"y":2,"x":1}' }
    for (const onChange of ['refuse', 'replace'] as const) {
      const again = await suite.store.append(suite.workspace, [event, reordered], onChange)
      const exists = { outcome: 'exists', position: 1 }
      assert.deepEqual(again, { receipts: [exists, exists] })
    }
    assert.deepEqual(await suite.ids(), ['a'])
  })

  suite.test('numbers that a double cannot tell apart are another content', async () => {
    await suite.store.append(
      suite.workspace,
      [anEvent({ id: 'a', data: '{"n":9007199254740993}' })],
      'refuse',
    )
    const other = anEvent({ id: 'a', data: '{"n":9007199254740992}' })
    assert.deepEqual(await suite.store.append(suite.workspace, [other], 'refuse'), {
      conflicts: [0],
    })
  })

  suite.test('identity is source and id', async () => {
    const events = ['/one', '/two'].map((source) => anEvent({ id: 'same', source }))
    const { receipts } = await suite.store.append(suite.workspace, events, 'refuse')
    assert.deepEqual(
      receipts?.map((receipt) => receipt.outcome),
      ['created', 'created'],
    )
    const at = async (source: string) =>
      (await suite.store.find(suite.workspace, { source, id: 'same' }))?.position
    assert.deepEqual([await at('/one'), await at('/two'), await at('/three')], [1, 2, undefined])
  })

  suite.test('a refused change takes none of the events', async () => {
    await suite.store.append(
      suite.workspace,
      [anEvent({ id: 'a' }), anEvent({ id: 'b' })],
      'refuse',
    )
    const changed = (id: string) => anEvent({ id, data: '"changed"' })
    const batch = [anEvent({ id: 'new' }), changed('a'), anEvent({ id: 'b' }), changed('b')]
    assert.deepEqual(await suite.store.append(suite.workspace, batch, 'refuse'), {
      conflicts: [1, 3],
    })
    assert.deepEqual(await suite.ids(), ['a', 'b'])
    assert.equal((await suite.store.state(suite.workspace)).head, 2)
    const { receipts } = await suite.store.append(
      suite.workspace,
      [anEvent({ id: 'new' })],
      'refuse',
    )
    assert.deepEqual(receipts, [{ outcome: 'created', position: 3 }])
  })

  suite.test('a change that is skipped leaves the others', async () => {
    const known = anEvent({ id: 'a' })
    await suite.store.append(suite.workspace, [known], 'refuse')
    const changed = anEvent({ id: 'a', data: '"changed"' })
    const batch = [anEvent({ id: 'b' }), changed, known, anEvent({ id: 'c' }), changed]
    assert.deepEqual(await suite.store.append(suite.workspace, batch, 'skip'), {
      receipts: [
        { outcome: 'created', position: 2 },
        { outcome: 'conflict', position: 1 },
        { outcome: 'exists', position: 1 },
        { outcome: 'created', position: 3 },
        { outcome: 'conflict', position: 1 },
      ],
    })
    assert.deepEqual(await suite.ids(), ['a', 'b', 'c'])
  })

  suite.test('another trace is not another content', async () => {
    const parent = (n: number) => `00-${'0'.repeat(31)}${n}-00f067aa0ba902b7-01`
    const first = anEvent({ id: 'a', trace: { parent: parent(1), state: 'x=1' } })
    await suite.store.append(suite.workspace, [first], 'refuse')
    const again = anEvent({ id: 'a', trace: { parent: parent(2) } })
    const { receipts } = await suite.store.append(suite.workspace, [again], 'refuse')
    assert.equal(receipts?.[0]?.outcome, 'exists')
    assert.deepEqual((await suite.list())[0]?.trace, first.trace)
  })

  suite.test(
    'another stamp is not another content, and a trace may come back as an attribute',
    async () => {
      const stamps = { sequence: '7', recordedtime: '2026-03-01T10:00:00Z', flag: true, number: 3 }
      const trace = { parent: `00-${'1'.repeat(32)}-00f067aa0ba902b7-01`, state: 'x=1' }
      const first = anEvent({ id: 'a', stamps, trace, envelope: { mine: 1 } })
      await suite.store.append(suite.workspace, [first], 'refuse')
      const shown = { mine: 1, traceparent: trace.parent, tracestate: trace.state }
      for (const again of [
        anEvent({ id: 'a', envelope: { mine: 1 } }),
        anEvent({ id: 'a', envelope: { mine: 1 }, stamps: { sequence: '8' } }),
        anEvent({ id: 'a', envelope: shown, stamps }),
      ]) {
        const { receipts } = await suite.store.append(suite.workspace, [again], 'refuse')
        assert.equal(receipts?.[0]?.outcome, 'exists')
      }
      const other = anEvent({ id: 'a', envelope: { ...shown, tracestate: 'x=2' } })
      const { receipts } = await suite.store.append(suite.workspace, [other], 'skip')
      assert.equal(receipts?.[0]?.outcome, 'conflict')
      assert.deepEqual((await suite.list())[0]?.stamps, stamps)
    },
  )

  suite.test('a replacement stands at a new position and the old state is withdrawn', async () => {
    await suite.store.append(
      suite.workspace,
      [anEvent({ id: 'a' }), anEvent({ id: 'b' })],
      'replace',
    )
    const done = anEvent({ id: 'a', data: '"done"' })
    const { receipts } = await suite.store.append(suite.workspace, [done], 'replace')
    assert.deepEqual(receipts, [{ outcome: 'replaced', position: 3 }])
    assert.deepEqual(await suite.ids(), ['b', 'a'])
    assert.equal((await suite.store.find(suite.workspace, anEvent({ id: 'a' })))?.data, '"done"')
    assert.equal(await suite.store.at(suite.workspace, 1), undefined)
    assert.deepEqual(await suite.ids({ after: { position: 2 } }), ['a'])
    assert.deepEqual(await suite.ids({ direction: 'backward' }), ['a', 'b'])
  })

  suite.test('within one append a later element of the same identity wins', async () => {
    const [first, second] = ['1', '2'].map((data) => anEvent({ id: 'a', data }))
    const { receipts } = await suite.store.append(
      suite.workspace,
      [first!, second!, second!],
      'replace',
    )
    assert.deepEqual(
      receipts?.map((receipt) => receipt.outcome),
      ['created', 'replaced', 'exists'],
    )
    assert.deepEqual(
      (await suite.list()).map((event) => event.data),
      ['2'],
    )
  })
}
