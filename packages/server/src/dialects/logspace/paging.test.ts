import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import fc from 'fast-check'
import { cutArray, Desk } from './test/desk.ts'
import { goodText, spell, upload, type ModelEvent } from './test/model.ts'

const memory = new Desk()
const disk = Desk.onDisk()
after(() => Promise.all([memory.close(), disk.close()]))

const startMs = Date.UTC(2030, 5, 7)

// Few moments for many events, so that most stand at the same time as others.
const event: fc.Arbitrary<ModelEvent> = fc.record({
  id: fc.oneof(goodText, fc.stringMatching(/^[abAB]{1,3}$/)),
  system: fc.constantFrom('left', 'right'),
  agent: fc.constant('a'),
  ms: fc.integer({ min: 0, max: 3 }).map((step) => startMs + step),
  marker: fc.option(fc.constantFrom('red', 'blue'), { nil: undefined }),
  properties: fc.constant([]),
})

/** Uploads one after the other; an id that comes again with other content replaces the event before. */
const uploads = fc.array(fc.array(event, { maxLength: 40 }), { minLength: 1, maxLength: 3 })

const filters = [
  { name: 'everything', body: undefined, selects: () => true },
  {
    name: 'a system',
    body: { elements: [{ property: 'system', value: 'left' }] },
    selects: ({ system }: ModelEvent) => system === 'left',
  },
  {
    name: 'any marker',
    body: { elements: [{ property: 'marker', value: ' ' }] },
    selects: ({ marker }: ModelEvent) => marker !== undefined,
  },
  {
    name: 'two of the moments',
    body: {
      elements: [
        {
          property: 'timestamp',
          from: new Date(startMs + 1).toISOString(),
          to: new Date(startMs + 2).toISOString(),
        },
      ],
    },
    selects: ({ ms }: ModelEvent) => ms > startMs && ms < startMs + 3,
  },
] as const

/** What a space holds after some uploads, in order of arrival. */
function heldAfter(batches: readonly (readonly ModelEvent[])[]): ModelEvent[] {
  let held: ModelEvent[] = []
  for (const one of batches.flat()) {
    const before = held.find(({ id }) => id === one.id)
    // What says the same again stays where it is.
    if (before !== undefined && spell(before) === spell(one)) continue
    held = [...held.filter((other) => other !== before), one]
  }
  return held
}

function byTimeAndId(one: ModelEvent, other: ModelEvent): number {
  return one.ms - other.ms || (one.id < other.id ? -1 : 1)
}

async function fill(desk: Desk, batches: readonly (readonly ModelEvent[])[]): Promise<string> {
  const space = desk.newSpace()
  for (const batch of batches) await desk.put(space, upload(batch))
  return space
}

for (const [name, desk, numRuns] of [
  ['in memory', memory, 150],
  ['on disk', disk, 15],
] as const) {
  describe(`Retrieval of Logspace’s events, ${name}`, () => {
    it('gives every selected event once, by time and id, whatever the sizes of the pages', async () => {
      const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 })
      await fc.assert(
        fc.asyncProperty(
          uploads,
          fc.constantFrom(...filters),
          sizes,
          async (batches, { body, selects }, counts) => {
            const space = await fill(desk, batches)
            const expected = heldAfter(batches).filter(selects).toSorted(byTimeAndId)
            const found: unknown[] = []
            let cursor = '*'
            for (let pages = 0; pages <= expected.length + 1; pages++) {
              const count = counts[pages % counts.length]!
              const query = `count=${count}&cursor=${encodeURIComponent(cursor)}`
              const page = await desk.retrieve(space, query, body)
              assert.equal(page.totalCount, expected.length)
              assert.ok(page.events.length <= count)
              found.push(...page.events.map(({ id }) => id))
              if (page.nextCursorMark === cursor) break
              assert.notEqual(page.events.length, 0)
              cursor = page.nextCursorMark
            }
            assert.deepEqual(
              found,
              expected.map(({ id }) => id),
            )
            const end = await desk.retrieve(space, `cursor=${encodeURIComponent(cursor)}`, body)
            assert.deepEqual([end.events, end.nextCursorMark], [[], cursor])
          },
        ),
        { numRuns },
      )
    })

    it('streams any slice, by time and arrival', async () => {
      const slice = fc.record({
        offset: fc.integer({ min: 0, max: 60 }),
        count: fc.integer({ min: 0, max: 60 }),
      })
      await fc.assert(
        fc.asyncProperty(
          uploads,
          fc.constantFrom(...filters),
          slice,
          async (batches, { body, selects }, { offset, count }) => {
            const space = await fill(desk, batches)
            const held = heldAfter(batches).filter(selects)
            const expected = held
              .toSorted((one, other) => one.ms - other.ms)
              .slice(offset, offset + count)
              .map((one) => spell(one))
            const text = await desk.read(
              space,
              `/event-stream?offset=${offset}&count=${count}`,
              body,
            )
            assert.equal(text, `[${expected.join(', ')}]`)
            assert.deepEqual(cutArray(text), expected)
          },
        ),
        { numRuns },
      )
    })
  })
}

