import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import {
  isAnswerError,
  isHttpError,
  isLogspaceError,
  isNetworkError,
  isTimeoutError,
  Logspace,
  type LogspaceOptions,
} from '@eventwell/client/logspace'
import { ManualClock } from '../support/manual-clock.ts'
import type { Recorded } from '../support/replay.ts'
import { ReplayServer } from '../support/replay-server.ts'
import { all, anEvent } from './support.ts'

// What HQ answers, as its sources and its pages have it, and what the vendor's agents send it.

const html = { 'content-type': 'text/html; charset=utf-8' }
const failedPage = '<html><body><h2>500 Internal Error</h2></body></html>'
const stored: Recorded = { status: 202, body: '""' }

async function replay(
  context: TestContext,
  answers: readonly Recorded[],
  options: Partial<LogspaceOptions> = {},
) {
  const server = await ReplayServer.start(answers)
  context.after(() => server.close())
  const clock = new ManualClock()
  const logspace = new Logspace({ hqUrl: server.url, spaceToken: 'sesame', clock, ...options })
  return { logspace, clock, requests: server.requests }
}

describe('What is sent', () => {
  for (const [dialect, method, path] of [
    ['0.2', 'POST', '/events'],
    ['documented', 'PUT', '/events'],
    ['0.3', 'PUT', '/events'],
    ['0.4', 'PUT', '/api/events'],
  ] as const) {
    it(`an upload, by ${dialect}, is the agents’`, async (context) => {
      const { logspace, requests } = await replay(context, [stored], { dialect })
      await logspace.storeEvents([anEvent('1')])
      const [request, ...others] = requests
      assert.deepEqual(others, [])
      assert.deepEqual([request?.method, request?.path], [method, path])
      assert.partialDeepStrictEqual(request?.headers, {
        'logspace.space-token': 'sesame',
        accept: 'application/json',
        'content-type': 'application/json; charset=UTF-8',
        'content-length': String(request?.body.length),
      })
      assert.equal(request?.headers['transfer-encoding'], undefined)
      const timestamp = dialect === '0.2' ? '2026-03-01T10:00:00Z' : '2026-03-01T10:00:00.120Z'
      assert.equal(
        request?.body,
        `[{"id":"1","type":"os/cpu","system":"pear","agent-id":"os/cpu","timestamp":"${timestamp}"}]`,
      )
    })
  }

  it('capabilities without agents', async (context) => {
    const { logspace, requests } = await replay(context, [{ status: 200, body: 'null' }])
    await logspace.uploadCapabilities({ id: 'a b', system: 'pear', agents: [] })
    assert.deepEqual(
      requests.map(({ method, path, body }) => [method, path, body]),
      [['PUT', '/capabilities/a%20b', '{"id":"a b","system":"pear"}']],
    )
  })

  it('a question for orders, with the time of the last answer to the letter', async (context) => {
    const lastModified = 'Sun, 01 Mar 2026 10:00:00 GMT'
    const body = {
      'agent-orders': [{ id: 'z', 'trigger-type': 'OFF' }],
      'commit-max-count': 5,
      'commit-max-seconds': 60,
    }
    const { logspace, requests } = await replay(context, [
      { status: 200, headers: { 'last-modified': lastModified }, body },
      { status: 304 },
    ])
    const order = await logspace.orders('ctl')
    assert.deepEqual(order, {
      agents: [{ id: 'z', triggerType: 'Off' }],
      commitMaxSeconds: 60,
      lastModified,
    })
    assert.equal(await logspace.orders('ctl', { lastModified }), undefined)
    assert.deepEqual(
      requests.map(({ method, path, headers }) => [method, path, headers['if-modified-since']]),
      [
        ['GET', '/orders/ctl', undefined],
        ['GET', '/orders/ctl', lastModified],
      ],
    )
  })

  it('a filter, without which everything is retrieved', async (context) => {
    const page = { totalCount: 0, nextCursorMark: '*', events: [] }
    const { logspace, requests } = await replay(
      context,
      [page, page].map((body) => ({ status: 200, body })),
    )
    await logspace.retrieveEvents()
    const filter = [
      { property: 'system', value: '' },
      {
        property: 'timestamp',
        from: new Date('2026-03-01T10:00:00Z'),
        to: '2026-03-02T00:00:00.000Z',
      },
      { property: 'double_property_load', values: [0.5, 1n, true], operator: 'OR' },
    ] as const
    await logspace.retrieveEvents({ filter, count: 5, cursor: 'a+b' })
    assert.deepEqual(
      requests.map(({ method, path, body }) => [method, path, body]),
      [
        ['POST', '/events', '{"elements":[]}'],
        [
          'POST',
          '/events?count=5&cursor=a%2Bb',
          '{"elements":[{"property":"system","value":""},' +
            '{"property":"timestamp","from":"2026-03-01T10:00:00.000Z","to":"2026-03-02T00:00:00.000Z"},' +
            '{"property":"double_property_load","values":["0.5","1","true"],"operator":"OR"}]}',
        ],
      ],
    )
  })

  it('no events, no request', async (context) => {
    const { logspace, requests } = await replay(context, [])
    await logspace.storeEvents([])
    assert.deepEqual(requests, [])
  })
})

