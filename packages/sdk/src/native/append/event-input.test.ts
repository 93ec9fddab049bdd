import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encodeEvent, type EventInput } from './event-input.ts'
import { uuidV7 } from './uuid.ts'

const nowMs = Date.parse('2026-03-01T10:00:00.123Z')
const shown = (event: EventInput) => JSON.parse(encodeEvent(event, nowMs).text) as object

describe('encodeEvent', () => {
  it('adds what is left out, the id with the time', () => {
    const { id, ...rest } = shown({ source: '/s', type: 't' }) as { id: string }
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    assert.deepEqual(rest, {
      specversion: '1.0',
      source: '/s',
      type: 't',
      time: '2026-03-01T10:00:00.123Z',
    })
  })

  const cases: readonly { name: string; event: EventInput; want: object }[] = [
    {
      name: 'no time to an event with an id: it must say the same the next time',
      event: { id: '1', source: '/s', type: 't' },
      want: {},
    },
    {
      name: 'a time as it was written',
      event: { id: '1', source: '/s', type: 't', time: '2026-03-01T10:00:00+01:00' },
      want: { time: '2026-03-01T10:00:00+01:00' },
    },
    {
      name: 'a Date',
      event: { id: '1', source: '/s', type: 't', time: new Date(0) },
      want: { time: '1970-01-01T00:00:00.000Z' },
    },
    {
      name: 'null, which is a payload, and not what is undefined',
      event: { id: '1', source: '/s', type: 't', data: null, subject: undefined },
      want: { data: null },
    },
    {
      name: 'extensions, whatever they are called',
      event: JSON.parse(
        '{"id":"1","source":"/s","type":"t","mine":3,"__proto__":"x"}',
      ) as EventInput,
      want: JSON.parse('{"mine":3,"__proto__":"x"}') as object,
    },
  ]
  for (const { name, event, want } of cases) {
    it(`gives ${name}`, () => {
      const basis = { specversion: '1.0', id: '1', source: '/s', type: 't' }
      assert.equal(
        JSON.stringify(Object.entries(shown(event)).toSorted()),
        JSON.stringify([...Object.entries(basis), ...Object.entries(want)].toSorted()),
      )
    })
  }

  it('refuses what is no event, and what has no JSON', () => {
    const cyclic: Record<string, unknown> = {}
    cyclic['self'] = cyclic
    const wrong = [
      undefined,
      null,
      'text',
      {},
      { source: '/s' },
      { source: '', type: 't' },
      { id: '', source: '/s', type: 't' },
      { id: 7, source: '/s', type: 't' },
      { source: '/s', type: 't', data: 1n },
      { source: '/s', type: 't', data: cyclic },
    ]
    for (const one of wrong) assert.throws(() => encodeEvent(one as EventInput, nowMs), TypeError)
    const noTime = { source: '/s', type: 't', time: new Date(Number.NaN) }
    assert.throws(() => encodeEvent(noTime, nowMs), RangeError)
    const silent = () => undefined as unknown as string
    assert.throws(() => encodeEvent({ source: '/s', type: 't' }, nowMs, silent), TypeError)
  })

  const others: readonly [string, (value: unknown) => string][] = [
    ['changes the id', (value) => JSON.stringify({ ...(value as object), id: '2' })],
    ['changes the source', (value) => JSON.stringify({ ...(value as object), source: '/z' })],
    ['leaves the source out', () => '{"id":"1"}'],
    ['writes a list', (value) => JSON.stringify([value])],
    ['writes two objects', () => '{"a":1},{"b":2}'],
  ]
  for (const [what, stringify] of others) {
    it(`refuses an event of which stringify ${what}`, () => {
      const given = { id: '1', source: '/s', type: 't' }
      assert.throws(() => encodeEvent(given, nowMs, stringify), /^TypeError: stringify /)
    })
  }

  it('counts bytes, not characters', () => {
    const event = { id: 'ü', source: '/s', type: '😀' }
    const { text, bytes } = encodeEvent(event, nowMs)
    assert.equal(bytes, Buffer.byteLength(text))
    assert.ok(bytes > text.length)
  })
})

describe('uuidV7', () => {
  it('sorts by time, and is never the same', () => {
    const ids = Array.from({ length: 1000 }, (_, at) => uuidV7(nowMs + at))
    assert.deepEqual(ids.toSorted(), ids)
    assert.equal(new Set(Array.from({ length: 1000 }, () => uuidV7(nowMs))).size, 1000)
    assert.ok(uuidV7(0x0123456789ab).startsWith('01234567-89ab-7'))
  })
})
