import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { openSqliteStore } from '../../stores/sqlite/index.ts'
import { openMemoryStore } from '../../stores/memory/index.ts'
import { temporaryFolder } from '../../../test/support/folder.ts'
import { Desk } from './test/desk.ts'
import { upload, type ModelEvent, type ModelType } from './test/model.ts'

interface Named {
  readonly id: string
  readonly name: string
}
interface Suggestion {
  readonly executionTime: number
  readonly spaces: readonly Named[]
  readonly systems: readonly Named[]
  readonly propertyNames: readonly Named[]
  readonly agentDescriptions: readonly {
    readonly globalId: string
    readonly name: string
    readonly space: string
    readonly system: string
    readonly propertyDescriptions: readonly object[]
  }[]
}

const desk = new Desk()
after(() => desk.close())

let serial = 0
function event(
  system: string,
  agent: string,
  ...properties: readonly (readonly [ModelType, string])[]
): ModelEvent {
  serial += 1
  return {
    id: `e${serial}`,
    system,
    agent,
    ms: Date.UTC(2033, 0, 1),
    properties: properties.map(([type, name]) => ({
      type,
      name,
      values: [type === 'string' ? 'v' : 1],
    })),
  }
}

async function suggest(by: Desk, space: string, body: object | string = ''): Promise<Suggestion> {
  return JSON.parse(await by.read(space, '/suggestion', body)) as Suggestion
}

async function suggestByGet(
  by: Desk,
  space: string,
  query: Readonly<Record<string, string>>,
): Promise<Suggestion> {
  const path = `/suggestion?${new URLSearchParams(query)}`
  return (await by.ask({ method: 'GET', key: `r:${space}`, path })).json<Suggestion>()
}

/** What does not depend on the clock. */
function lasting({ executionTime, ...rest }: Suggestion): Omit<Suggestion, 'executionTime'> {
  assert.ok(Number.isInteger(executionTime) && executionTime >= 0)
  return rest
}

const named = (...ids: readonly string[]): Named[] => ids.map((id) => ({ id, name: id }))
const describedAs = (type: string, name: string, units: unknown = null) => ({
  id: `${type}_property_${name}`,
  name,
  propertyType: type.toUpperCase(),
  units,
})

const orchard = [
  event('North-Host', 'os/cpu', ['double', 'system_cpu_load'], ['integer', 'processor_count']),
  event('North-Host', 'shop/journal', ['string', 'message']),
  event('south7', 'os/cpu', ['double', 'system_cpu_load']),
  event('south7', 'os/swap', ['long', 'swap_free_space']),
  event('south7', 'silent'),
]

describe('Suggestions of Logspace, from events alone', () => {
  const space = desk.newSpace()
  before(() => desk.put(space, upload(orchard)))

  it('tell of everything there is, sorted by name', async () => {
    const agent = (system: string, name: string, ...propertyDescriptions: readonly object[]) => ({
      globalId: `${space}|${system}|${name}`,
      name,
      space,
      system,
      propertyDescriptions,
    })
    const found = lasting(await suggest(desk, space))
    assert.deepEqual(
      {
        ...found,
        agentDescriptions: found.agentDescriptions.toSorted((one, other) =>
          one.globalId < other.globalId ? -1 : 1,
        ),
      },
      {
        spaces: named(space),
        systems: named('North-Host', 'south7'),
        propertyNames: [
          { id: 'string_property_message', name: 'message' },
          { id: 'integer_property_processor_count', name: 'processor_count' },
          { id: 'long_property_swap_free_space', name: 'swap_free_space' },
          { id: 'double_property_system_cpu_load', name: 'system_cpu_load' },
        ],
        agentDescriptions: [
          agent(
            'North-Host',
            'os/cpu',
            describedAs('integer', 'processor_count'),
            describedAs('double', 'system_cpu_load'),
          ),
          agent('North-Host', 'shop/journal', describedAs('string', 'message')),
          agent('south7', 'os/cpu', describedAs('double', 'system_cpu_load')),
          agent('south7', 'os/swap', describedAs('long', 'swap_free_space')),
          agent('south7', 'silent'),
        ],
      },
    )
    const names = found.agentDescriptions.map(({ name }) => name)
    assert.deepEqual(names, names.toSorted())
  })

  // The ids of the agents that fit, in short.
  const all = [
    'North-Host os/cpu',
    'North-Host shop/journal',
    'south7 os/cpu',
    'south7 os/swap',
    'south7 silent',
  ]
  const cases: readonly (readonly [
    name: string,
    request: Readonly<Record<string, string>>,
    fitting: readonly string[],
  ])[] = [
    ['nothing asked', {}, all],
    ['a blank text', { text: ' ' }, all],
    ['the beginning of a property’s word, in capitals', { text: 'CPU' }, [all[0]!, all[2]!]],
    ['the beginning of an inner word of a property', { text: 'loa' }, [all[0]!, all[2]!]],
    ['the end of a word', { text: 'oad' }, []],
    ['the beginning of an agent’s word', { text: 'jour' }, [all[1]!]],
    ['a word of a system’s name', { text: 'host' }, [all[0]!, all[1]!]],
    ['letters and digits in one run', { text: 'south7' }, [all[2]!, all[3]!, all[4]!]],
    ['two words', { text: 'south cpu' }, [all[2]!]],
    ['the space', { text: space }, all],
    ['a property', { propertyId: 'double_property_system_cpu_load' }, [all[0]!, all[2]!]],
    ['a property of another type', { propertyId: 'float_property_system_cpu_load' }, []],
    ['the beginning of a property’s id', { propertyId: 'double_property_system' }, []],
    ['a system', { systemId: 'south7' }, [all[2]!, all[3]!, all[4]!]],
    ['a system in other letters', { systemId: 'SOUTH7' }, []],
    ['this space', { spaceId: space }, all],
    ['another space', { spaceId: 'elsewhere' }, []],
    [
      'all at once',
      {
        text: 'os',
        systemId: 'south7',
        spaceId: space,
        propertyId: 'long_property_swap_free_space',
      },
      [all[3]!],
    ],
  ]
  const parameter: Readonly<Record<string, string>> = {
    text: 'input',
    propertyId: 'property',
    systemId: 'system',
    spaceId: 'space',
  }
  for (const [name, request, fitting] of cases) {
    it(`fit ${name}, by POST and by GET`, async () => {
      const found = lasting(await suggest(desk, space, request))
      assert.deepEqual(
        found.agentDescriptions.map((one) => `${one.system} ${one.name}`).toSorted(),
        fitting,
      )
      assert.deepEqual(found.systems, named(...new Set(fitting.map((one) => one.split(' ')[0]!))))
      assert.deepEqual(found.spaces, fitting.length > 0 ? named(space) : [])
      const withNulls = { text: null, propertyId: null, systemId: null, spaceId: null, ...request }
      assert.deepEqual(lasting(await suggest(desk, space, withNulls)), found)
      const query = Object.entries(request).map(([field, value]) => [parameter[field]!, value])
      assert.deepEqual(lasting(await suggestByGet(desk, space, Object.fromEntries(query))), found)
    })
  }
})