describe('What HQ answers', () => {
  it('an upload: nothing, "" or null with 202', async (context) => {
    const bodies = [undefined, '""', 'null']
    const answers = bodies.map((body) => ({ status: 202, ...(body !== undefined && { body }) }))
    const { logspace, requests } = await replay(context, answers)
    for (const _ of bodies) await logspace.storeEvents([anEvent('1')])
    assert.equal(requests.length, 3)
  })

  for (const status of [200, 201, 204]) {
    it(`an upload with ${status} may not be stored, and is no success`, async (context) => {
      const { logspace, requests } = await replay(context, [{ status }])
      await assert.rejects(logspace.storeEvents([anEvent('1')]), isAnswerError)
      assert.equal(requests.length, 1)
    })
  }

  it('a page, as release 0.3 writes it', async (context) => {
    const body =
      '{"totalCount":225337,"nextCursorMark":"AoE","events":[{"id":"1","type":"jvm/statistics","system":"h",' +
      '"agent-id":"jvm/a","timestamp":"2015-05-18T14:07:00.000Z","marker":"blue",' +
      '"double-properties":{"process_cpu_load":[NaN]},"long-properties":{"max_heap_memory":[9223372036854775807]}}]}'
    const { logspace } = await replay(context, [{ status: 200, body }])
    const page = await logspace.retrieveEvents()
    assert.deepEqual([page.totalCount, page.nextCursor], [225337, 'AoE'])
    const { doubles, longs } = page.events[0]!.properties
    assert.deepEqual(
      [doubles, longs],
      [{ process_cpu_load: [NaN] }, { max_heap_memory: [2n ** 63n - 1n] }],
    )
  })

  const refusals: readonly [Recorded, type: string | undefined, message: RegExp][] = [
    [
      {
        status: 403,
        body: { type: 'MISSING_SPACE_TOKEN', message: "Missing header 'logspace.space-token'." },
      },
      'MISSING_SPACE_TOKEN',
      /Missing header/,
    ],
    [
      {
        status: 403,
        body: {
          type: 'INVALID_SPACE_TOKEN',
          message: "Unrecognized space-token 'sesame'.",
          parameters: { 'space-token': 'sesame' },
        },
      },
      'INVALID_SPACE_TOKEN',
      /answered 403: The space token is not known/,
    ],
    [
      {
        status: 500,
        body: {
          type: 'EVENT_STORAGE_FAILED',
          message: 'Failed to store 1 events.',
          parameters: { cause: 'x' },
        },
      },
      'EVENT_STORAGE_FAILED',
      /answered 500: Failed to store/,
    ],
    [{ status: 500, headers: html, body: failedPage }, undefined, /answered 500: <html>/],
    [
      { status: 404, headers: html, body: '<html><body><h2>404 Not found</h2></body></html>' },
      undefined,
      /404/,
    ],
    [
      { status: 302, headers: { location: 'https://elsewhere.example' } },
      undefined,
      /302: a redirect/,
    ],
  ]
  for (const [answer, type, message] of refusals) {
    it(`${answer.status} ${type ?? 'without a type'}`, async (context) => {
      const { logspace } = await replay(context, [answer], { retry: false })
      await assert.rejects(logspace.storeEvents([anEvent('1')]), (error) => {
        assert.ok(isHttpError(error))
        assert.equal(isLogspaceError(error) ? error.type : undefined, type)
        assert.match(error.message, message)
        assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)}`, /sesame/)
        return error.status === answer.status
      })
    })
  }

  it('a page of something else', async (context) => {
    const { logspace } = await replay(context, [
      { status: 200, headers: html, body: '<html>' },
      { status: 200, body: [] },
      { status: 200, body: { events: [{ id: 1 }] } },
      { status: 200, body: '['.repeat(1_000_000) },
    ])
    for (let times = 0; times < 4; times += 1)
      await assert.rejects(logspace.retrieveEvents(), isAnswerError)
    await assert.rejects(logspace.orders('ctl'), isHttpError)
  })

  it('an order that no agent takes', async (context) => {
    const { logspace } = await replay(context, [{ status: 200, body: { 'agent-orders': [] } }])
    await assert.rejects(logspace.orders('ctl'), isAnswerError)
  })
})

describe('Sending again', () => {
  it('after what may pass, with the same events, as long as the server asks to wait', async (context) => {
    const { logspace, clock, requests } = await replay(context, [
      { status: 429, headers: { 'retry-after': '7' } },
      { status: 500, headers: html, body: failedPage },
      { status: 202, isBroken: true },
      stored,
    ])
    await logspace.storeEvents([anEvent('1')])
    assert.equal(new Set(requests.map(({ body }) => body)).size, 1)
    assert.deepEqual(clock.sleptMs, [7000, 1000, 2000])
  })

  it('three times at most', async (context) => {
    const { logspace, requests } = await replay(
      context,
      Array.from({ length: 9 }, () => ({ status: 503 })),
    )
    await assert.rejects(
      logspace.storeEvents([anEvent('1')]),
      (error) => isHttpError(error) && error.status === 503,
    )
    assert.equal(requests.length, 4)
  })

  it('never after what stays', async (context) => {
    const { logspace, requests } = await replay(context, [{ status: 400 }, { status: 403 }])
    await assert.rejects(logspace.storeEvents([anEvent('1')]), isHttpError)
    await assert.rejects(logspace.storeEvents([anEvent('1')]), isHttpError)
    assert.equal(requests.length, 2)
  })

  it('of several requests only the one that failed', async (context) => {
    const { logspace, requests } = await replay(context, [stored, { status: 503 }, stored])
    await logspace.storeEvents(Array.from({ length: 1001 }, (_, n) => anEvent(`e-${n}`)))
    assert.deepEqual(
      requests.map(({ body }) => (JSON.parse(body) as unknown[]).length),
      [1000, 1, 1],
    )
  })

  it('a list that does not go on ends', async (context) => {
    const event = { id: '1', system: 'h', 'agent-id': 'a', timestamp: '2015-05-18T14:07:00.000Z' }
    const page = (nextCursorMark: string) => ({
      status: 200,
      body: { totalCount: 1, nextCursorMark, events: [event] },
    })
    const { logspace, requests } = await replay(context, [page('a'), page('a')])
    assert.equal((await all(logspace.iterateEvents())).length, 2)
    assert.deepEqual(
      requests.map(({ path }) => path),
      ['/events?count=1000&cursor=*', '/events?count=1000&cursor=a'],
    )
  })

  it('a list that says that there is more, and not where, is none', async (context) => {
    const event = { id: '1', system: 'h', 'agent-id': 'a', timestamp: '2015-05-18T14:07:00.000Z' }
    const page = (totalCount: number, more: object = {}) => {
      return { status: 200, body: { totalCount, events: [event], ...more } }
    }
    const answers = [page(2, { nextCursorMark: 'a' }), page(2), page(3)]
    const { logspace } = await replay(context, answers)
    assert.equal((await all(logspace.iterateEvents())).length, 2)
    await assert.rejects(all(logspace.iterateEvents()), (error) => {
      assert.match(String(error), /no nextCursorMark, after 1 of 3 events/)
      return isAnswerError(error)
    })
  })

  it('a list that is begun in the middle is not counted: its last page may have no mark', async (context) => {
    const event = { id: '1', system: 'h', 'agent-id': 'a', timestamp: '2015-05-18T14:07:00.000Z' }
    const { logspace } = await replay(context, [
      { status: 200, body: { totalCount: 9, events: [event] } },
      { status: 200, body: { totalCount: 9, events: [], nextCursorMark: 'b' } },
    ])
    assert.equal((await all(logspace.iterateEvents({ cursor: 'a' }))).length, 1)
    assert.equal((await all(logspace.iterateEvents({ cursor: 'a' }))).length, 0)
  })

  it('a list that has events, and gives none, is none', async (context) => {
    const empty = { status: 200, body: { totalCount: 2, events: [], nextCursorMark: '*' } }
    const { logspace } = await replay(context, [empty])
    await assert.rejects(all(logspace.iterateEvents()), (error) => {
      assert.match(String(error), /no events, though there are 2/)
      return isAnswerError(error)
    })
  })

  for (const [what, marks, answers] of [
    ['of two', ['a', 'b', 'a'], 3],
    ['back to the beginning', ['a', '*'], 2],
  ] as const) {
    it(`a list that goes in a circle ${what} is no list`, async (context) => {
      const event = { id: '1', system: 'h', 'agent-id': 'a', timestamp: '2015-05-18T14:07:00.000Z' }
      const pages = marks.map((nextCursorMark) => ({
        status: 200,
        body: { totalCount: 1, nextCursorMark, events: [event] },
      }))
      const { logspace, requests } = await replay(context, pages)
      await assert.rejects(all(logspace.iterateEvents()), (error) => {
        assert.match(String(error), /leads back/)
        return isAnswerError(error)
      })
      assert.equal(requests.length, answers)
    })
  }
})

describe('A stream', () => {
  const one = (id: string) =>
    `{"id":"${id}","system":"h","agent-id":"a","timestamp":"2015-05-18T14:07:00.000Z"}`
  async function serve(context: TestContext, ...pieces: (string | undefined)[]): Promise<Logspace> {
    const server = createServer((_, reply) => {
      reply.writeHead(200, { 'content-type': 'application/json;charset=UTF-8' })
      for (const piece of pieces) {
        if (piece === undefined) return void setImmediate(() => reply.destroy())
        reply.write(piece)
      }
      reply.end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    context.after(() => {
      server.closeAllConnections()
      server.close()
    })
    const hqUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    return new Logspace({ hqUrl, spaceToken: 'sesame', clock: new ManualClock() })
  }

  it('gives events as they come', async (context) => {
    const logspace = await serve(context, `[${one('1')}, {"id`, one('2').slice(4), ']')
    assert.deepEqual(
      (await all(logspace.streamEvents())).map(({ id }) => id),
      ['1', '2'],
    )
  })

  for (const [what, pieces] of [
    ['breaks off', [`[${one('1')},`, undefined]],
    ['ends too soon', [`[${one('1')}, `]],
    ['is empty', []],
  ] as const) {
    it(`that ${what} is no success`, async (context) => {
      const logspace = await serve(context, ...pieces)
      const ids: string[] = []
      const reading = (async () => {
        for await (const { id } of logspace.streamEvents()) ids.push(id)
      })()
      await assert.rejects(reading, isNetworkError)
      assert.ok(ids.length <= 1)
    })
  }

  it('of something else is no stream', async (context) => {
    const logspace = await serve(context, '<html>')
    await assert.rejects(all(logspace.streamEvents()), isAnswerError)
    const odd = await serve(context, '[{"id":1}]')
    await assert.rejects(all(odd.streamEvents()), isAnswerError)
  })

  it('ends with its signal', async (context) => {
    const logspace = await serve(context, `[${one('1')},`, ' '.repeat(10))
    const controller = new AbortController()
    const reason = new Error('That is enough.')
    const reading = (async () => {
      for await (const _ of logspace.streamEvents({ signal: controller.signal }))
        controller.abort(reason)
    })()
    await assert.rejects(reading, reason)
  })

  /** A client whose `fetch` takes no notice of signals, and answers with this, then with silence. */
  const heedless = (text: string) => {
    let isCancelled = false
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode(text)),
      cancel: () => {
        isCancelled = true
      },
    })
    const fetch = async () => new Response(body)
    const logspace = new Logspace({ hqUrl: 'http://127.0.0.1:9', spaceToken: 'sesame', fetch })
    return { logspace, isCancelled: () => isCancelled }
  }
  const promptly = { timeout: 5000 }

  it('ends with its signal where fetch takes no notice of it', promptly, async () => {
    const { logspace, isCancelled } = heedless(`[${one('1')},`)
    const controller = new AbortController()
    const reason = new Error('That is enough.')
    const reading = (async () => {
      for await (const _ of logspace.streamEvents({ signal: controller.signal }))
        setTimeout(() => controller.abort(reason))
    })()
    await assert.rejects(reading, reason)
    assert.ok(isCancelled())
  })

  it('ends with its array, though the connection stays open', promptly, async () => {
    const { logspace, isCancelled } = heedless(`[${one('1')}]`)
    assert.equal((await all(logspace.streamEvents({ silenceMs: Infinity }))).length, 1)
    assert.ok(isCancelled())
  })

  it('that falls silent has a bound', promptly, async () => {
    const { logspace, isCancelled } = heedless(`[${one('1')},`)
    await assert.rejects(all(logspace.streamEvents({ silenceMs: 20 })), isTimeoutError)
    assert.ok(isCancelled())
  })

  it('that is too deep is none', async (context) => {
    const logspace = await serve(context, `[${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}]`)
    await assert.rejects(all(logspace.streamEvents()), (error) => {
      assert.match(String(error), /more than 100 levels deep/)
      return isAnswerError(error)
    })
  })
})

