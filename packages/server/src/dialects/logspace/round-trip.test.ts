import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import fc from 'fast-check'
import { Desk, eventTexts } from './test/desk.ts'
import {
  anyEvent,
  modelTypes,
  spell,
  spellValue,
  spellWith,
  type ModelEvent,
} from './test/model.ts'

const memory = new Desk()
const disk = Desk.onDisk()
after(() => Promise.all([memory.close(), disk.close()]))

const uploads = fc.uniqueArray(anyEvent, { selector: ({ id }) => id, minLength: 1, maxLength: 6 })

/** The same properties in the order in which an object has them: names like `7` come first. */
function inOrder(event: ModelEvent): ModelEvent {
  const properties = modelTypes.flatMap((type) => {
    const ofType = event.properties.filter((one) => one.type === type)
    return Object.values(Object.fromEntries(ofType.map((one) => [one.name, one])))
  })
  return { ...event, properties }
}

function byTime(one: ModelEvent, other: ModelEvent): number {
  return one.ms - other.ms || (one.id < other.id ? -1 : 1)
}

/** Every event comes back to the letter, from each of the two routes. */
async function comesBack(desk: Desk, space: string, events: readonly ModelEvent[]): Promise<void> {
  const expected = events.map(inOrder)
  const page = await desk.read(space, '/events?count=1000')
  assert.deepEqual(
    eventTexts(page),
    expected.toSorted(byTime).map((event) => spell(event)),
  )
  const stream = await desk.read(space, '/event-stream?count=1000')
  const byArrival = expected.toSorted((one, other) => one.ms - other.ms)
  assert.equal(stream, `[${byArrival.map((event) => spell(event)).join(', ')}]`)
}

for (const [name, desk, numRuns] of [
  ['in memory', memory, 300],
  ['on disk', disk, 25],
] as const) {
  describe(`Any upload to Logspace, ${name}`, () => {
    it('comes back to the letter when it came in arrays', async () => {
      await fc.assert(
        fc.asyncProperty(uploads, async (events) => {
          const space = desk.newSpace()
          await desk.put(space, `[${events.map((event) => spell(event)).join()}]`)
          await comesBack(desk, space, events)
        }),
        { numRuns },
      )
    })

    it('comes back to the letter when it came as repeated names and quoted NaN', async () => {
      await fc.assert(
        fc.asyncProperty(uploads, async (events) => {
          const space = desk.newSpace()
          const sent = events.map((event) => {
            const time = new Date(event.ms).toISOString()
            return spellWith(event, time, ({ name, type, values }) => {
              const spelled = values.map((value) =>
                spellValue(value, type).replace(/^(-?Infinity|NaN)$/, '"$1"'),
              )
              return spelled.join(`,${JSON.stringify(name)}:`)
            })
          })
          await desk.put(space, `[${sent.join()}]`)
          await comesBack(desk, space, events)
        }),
        { numRuns },
      )
    })
  })
}

describe('A time with any number of digits', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 9 })

  it('comes back in milliseconds, as the event’s and as a property', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: -2e9, max: 4e9 }), digits, async (second, fraction) => {
        const space = memory.newSpace()
        const whole = new Date(second * 1000).toISOString().slice(0, 19)
        const sent = `${whole}${fraction === '' ? '' : `.${fraction}`}Z`
        const back = `${whole}.${fraction.slice(0, 3).padEnd(3, '0')}Z`
        const event = {
          id: 'i',
          system: 's',
          'agent-id': 'a',
          timestamp: sent,
          'date-properties': { d: sent },
        }
        await memory.put(space, [event])
        const [found] = eventTexts(await memory.read(space, '/events'))
        assert.deepEqual(JSON.parse(found!), {
          ...event,
          timestamp: back,
          'date-properties': { d: [back] },
        })
      }),
    )
  })
})

describe('The name of a property', () => {
  // JSON.parse of V8 14.6 takes a name that is one escaped character for a backslash, when it has met an
  // object with the same names before and then a backslash.
  for (const name of ['\n', '"', '\u0000', '\ud83d']) {
    it(`${JSON.stringify(name)} comes back after an event with a backslash for a name`, async () => {
      const space = memory.newSpace()
      const before = `before ${JSON.stringify(name)}`
      const event = (id: string, other: string) => ({
        id,
        system: 's',
        'agent-id': 'a',
        timestamp: '2030-06-07T00:00:00.000Z',
        'string-properties': { [before]: ['x'], [other]: ['y'] },
      })
      const events = [event('1', '\\'), event('2', '\\'), event('3', name)]
      await memory.put(space, events)
      const found = eventTexts(await memory.read(space, '/events'))
      assert.deepEqual(
        found,
        events.map((one) => JSON.stringify(one)),
      )
    })
  }
})
