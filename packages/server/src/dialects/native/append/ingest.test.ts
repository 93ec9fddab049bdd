import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { EventwellError } from '../../../core/errors.ts'
import { openMemoryStore } from '../../../stores/memory/index.ts'
import { MemoryApp } from '../../../../test/support/memory-app.ts'

const url = '/eventwell/events'
const event = (id: string, rest: object = {}) => ({
  specversion: '1.0',
  id,
  source: '/s',
  type: 't',
  ...rest,
})
const batchType = { 'content-type': 'application/cloudevents-batch+json' }
const linesType = { 'content-type': 'application/x-ndjson' }
const lines = (...values: readonly (object | string)[]) =>
  values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join('\n')
const sequence = (position: number) => String(position).padStart(16, '0')
const receipt = (id: string, outcome: string, position: number) => ({
  id,
  source: '/s',
  outcome,
  sequence: sequence(position),
})

const withoutReason = (result: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(result).filter(([name]) => name !== 'reason'))

let app: MemoryApp
beforeEach(() => {
  app = new MemoryApp()
})
afterEach(() => app.close())

const ids = async () => {
  const { events } = (await app.get(`${url}?limit=1000`)).json()
  return events.map(({ id }: { id: string }) => id)
}

describe('ingest of whole bodies', () => {
  const accepted: readonly [string, string, Record<string, string>][] = [
    ['an object', JSON.stringify(event('a')), { 'content-type': 'application/cloudevents+json' }],
    ['an array', JSON.stringify([event('a')]), batchType],
    ['an object as plain JSON', JSON.stringify(event('a')), { 'content-type': 'application/json' }],
    ['an array under any type', JSON.stringify([event('a')]), { 'content-type': 'a b; c' }],
    ['lines', lines(event('a')), { 'content-type': 'application/jsonl; charset=utf-8' }],
    [
      'binary mode',
      '{"x":1}',
      {
        'content-type': 'application/json',
        'ce-specversion': '1.0',
        'ce-id': 'a',
        'ce-source': '/s',
        'ce-type': 't',
      },
    ],
  ]
  for (const [name, body, headers] of accepted) {
    for (const mode of ['all', 'each']) {
      it(`${name}, mode=${mode}`, async () => {
        const response = await app.post(`${url}?mode=${mode}`, body, headers)
        assert.equal(response.statusCode, 200, response.body)
        assert.deepEqual(await ids(), ['a'])
        if (name === 'lines' && mode === 'each') return
        assert.deepEqual(response.json(), { events: [receipt('a', 'created', 1)] })
      })
    }
  }

  it('an empty array is fine, with and without a key', async () => {
    for (const headers of [{}, { 'idempotency-key': '"k"' }]) {
      for (const mode of ['all', 'each']) {
        const response = await app.post(`${url}?mode=${mode}`, '[]', { ...batchType, ...headers })
        const isReused = mode === 'each' && 'idempotency-key' in headers
        assert.equal(response.statusCode, isReused ? 422 : 200)
      }
    }
  })

  it('mode=all keeps nothing when one cannot be taken', async () => {
    await app.post(url, [event('a')])
    const invalid = await app.post(url, [event('b'), event('c', { time: 'x' })])
    assert.equal(invalid.statusCode, 400)
    assert.equal(invalid.json().errors[0].pointer, '/1/time')
    const conflict = await app.post(url, [event('b'), event('a', { data: 1 })])
    assert.equal(conflict.statusCode, 409)
    assert.deepEqual(await ids(), ['a'])
  })

  it('mode=each keeps what can be taken, and says why not in the order sent', async () => {
    await app.post(url, [event('a')])
    const body = [
      7,
      event('a', { data: 'other' }),
      event('b'),
      event('c', { time: 'x' }),
      event('a'),
      event('', { source: 5 }),
      event('d', { authid: 'x'.repeat(3000) }),
      event('e', { source: 'webex' }),
    ]
    const response = await app.post(`${url}?mode=each`, body, batchType)
    assert.equal(response.statusCode, 207)
    const { events } = response.json()
    for (const { outcome, reason = '' } of events) {
      assert.equal(reason.length > 9, outcome === 'rejected')
    }
    assert.deepEqual(events.map(withoutReason), [
      { index: 0, outcome: 'rejected', pointer: '/0' },
      receipt('a', 'conflict', 1),
      receipt('b', 'created', 2),
      { index: 3, id: 'c', source: '/s', outcome: 'rejected', pointer: '/3/time' },
      receipt('a', 'exists', 1),
      { index: 5, id: '', outcome: 'rejected', pointer: '/5/source' },
      { index: 6, id: 'd', source: '/s', outcome: 'rejected', pointer: '/6/authid' },
      {
        index: 7,
        id: 'e',
        source: 'webex',
        outcome: 'rejected',
        pointer: '/7/source',
      },
    ])
    assert.deepEqual(await ids(), ['a', 'b'])
  })

  it('mode=each in binary mode names the header', async () => {
    const headers = { 'ce-specversion': '1.0', 'ce-id': 'a', 'ce-source': '/s', 'ce-type': 't' }
    const response = await app.post(`${url}?mode=each`, '', { ...headers, 'ce-time': 'x' })
    assert.equal(response.statusCode, 207)
    const [{ reason, ...rest }] = response.json().events
    assert.deepEqual(rest, { outcome: 'rejected', parameter: 'ce-time', id: 'a', source: '/s' })
    assert.match(reason, /^ce-time must be/)
  })

  const wrongTime = event('a', { time: 'x' })
  const binaryHeaders = { 'ce-specversion': '1.0', 'ce-id': 'a', 'ce-source': '/s', 'ce-type': 't' }
  const wrongActor = 'x'.repeat(3000)
  const placed: readonly [string, object | string, Record<string, string>, object][] = [
    ['a body that is one event', wrongTime, {}, { pointer: '/time' }],
    ['one event with a long actor', event('a', { authid: wrongActor }), {}, { pointer: '/authid' }],
    ['an array of one', [wrongTime], {}, { index: 0, pointer: '/0/time' }],
    ['one line', lines(wrongTime), linesType, { index: 0, pointer: '/0/time' }],
    ['binary mode', '', { ...binaryHeaders, 'ce-time': 'x' }, { parameter: 'ce-time' }],
    ['binary mode with a long actor', '', { ...binaryHeaders, 'ce-authid': wrongActor }, { parameter: 'ce-authid' }],
  ] // prettier-ignore
  for (const [name, body, headers, place] of placed) {
    it(`says where ${name} is wrong, with either mode`, async () => {
      const all = (await app.post(`${url}?mode=all`, body, headers)).json()
      const { errors: [{ detail: _, ...fault }] = [{}], parameter } = all
      assert.deepEqual({ ...fault, ...(parameter !== undefined && { parameter }) }, place)
      const each = (await app.post(`${url}?mode=each`, body, headers)).json()
      const [{ index, pointer, parameter: header }] = each.events ?? each.faults
      assert.deepEqual(JSON.parse(JSON.stringify({ index, pointer, parameter: header })), place)
    })
  }

  it('says where one event is in conflict', async () => {
    await app.post(url, event('a'))
    const changed = await app.post(url, event('a', { data: 'other' }))
    assert.equal(changed.statusCode, 409)
    const [{ detail: _, ...place }] = changed.json().errors
    assert.deepEqual(place, { pointer: '/id' })
  })

  const refused: readonly [string, string, string, Record<string, string>, number, string][] = [
    ['an unknown parameter', '?color=red', '[]', {}, 400, 'invalid_query'],
    ['another mode', '?mode=some', '[]', {}, 400, 'invalid_query'],
    ['an empty body', '', '', {}, 400, 'invalid_json'],
    ['an empty body, mode=each', '?mode=each', '', {}, 400, 'invalid_json'],
    ['a number, mode=each', '?mode=each', '7', {}, 400, 'invalid_event'],
    ['an encoding that is not read', '', '[]', { 'content-encoding': 'br' }, 415, 'unsupported_encoding'],
    ['two encodings', '', '[]', { 'content-encoding': 'gzip, gzip' }, 415, 'unsupported_encoding'],
    ['what is not gzip', '', '[]', { 'content-encoding': 'gzip' }, 400, 'invalid_json'],
    ['what is not zstd', '', '[]', { 'content-encoding': 'ZSTD' }, 400, 'invalid_json'],
    ['CloudEvents in Avro', '', 'x', { 'content-type': 'application/cloudevents+avro' }, 415, 'unsupported_encoding'],
    ['a key for a stream', '', '{}', { ...linesType, 'idempotency-key': 'k' }, 400, 'invalid_query'],
    ['a broken line, mode=all', '?mode=all', '\n{', linesType, 400, 'invalid_json'],
  ] // prettier-ignore
  for (const [name, query, body, headers, status, code] of refused) {
    it(`refuses ${name}`, async () => {
      const response = await app.post(url + query, body, headers)
      assert.deepEqual([response.statusCode, response.json().code], [status, code])
      assert.deepEqual(await ids(), [])
    })
  }

  it('mode=all of lines names the line', async () => {
    await app.post(url, [event('a')])
    const mode = `${url}?mode=all`
    const broken = await app.post(
      mode,
      lines('', event('b'), '', event('c', { time: 'x' })),
      linesType,
    )
    assert.equal(broken.json().errors[0].pointer, '/3/time')
    const conflict = await app.post(
      mode,
      lines('', event('b'), '', event('a', { data: 1 })),
      linesType,
    )
    assert.equal(conflict.statusCode, 409)
    assert.equal(conflict.json().errors[0].pointer, '/3/id')
    assert.deepEqual(await ids(), ['a'])
    const taken = await app.post(mode, lines('', event('b'), event('c'), ''), linesType)
    assert.deepEqual(taken.json().events, [receipt('b', 'created', 2), receipt('c', 'created', 3)])
  })

  for (const [encoding, compress] of [
    ['gzip', gzipSync],
    ['Zstd', zstdCompressSync],
    ['identity', Buffer.from],
  ] as const) {
    it(`takes ${encoding}, and two parts of it in a row`, async () => {
      const text = `[${JSON.stringify(event('a', { data: 'é' }))},`
      const rest = `${JSON.stringify(event('b'))}]`
      const body = Buffer.concat([compress(Buffer.from(text)), compress(Buffer.from(rest))])
      const response = await app.post(url, body, { ...batchType, 'content-encoding': encoding })
      assert.equal(response.statusCode, 200, response.body)
      assert.deepEqual(await ids(), ['a', 'b'])
    })
  }

  for (const [encoding, compress] of [
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ] as const) {
    it(`refuses ${encoding} that was cut anywhere, or has something behind it`, async () => {
      const whole = compress(Buffer.from(JSON.stringify([event('a')])))
      const headers = { ...batchType, 'content-encoding': encoding }
      for (let bytes = 0; bytes < whole.length; bytes++) {
        const response = await app.post(url, whole.subarray(0, bytes), headers)
        assert.equal(response.json().code, 'invalid_json', `${bytes} of ${whole.length}`)
      }
      const response = await app.post(url, Buffer.concat([whole, Buffer.from('more')]), headers)
      assert.equal(response.json().code, 'invalid_json')
      assert.deepEqual(await ids(), [])
    })
  }
})

