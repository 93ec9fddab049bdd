import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  isLogspaceError,
  Logspace,
  type LogspaceDialect,
  type LogspaceEvent,
} from '@eventwell/client/logspace'
import { getText, listNative } from '../../../server/test/clients/doors.ts'
import { TestServer, type Workspace } from '../../../server/test/clients/test-server.ts'
import { all, anEvent, fullEvent, fullEventRead } from './support.ts'

let server: TestServer
before(async () => {
  server = await TestServer.start()
})
after(() => server.close())

function connect({ url, key }: Workspace, dialect?: LogspaceDialect): Logspace {
  return new Logspace({ hqUrl: url, spaceToken: key, dialect })
}

async function found(logspace: Logspace): Promise<string[]> {
  return (await all(logspace.iterateEvents())).map(({ id }) => id)
}

describe('Events by every dialect', () => {
  for (const dialect of ['documented', '0.3', '0.4'] as const) {
    it(`${dialect}: everything that an event has comes back`, async () => {
      const workspace = server.newWorkspace()
      const logspace = connect(workspace, dialect)
      await logspace.storeEvents([fullEvent])
      assert.deepEqual(await all(logspace.iterateEvents()), [fullEventRead])
      assert.deepEqual(await all(logspace.streamEvents()), [fullEventRead])
      assert.ok((await getText(workspace, '/eventwell/events')).includes('9007199254740993'))
    })
  }

  it('0.2: the same but for fractions of seconds, which it does not know', async () => {
    const workspace = server.newWorkspace()
    await connect(workspace, '0.2').storeEvents([fullEvent])
    const [event] = await all(connect(workspace).iterateEvents())
    assert.deepEqual(event, {
      ...fullEventRead,
      timestamp: new Date('2026-03-01T10:00:00Z'),
      properties: {
        ...fullEventRead.properties,
        dates: { started: [new Date('2026-03-01T09:00:00Z')] },
      },
    })
  })

  it('an address below which the dialects are, and one that ends in a slash', async () => {
    const workspace = server.newWorkspace()
    const hqUrl = `${workspace.url}/logspace/`
    const logspace = new Logspace({ hqUrl, spaceToken: workspace.key, dialect: '0.4' })
    await logspace.storeEvents([anEvent('1')])
    assert.deepEqual(await found(logspace), ['1'])
  })
})

describe('Storing', () => {
  it('is read natively, too', async () => {
    const workspace = server.newWorkspace()
    await connect(workspace).storeEvents([anEvent('1', { marker: 'blue' })])
    const [event] = await listNative(workspace, 'facet.marker=blue')
    assert.equal(event?.source, 'logspace')
    assert.equal(event?.type, 'os/cpu')
    assert.equal(event?.time, '2026-03-01T10:00:00.120Z')
  })

  it('2501 events go in three requests, and each is there once', async () => {
    const workspace = server.newWorkspace()
    const events = Array.from({ length: 2501 }, (_, n) => anEvent(`e-${10_000 + n}`))
    const logspace = connect(workspace)
    await logspace.storeEvents(events)
    await logspace.storeEvents(events)
    assert.deepEqual(
      await found(logspace),
      events.map(({ id }) => id),
    )
    const { totalCount } = await logspace.retrieveEvents({ count: 0 })
    assert.equal(totalCount, 2501)
  })

  it('an event replaces the one of its id', async () => {
    const logspace = connect(server.newWorkspace())
    await logspace.storeEvents([anEvent('1', { marker: 'old' }), anEvent('2')])
    await logspace.storeEvents([anEvent('1', { marker: 'new' })])
    const events = await all(logspace.iterateEvents())
    assert.deepEqual(
      events.map(({ id, marker }) => [id, marker]),
      [
        ['1', 'new'],
        ['2', undefined],
      ],
    )
  })

  it('nothing of a batch is sent where one event cannot be', async () => {
    const logspace = connect(server.newWorkspace())
    const bad = anEvent('2', { properties: { longs: { n: 2 ** 60 } } })
    await assert.rejects(logspace.storeEvents([anEvent('1'), bad]), {
      name: 'RangeError',
      message: /events\[1\]\.properties\.longs\["n"\]/,
    })
    assert.deepEqual(await found(logspace), [])
  })

  it('what was read may be stored elsewhere', async () => {
    const [one, other] = [connect(server.newWorkspace()), connect(server.newWorkspace())]
    await one.storeEvents([fullEvent])
    await other.storeEvents(await all(one.iterateEvents()))
    assert.deepEqual(await all(other.iterateEvents()), [fullEventRead])
  })
})