describe('Suggestions of Logspace, with capabilities', () => {
  it('describe properties and units as announced, and other agents by their events', async () => {
    const space = desk.newSpace()
    await desk.put(space, upload(orchard))
    const announced = {
      id: 'ctl',
      system: 'south7',
      space: 'not-this-one',
      'agent-capabilities': [
        {
          id: 'os/cpu',
          type: 'os/cpu',
          'trigger-types': ['Off', 'Scheduler'],
          'property-descriptions': [
            { name: 'uptime', type: 'LONG', units: { ms: 1, s: 1000 } },
            { name: 'system_cpu_load', type: 'DOUBLE' },
            { name: 'is_idle', type: 'BOOLEAN', units: {} },
          ],
        },
        { id: 'os/swap', type: 'os/swap', 'trigger-types': ['Off'], 'property-descriptions': [] },
        {
          id: 'never/fired',
          type: 'x',
          'trigger-types': ['Off'],
          'property-descriptions': [{ name: 'x', type: 'LONG' }],
        },
      ],
    }
    const put = await desk.ask({
      method: 'PUT',
      path: '/capabilities/ctl',
      key: `w:${space}`,
      body: announced,
    })
    assert.deepEqual([put.statusCode, put.body], [200, ''])
    const { agentDescriptions } = await suggest(desk, space)
    const of = (system: string, name: string) =>
      agentDescriptions.find((one) => one.system === system && one.name === name)
        ?.propertyDescriptions
    const units = [
      { name: 'ms', factor: 1 },
      { name: 's', factor: 1000 },
    ]
    assert.deepEqual(of('south7', 'os/cpu'), [
      describedAs('boolean', 'is_idle'),
      describedAs('double', 'system_cpu_load'),
      describedAs('long', 'uptime', units),
    ])
    assert.deepEqual(of('south7', 'os/swap'), [describedAs('long', 'swap_free_space')])
    assert.deepEqual(of('North-Host', 'os/cpu')?.length, 2)
    assert.equal(agentDescriptions.length, 5, 'agents come from the events')
  })

  it('have the hundred agents with the most events', async () => {
    const space = desk.newSpace()
    const few = Array.from({ length: 60 }, (_, n) => event('s', `few-${n}`))
    const many = Array.from({ length: 90 }, (_, n) => [
      event('s', `many-${n}`),
      event('s', `many-${n}`),
    ])
    await desk.put(space, upload([...few, ...many.flat()]))
    const { agentDescriptions } = await suggest(desk, space)
    assert.equal(agentDescriptions.length, 100)
    assert.equal(agentDescriptions.filter(({ name }) => name.startsWith('many-')).length, 90)
  })
})

describe('Suggestions of Logspace, after a restart', () => {
  /** What is suggested before the restart, and after it. */
  async function aroundRestart(sent: readonly string[]): Promise<[object, object]> {
    const store = openMemoryStore()
    const [first, second] = [new Desk(store), new Desk(store)]
    for (const body of sent) {
      await first.put('s', body)
      await suggest(first, 's')
    }
    const found: [object, object] = [
      lasting(await suggest(first, 's')),
      lasting(await suggest(second, 's')),
    ]
    await first.close()
    await second.close()
    return found
  }

  it('are the same', async () => {
    const folder = temporaryFolder()
    const answers: object[] = []
    for (const body of [upload(orchard), '[]']) {
      const server = new Desk(openSqliteStore({ dataFolder: folder.path }))
      await server.put('s', body)
      answers.push(lasting(await suggest(server, 's')))
      await server.close()
    }
    folder.remove()
    assert.equal((answers[0] as Suggestion).agentDescriptions.length, 5)
    assert.deepEqual(answers[1], answers[0])
  })

  it('are the same with thousands of events, of which a note is kept', async () => {
    const many = Array.from({ length: 4500 }, (_, n) =>
      event(`s${n % 7}`, `a${n % 11}`, ['long', `p${n % 13}`]),
    )
    const [one, other] = await aroundRestart([
      upload(many.slice(0, 2500)),
      upload(many.slice(2500)),
    ])
    assert.deepEqual(other, one)
  })
})