describe('ingest of lines', () => {
  it('keeps what can be taken, and lists the rest by line', async () => {
    await app.post(url, [event('a')])
    const body = lines(
      '\ufeff' + JSON.stringify(event('b')),
      '',
      '{"id":',
      event('a', { data: 1 }),
      event('c', { time: 'x' }),
      '[]',
      event('a'),
    )
    const response = await app.post(url, body.replaceAll('\n', '\r\n'), linesType)
    assert.equal(response.statusCode, 207, response.body)
    const { faults, ...counts } = response.json()
    assert.deepEqual(counts, { created: 1, exists: 1, conflict: 1, rejected: 3 })
    const { id, source, outcome, sequence: at } = receipt('a', 'conflict', 1)
    assert.deepEqual(faults.map(withoutReason), [
      { index: 2, outcome: 'rejected', pointer: '/2' },
      { index: 3, id, source, outcome, sequence: at, pointer: '/3/id' },
      { index: 4, id: 'c', source: '/s', outcome: 'rejected', pointer: '/4/time' },
      { index: 5, outcome: 'rejected', pointer: '/5' },
    ])
    assert.deepEqual(await ids(), ['a', 'b'])
  })

  it('takes many batches, and lists no more than a thousand faults', async () => {
    const values = Array.from({ length: 5000 }, (_, index) =>
      index % 2 === 0 ? event(`e${index}`) : '{}',
    )
    const response = await app.post(url, lines(...values), linesType)
    const { faults, ...counts } = response.json()
    const rest = { exists: 0, conflict: 0, moreFaults: true }
    assert.deepEqual(counts, { created: 2500, rejected: 2500, ...rest })
    assert.equal(faults.length, 1000)
    assert.equal(faults[999].index, 1999)
  })

  it('nothing is fine', async () => {
    const response = await app.post(url, '\n\n', linesType)
    assert.equal(response.statusCode, 200)
    assert.deepEqual(response.json(), {
      created: 0,
      exists: 0,
      conflict: 0,
      rejected: 0,
      faults: [],
    })
  })

  it('mode=all takes no more than one append', async () => {
    await app.close()
    app = new MemoryApp({ limits: { appendEventsMax: 2 } })
    const three = lines(event('a'), event('b'), event('c'))
    const refused = await app.post(`${url}?mode=all`, three, linesType)
    assert.deepEqual([refused.statusCode, refused.json().code], [413, 'too_large'])
    assert.deepEqual(await ids(), [])
    const two = await app.post(`${url}?mode=all`, lines(event('a'), event('b')), linesType)
    assert.equal(two.statusCode, 200)
  })

  it('says what was kept before the log refused', async () => {
    await app.close()
    const store = openMemoryStore()
    let appends = 0
    const append: typeof store.append = async (...args) => {
      appends += 1
      if (appends === 3) throw new EventwellError('storage_full', 'The disk is full.')
      return store.append(...args)
    }
    app = new MemoryApp({ store: { ...store, append } })
    const values = Array.from({ length: 2500 }, (_, index) => event(`e${index}`))
    const response = await app.post(url, lines('', ...values), linesType)
    assert.equal(response.statusCode, 503)
    assert.equal(response.headers['retry-after'], '30')
    assert.match(String(response.headers['content-type']), /problem\+json/)
    const { code, lines: dealtWith, created, detail } = response.json()
    assert.deepEqual([code, dealtWith, created], ['storage_full', 2001, 2000])
    assert.match(detail, /The first 2001 lines were dealt with/)
  })

  it('appends large events few at a time', async () => {
    await app.close()
    const store = openMemoryStore()
    const counts: number[] = []
    const append: typeof store.append = async (workspace, events, ...rest) => {
      counts.push(events.length)
      return store.append(workspace, events, ...rest)
    }
    app = new MemoryApp({ store: { ...store, append } })
    const data = 'x'.repeat(1024 * 1024)
    const values = Array.from({ length: 9 }, (_, index) => event(`e${index}`, { data }))
    const response = await app.post(url, lines(...values), linesType)
    assert.equal(response.json().created, 9)
    assert.deepEqual(counts, [4, 4, 1])
  })

  it('refuses a line over its bound, and says what came before', async () => {
    await app.close()
    app = new MemoryApp({ limits: { eventCharsMax: 100 } })
    const response = await app.post(url, lines(event('a'), 'x'.repeat(100_000)), linesType)
    assert.deepEqual([response.statusCode, response.json().code], [413, 'too_large'])
    assert.equal(response.json().errors[0].index, 1)
  })

  it('a body that was cut keeps whole batches', async () => {
    const values = Array.from({ length: 1500 }, (_, index) =>
      event(`e${index}`, { data: Math.random() }),
    )
    const whole = gzipSync(lines(...values))
    const headers = { ...linesType, 'content-encoding': 'gzip' }
    const response = await app.post(url, whole.subarray(0, whole.length - 1), headers)
    const { code, lines: dealtWith, created } = response.json()
    assert.deepEqual([code, dealtWith, created], ['invalid_json', 1000, 1000])
  })
})

describe('trace context of a request', () => {
  const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const own = '00-11111111111111111111111111111111-2222222222222222-00'
  for (const [type, write] of [
    [batchType, JSON.stringify],
    [linesType, (events: readonly object[]) => lines(...events)],
  ] as const) {
    it(`is shown on events that say none, sent as ${type['content-type']}`, async () => {
      const body = write([event('a'), event('b', { traceparent: own })])
      await app.post(url, body, { ...type, traceparent: parent, tracestate: 'x=1' })
      await app.post(url, [event('a')], { traceparent: own })
      await app.post(url, [event('c')], { traceparent: 'nonsense' })
      const { events } = (await app.get(url)).json()
      assert.deepEqual(
        events.map((shown: Record<string, string>) => [shown['traceparent'], shown['tracestate']]),
        [
          [parent, 'x=1'],
          [own, undefined],
          [undefined, undefined],
        ],
      )
    })
  }
})