describe('Retrieving', () => {
  let logspace: Logspace
  const events: LogspaceEvent[] = Array.from({ length: 25 }, (_, n) =>
    anEvent(`e-${10 + n}`, {
      timestamp: new Date(Date.UTC(2026, 2, 1, 10, n)),
      system: n % 2 === 0 ? 'pear' : 'plum',
      properties: { longs: { n: 2n ** 60n + BigInt(n) }, strings: { tag: ['x', `t${n % 3}`] } },
    }),
  )
  const ids = (numbers: readonly number[]) => numbers.map((n) => `e-${10 + n}`)
  before(async () => {
    logspace = connect(server.newWorkspace())
    await logspace.storeEvents(events)
  })

  it('ten by default, and the rest behind its cursor', async () => {
    const first = await logspace.retrieveEvents()
    assert.equal(first.events.length, 10)
    assert.equal(first.totalCount, 25)
    const next = await logspace.retrieveEvents({ cursor: first.nextCursor, count: 1000 })
    assert.equal(next.events.length, 15)
    const last = await logspace.retrieveEvents({ cursor: next.nextCursor })
    assert.deepEqual([last.events, last.nextCursor], [[], next.nextCursor])
  })

  it('page by page', async () => {
    const list = await all(logspace.iterateEvents({ pageSize: 7 }))
    assert.deepEqual(
      list.map(({ id }) => id),
      events.map(({ id }) => id),
    )
  })

  it('as a stream, from an offset on', async () => {
    const list = await all(logspace.streamEvents({ offset: 20, count: 3 }))
    assert.deepEqual(
      list.map(({ id }) => id),
      ids([20, 21, 22]),
    )
  })

  it('a stream may be left', async () => {
    for await (const { id } of logspace.streamEvents()) {
      assert.equal(id, 'e-10')
      break
    }
  })

  for (const [what, filter, want] of [
    [
      'a value',
      [{ property: 'system', value: 'plum' }],
      [1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23],
    ],
    [
      'a range of times',
      [
        {
          property: 'timestamp',
          from: new Date(Date.UTC(2026, 2, 1, 10, 3)),
          to: new Date(Date.UTC(2026, 2, 1, 10, 5)),
        },
      ],
      [3, 4, 5],
    ],
    [
      'one end',
      [{ property: 'timestamp', from: new Date(Date.UTC(2026, 2, 1, 10, 23)) }],
      [23, 24],
    ],
    ['a long, to the digit', [{ property: 'long_property_n', value: 2n ** 60n + 7n }], [7]],
    ['any of values', [{ property: 'id', values: ['e-10', 'e-12'], operator: 'OR' }], [0, 2]],
    [
      'all of values',
      [{ property: 'string_property_tag', values: ['x', 't2'], operator: 'AND' }],
      [2, 5, 8, 11, 14, 17, 20, 23],
    ],
    [
      'several elements',
      [
        { property: 'system', value: 'pear' },
        { property: 'string_property_tag', value: 't0' },
        { property: 'timestamp', to: new Date(Date.UTC(2026, 2, 1, 10, 6)) },
      ],
      [0, 6],
    ],
  ] as const) {
    it(`by ${what}`, async () => {
      const list = await all(logspace.iterateEvents({ filter }))
      assert.deepEqual(
        list.map(({ id }) => id),
        ids(want),
      )
    })
  }
})