describe('Mistakes are told at once', () => {
  const options = { hqUrl: 'http://127.0.0.1:9', spaceToken: 'sesame' }
  for (const [what, given, name] of [
    ['no token', { ...options, spaceToken: undefined }, 'TypeError'],
    ['a blank token', { ...options, spaceToken: ' ' }, 'TypeError'],
    ['a token of two lines', { ...options, spaceToken: 'open\nsesame' }, 'TypeError'],
    ['no address', { ...options, hqUrl: 'localhost' }, 'TypeError'],
    ['a dialect that there is not', { ...options, dialect: 'C' }, 'RangeError'],
    ['a time that is none', { ...options, timeoutMs: 0 }, 'RangeError'],
    ['an option that there is not', { ...options, timeout: 1 }, 'TypeError'],
    ['the token alone', 'sesame', 'TypeError'],
  ] as const) {
    it(what, () => {
      const make = () => new Logspace(given as unknown as LogspaceOptions)
      assert.throws(make, (error: Error) => error.name === name && !/sesame/.test(error.message))
    })
  }

  const logspace = new Logspace(options)
  for (const [what, call, name, message = /./] of [
    ['a count of 1001', () => logspace.retrieveEvents({ count: 1001 }), 'RangeError'],
    [
      'a filter of nothing',
      () => logspace.retrieveEvents({ filter: [{ property: 'id' }] as never }),
      'TypeError',
    ],
    [
      'a filter of no property',
      () => logspace.retrieveEvents({ filter: [{ value: 'x' }] as never }),
      'TypeError',
    ],
    ['a slip', () => logspace.retrieveEvents({ filters: [] } as never), 'TypeError'],
    [
      'a slip in a condition',
      () => logspace.retrieveEvents({ filter: [{ property: 'id', value: '1', form: 1 }] as never }),
      'TypeError',
    ],
    [
      'a time of five digits',
      () => logspace.retrieveEvents({ filter: [{ property: 'id', value: new Date(1e15) }] }),
      'RangeError',
    ],
    ['a controller without a name', () => logspace.orders(''), 'TypeError'],
    ['half a character as a controller', () => logspace.orders('\ud800'), 'RangeError'],
    [
      'capabilities of half a character',
      () => logspace.uploadCapabilities({ id: 'a\udc00', system: 'pear', agents: [] }),
      'RangeError',
    ],
    ['a controller that leads elsewhere', () => logspace.orders('..'), 'RangeError'],
    [
      'capabilities of no system',
      () => logspace.uploadCapabilities({ id: 'c', agents: [] } as never),
      'TypeError',
    ],
    [
      'capabilities of no agents',
      () => logspace.uploadCapabilities({ id: 'c', system: 'pear' } as never),
      'TypeError',
      /^capabilities\.agents must be an array/,
    ],
    [
      'one event',
      () => logspace.storeEvents(anEvent('1') as never),
      'TypeError',
      /^events must be an array/,
    ],
  ] as const) {
    it(what, () => assert.rejects(call, { name, message }))
  }

  // At once, and not at the first step of a loop.
  for (const [what, call, name] of [
    ['a page of none', () => logspace.iterateEvents({ pageSize: 0 }), 'RangeError'],
    ['an empty cursor', () => logspace.iterateEvents({ cursor: '' }), 'TypeError'],
    ['a filter for a page', () => logspace.iterateEvents({ filter: {} as never }), 'TypeError'],
    ['a filter slip', () => logspace.iterateEvents({ filters: [] } as never), 'TypeError'],
    ['an offset below 0', () => logspace.streamEvents({ offset: -1 }), 'RangeError'],
    ['a silence of no time', () => logspace.streamEvents({ silenceMs: 0 }), 'RangeError'],
    ['a stream slip', () => logspace.streamEvents({ ofset: 1 } as never), 'TypeError'],
  ] as const) {
    it(`${what}, in what is iterated`, () => assert.throws(call, { name }))
  }

  it('and the token is in no text of a client', () => {
    assert.doesNotMatch(`${JSON.stringify(logspace)} ${String(logspace)}`, /sesame/)
  })
})
