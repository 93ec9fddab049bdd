import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseInstant } from '../../core/time.ts'
import { decodeEvents } from './decode.ts'
import { encodeEvent } from './encode.ts'
import { decodeList } from './read/query.ts'

const minimal = { specversion: '1.0', id: '1', source: '/svc', type: 'thing.made' }
const full = {
  ...minimal,
  subject: 'thing-1',
  time: '2026-03-01T10:00:00.123456789+02:00',
  datacontenttype: 'application/json',
  dataschema: 'https://example.com/schema',
  authid: 'person_1',
  organization: 'org_1',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  partitionkey: 'p',
  retries: 3,
  test: true,
  sequence: 'the producer’s own',
  recordedtime: '2026-03-01T10:00:01Z',
  data: { any: [1, null, { deep: '"' }] },
}

describe('native decode and encode', () => {
  it('give an event back with every attribute that it had', () => {
    const [decoded] = decodeEvents(full)
    const shown = JSON.parse(encodeEvent({ ...decoded!, position: 5, receivedAtMs: 0 }))
    assert.deepEqual(shown, full)
  })

  it('keep apart what servers noted on an event', () => {
    const stamps = { sequence: 7, recordedtime: '2026', eventwellcursor: 'c' }
    const [decoded] = decodeEvents({ ...minimal, ...stamps, cursor: 'mine', recordedby: 'x' })
    assert.deepEqual(decoded!.stamps, stamps)
    assert.deepEqual(decoded!.envelope, { cursor: 'mine', recordedby: 'x' })
    const [bare] = decodeEvents({ ...minimal, sequence: null })
    assert.deepEqual([bare!.stamps, bare!.envelope], [undefined, undefined])
  })

  it('add place and time of receipt where the producer sent none', () => {
    const [decoded] = decodeEvents([{ ...minimal, data_base64: 'AAE=' }])
    const shown = JSON.parse(encodeEvent({ ...decoded!, position: 5, receivedAtMs: 1.7e12 }))
    assert.deepEqual(shown, {
      ...minimal,
      data_base64: 'AAE=',
      sequence: '0000000000000005',
      recordedtime: '2023-11-14T22:13:20.000Z',
    })
  })

  for (const data of [null, false, 0, '', 'text', [], {}, 12.5]) {
    it(`keep the payload ${JSON.stringify(data)}`, () => {
      const [decoded] = decodeEvents({ ...minimal, data })
      const shown = JSON.parse(encodeEvent({ ...decoded!, position: 5, receivedAtMs: 0 }))
      assert.deepEqual(shown.data, data)
    })
  }

  it('show a vendor’s envelope as one extension', () => {
    const event = {
      source: 'webex',
      id: 'i',
      type: 'messages.created',
      position: 1,
      receivedAtMs: 0,
    }
    const shown = JSON.parse(encodeEvent({ ...event, envelope: { appId: 'a', errors: {} } }))
    assert.deepEqual(JSON.parse(shown.envelope), { appId: 'a', errors: {} })
  })

  const refused = [
    ['no specversion', { ...minimal, specversion: undefined }, 'specversion'],
    ['another specversion', { ...minimal, specversion: '0.3' }, 'specversion'],
    ['no id', { ...minimal, id: undefined }, 'id'],
    ['an empty source', { ...minimal, source: '' }, 'source'],
    ['a type that is a number', { ...minimal, type: 7 }, 'type'],
    ['a subject that is an object', { ...minimal, subject: {} }, 'subject'],
    ['a time that cannot be', { ...minimal, time: 'today' }, 'time'],
    ['an attribute with capitals', { ...minimal, traceParent: 'x' }, 'traceParent'],
    ['a source that is no URI reference', { ...minimal, source: 'not a uri' }, 'source'],
    ['base64 that is none', { ...minimal, data_base64: '!!' }, 'data_base64'],
    ['a schema that is a relative reference', { ...minimal, dataschema: 'schema' }, 'dataschema'],
    ['a schema with a blank', { ...minimal, dataschema: 'urn:a b' }, 'dataschema'],
    ['a stamp with structure', { ...minimal, sequence: { a: 1 } }, 'sequence'],
    ['a stamp that is a fraction', { ...minimal, eventwellcursor: 1.5 }, 'eventwellcursor'],
    ['a content type that is a number', { ...minimal, datacontenttype: 5 }, 'datacontenttype'],
    ['an attribute that is a fraction', { ...minimal, extra: 1.5 }, 'extra'],
    ['an attribute with structure', { ...minimal, extra: { a: 1 } }, 'extra'],
    [
      'very many attributes',
      { ...minimal, ...Object.fromEntries(Array.from({ length: 130 }, (_, n) => [`x${n}`, n])) },
      undefined,
    ],
    ['two payloads', { ...minimal, data: 1, data_base64: 'AAE=' }, 'data_base64'],
    ...['speakeasy', 'logspace', 'workos', 'webex'].map((source) => {
      return [`the source ${source}`, { ...minimal, source }, 'source'] as const
    }),
  ] as const
  for (const [name, event, field] of refused) {
    it(`refuse ${name}`, () => {
      const place = field === undefined ? { index: 1 } : { index: 1, field }
      assert.throws(() => decodeEvents([minimal, event]), { code: 'invalid_event', place })
    })
  }
})

describe('native query', () => {
  const decode = (query: string) => decodeList(new URLSearchParams(query)).query

  it('asks for the first hundred when nothing is said', () => {
    assert.deepEqual(decode(''), {
      facets: [],
      from: undefined,
      until: undefined,
      receivedFromMs: undefined,
      receivedUntilMs: undefined,
      words: [],
      payload: [],
      order: 'position',
      direction: 'forward',
      limit: 100,
      cursor: undefined,
    })
  })

  it('takes every parameter', () => {
    const query = decode(
      'type=a&type=b&facet.execution_id=x&from=2026-03-01T00:00:00+02:00&until=2026-03-02T00:00:00Z' +
        '&direction=backward&limit=5&after=abc&subject=a*&subject=b%5C*&q=Red,+box' +
        '&receivedFrom=2026-03-01T00:00:00.0001Z&data.a%5C.b.c=1&data.a%5C.b.c=x',
    )
    assert.deepEqual(query, {
      facets: [
        { name: 'type', values: ['a', 'b'], prefixes: [] },
        { name: 'subject', values: ['b*'], prefixes: ['a'] },
        { name: 'execution_id', values: ['x'], prefixes: [] },
      ],
      receivedFromMs: Date.parse('2026-03-01T00:00:00.001Z'),
      receivedUntilMs: undefined,
      words: ['red', 'box'],
      payload: [
        {
          paths: [['a.b', 'c']],
          as: 'text',
          ranges: [
            { from: '1', to: '1' },
            { from: 'x', to: 'x' },
          ],
        },
      ],
      from: parseInstant('2026-02-28T22:00:00Z'),
      until: parseInstant('2026-03-02T00:00:00Z'),
      order: 'position',
      direction: 'backward',
      limit: 5,
      cursor: 'abc',
    })
  })

  for (const query of [
    'unknown=1',
    'facet.=1',
    'limit=0',
    'limit=1001',
    'limit=5&limit=6',
    'direction=up',
    'from=2026-03-01',
    'until=',
    'q=+-+',
    'data.=x',
    'data.a..b=x',
  ]) {
    it(`refuses ${query}`, () => {
      const field = query.split('=')[0]
      assert.throws(() => decode(query), { code: 'invalid_query', place: { field } })
    })
  }
})