describe('A page of Logspace’s events', () => {
  const at = (id: string, timestamp: string) => ({ id, system: 's', 'agent-id': 'a', timestamp })

  it('may have no event: then the mark is the one that was sent', async () => {
    const space = memory.newSpace()
    await memory.put(space, [at('a', '2030-06-07T00:00:00Z')])
    assert.deepEqual(
      await memory
        .retrieve(space, 'count=0')
        .then(({ totalCount, nextCursorMark, events }) => [totalCount, nextCursorMark, events]),
      [1, '*', []],
    )
  })

  it('has its fields in the order that HQ’s reader wants, and ten events where no number is named', async () => {
    const space = memory.newSpace()
    await memory.put(
      space,
      Array.from({ length: 12 }, (_, n) => at(`${10 + n}`, '2030-06-07T00:00:00Z')),
    )
    const text = await memory.read(space, '/events')
    assert.match(text, /^\{"totalCount":12,"nextCursorMark":"[^"]+","events":\[\{/)
    assert.equal((await memory.retrieve(space)).events.length, 10)
    assert.equal(cutArray(await memory.read(space, '/event-stream')).length, 10)
  })

  it('is the same by GET, filter and all', async () => {
    const space = memory.newSpace()
    await memory.put(space, [at('a', '2030-06-07T00:00:00Z'), at('b', '2030-06-07T00:00:00Z')])
    const filter = JSON.stringify({ elements: [{ property: 'id', value: 'b' }] })
    for (const path of ['/events', '/api/events', '/logspace/events', '//events']) {
      const asked = {
        method: 'GET',
        key: `r:${space}`,
        path: `${path}?filter=${encodeURIComponent(filter)}`,
      } as const
      assert.equal((await desk(asked)).body, await memory.read(space, '/events', filter), path)
    }
    function desk(asked: Parameters<Desk['ask']>[0]) {
      return memory.ask(asked)
    }
  })

  it('counts all that there were when the list was begun, and sees what comes later in time', async () => {
    const space = memory.newSpace()
    await memory.put(space, [at('a', '2030-06-07T00:00:00Z'), at('b', '2030-06-07T00:00:01Z')])
    const first = await memory.retrieve(space, 'count=1')
    await memory.put(space, [at('c', '2030-06-07T00:00:02Z')])
    const second = await memory.retrieve(space, `cursor=${first.nextCursorMark}`)
    assert.deepEqual([second.totalCount, second.events.map(({ id }) => id)], [2, ['b', 'c']])
  })

  it('is by id where times are the same in milliseconds, which is what the reader sees', async () => {
    const space = memory.newSpace()
    await memory.put(space, [
      at('b', '2030-06-07T00:00:00.0001Z'),
      at('a', '2030-06-07T00:00:00.0002Z'),
    ])
    assert.deepEqual(await memory.idsOf(space, {}), ['a', 'b'])
  })

  it('has nothing that the filter does not select, though the mark is of a list without it', async () => {
    const space = memory.newSpace()
    const first = '2030-06-07T00:00:00Z'
    await memory.put(space, [at('a', first), at('b', first), at('c', '2030-06-07T00:00:01Z')])
    const { nextCursorMark } = await memory.retrieve(space, 'count=1')
    const filter = { elements: [{ property: 'timestamp', from: '2030-06-07T00:00:01Z' }] }
    const { events } = await memory.retrieve(space, `cursor=${nextCursorMark}`, filter)
    assert.deepEqual(
      events.map(({ id }) => id),
      ['c'],
    )
  })

  it('may be short where events are large, and the list goes on', async () => {
    const space = memory.newSpace()
    const megabytes = { 'string-properties': { s: ['x'.repeat(1_500_000)] } }
    const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
    for (const id of ids.toReversed()) {
      await memory.put(space, [{ ...at(id, '2030-06-07T00:00:00Z'), ...megabytes }])
    }
    const found: unknown[] = []
    for (let cursor = '*', pages = 0; pages <= ids.length; pages++) {
      const page = await memory.retrieve(space, `count=1000&cursor=${cursor}`)
      assert.ok(page.events.length < ids.length)
      found.push(...page.events.map(({ id }) => id))
      if (page.nextCursorMark === cursor) break
      cursor = page.nextCursorMark
    }
    assert.deepEqual(found, ids)
  })

  it('ends a list of a thousand events of one moment after as many as were asked for', async () => {
    const space = memory.newSpace()
    const ids = Array.from(
      { length: 2300 },
      (_, n) => `e${String((n * 7919) % 2300).padStart(4, '0')}`,
    )
    await memory.put(
      space,
      ids.map((id) => at(id, '2030-06-07T00:00:00Z')),
    )
    const found: unknown[] = []
    let cursor = '*'
    for (const length of [1000, 1000, 300, 0]) {
      const page = await memory.retrieve(space, `count=1000&cursor=${cursor}`)
      assert.equal(page.events.length, length)
      found.push(...page.events.map(({ id }) => id))
      cursor = page.nextCursorMark
    }
    assert.deepEqual(found, ids.toSorted())
  })
})