describe('Capabilities and orders', () => {
  const capabilities = {
    id: 'control/1',
    system: 'pear',
    agents: [
      {
        id: 'os/cpu',
        type: 'os/cpu',
        triggerTypes: ['Off', 'Scheduler'],
        properties: [{ name: 'load', type: 'double', units: { percent: 100 } }],
      },
    ],
  } as const
  const give = async ({ url, key }: Workspace, order: object) => {
    const response = await fetch(`${url}/orders/control%2F1`, {
      method: 'PUT',
      headers: { 'logspace.space-token': key },
      body: JSON.stringify(order),
    })
    assert.equal(response.status, 200, await response.text())
  }

  it('capabilities are kept as the vendor’s agents send them', async () => {
    const workspace = server.newWorkspace()
    await connect(workspace).uploadCapabilities(capabilities)
    const response = await fetch(`${workspace.url}/capabilities/control%2F1`, {
      headers: { 'logspace.space-token': workspace.key },
    })
    assert.equal(
      await response.text(),
      '{"id":"control/1","system":"pear","agent-capabilities":[{"id":"os/cpu","type":"os/cpu",' +
        '"trigger-types":["Off","Scheduler"],"property-descriptions":' +
        '[{"name":"load","type":"DOUBLE","units":{"percent":100}}]}]}',
    )
  })

  it('an order comes once, and again when there is a new one', async () => {
    const workspace = server.newWorkspace()
    const logspace = connect(workspace)
    await assert.rejects(
      logspace.orders('control/1'),
      (error) =>
        isLogspaceError(error, 'ORDER_NOT_FOUND') &&
        error.parameters['controller-id'] === 'control/1',
    )
    const agents = [
      { id: 'os/cpu', 'trigger-type': 'scheduler', 'trigger-parameter': '0/10 * * * * ?' },
    ]
    await give(workspace, { 'agent-orders': agents, 'commit-max-seconds': 60 })
    const order = await logspace.orders('control/1')
    assert.deepEqual(order, {
      agents: [{ id: 'os/cpu', triggerType: 'Scheduler', triggerParameter: '0/10 * * * * ?' }],
      commitMaxSeconds: 60,
      lastModified: order?.lastModified,
    })
    assert.ok(order?.lastModified)
    assert.equal(
      await logspace.orders('control/1', { lastModified: order.lastModified }),
      undefined,
    )
    await give(workspace, { 'commit-max-seconds': 5 })
    const next = await logspace.orders('control/1', { lastModified: order.lastModified })
    assert.deepEqual([next?.commitMaxSeconds, next?.agents], [5, []])
  })
})

describe('Refusals', () => {
  const refuses = async (call: Promise<unknown>, type: string, status: number) =>
    assert.rejects(
      call,
      (error) => isLogspaceError(error) && error.type === type && error.status === status,
    )

  it('of an unknown token, which is shown nowhere', async () => {
    const { url } = server.development
    const logspace = new Logspace({ hqUrl: url, spaceToken: 'sesame-street' })
    await assert.rejects(logspace.storeEvents([anEvent('1')]), (error) => {
      assert.ok(isLogspaceError(error, 'INVALID_SPACE_TOKEN'))
      assert.doesNotMatch(
        JSON.stringify([error, error.message, error.data, String(error.stack)]),
        /sesame/,
      )
      return error.status === 403
    })
  })

  it('of a token that may not read', async () => {
    const logspace = connect(server.newWorkspace(['write']))
    await logspace.storeEvents([anEvent('1')])
    await refuses(logspace.retrieveEvents(), 'FORBIDDEN', 403)
  })

  it('of an event that only the server can refuse', async () => {
    const logspace = connect(server.newWorkspace())
    await refuses(logspace.storeEvents([anEvent('x'.repeat(10_000))]), 'INVALID_EVENT', 400)
  })

  it('of a filter', async () => {
    const filter = [{ property: 'long_property_n', value: 'many' }] as const
    await refuses(
      connect(server.newWorkspace()).retrieveEvents({ filter }),
      'INVALID_PARAMETER_VALUE',
      400,
    )
  })
})
