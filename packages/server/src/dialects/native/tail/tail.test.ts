import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { tailParameters } from './tail.ts'
import { retryFrame, sseSpelling } from './tail-frames.ts'

describe('a tail as server-sent events', () => {
  const event = { source: '/s', id: '1', type: 'a\nb', position: 7, receivedAtMs: 0 }
  for (const [name, bytes, text] of [
    ['how soon to come back', retryFrame, 'retry: 1000\n\n'],
    ['a heartbeat', sseSpelling.beat(), ': \n\n'],
    [
      'an event on one line, without a name',
      sseSpelling.event({ ...event, data: '{"text":"a\\r\\nb"}' }, 'c7'),
      'id: c7\ndata: {"specversion":"1.0","id":"1","source":"/s","type":"a\\nb",' +
        '"sequence":"0000000000000007","recordedtime":"1970-01-01T00:00:00.000Z",' +
        '"data":{"text":"a\\r\\nb"}}\n\n',
    ],
    [
      'progress',
      sseSpelling.progress('c7', true),
      'event: progress\nid: c7\ndata: {"cursor":"c7","caughtUp":true}\n\n',
    ],
    [
      'a gap',
      sseSpelling.gap('c7', 12),
      'event: gap\nid: c7\ndata: {"cursor":"c7","through":"0000000000000012"}\n\n',
    ],
  ] as const) {
    it(`spells ${name}`, () => {
      assert.equal(bytes.toString(), text)
    })
  }
})

describe('the parameters of a tail', () => {
  it('are those of the list that choose events, and where to begin', () => {
    const pairs = new URLSearchParams('type=a*&q=red&data.n=1&facet.x=y&after=oldest')
    const { values, free } = tailParameters.read(pairs)
    assert.deepEqual(values, { type: ['a*'], q: 'red', after: 'oldest' })
    assert.deepEqual([...free.keys()], ['data.n', 'facet.x'])
  })

  for (const query of ['limit=1', 'direction=backward', 'after=a&after=b', 'unknown=1']) {
    it(`are not ${query}`, () => {
      const field = query.split('=')[0]
      const refusal = { code: 'invalid_query', place: { field } }
      assert.throws(() => tailParameters.read(new URLSearchParams(query)), refusal)
    })
  }
})
