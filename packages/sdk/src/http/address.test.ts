import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { baseAddress, withQuery, type QueryValue } from './address.ts'
import { requestHeaders } from './headers.ts'

describe('A base address', () => {
  const cases: [text: string | URL, wanted: string][] = [
    ['http://127.0.0.1:4567', 'http://127.0.0.1:4567'],
    ['http://127.0.0.1:4567/', 'http://127.0.0.1:4567'],
    ['https://Events.Example.com:443/v1//', 'https://events.example.com/v1'],
    ['https://events.example.com/a/?', 'https://events.example.com/a'],
    [new URL('http://[::1]:7/v1/'), 'http://[::1]:7/v1'],
  ]
  for (const [text, wanted] of cases) {
    it(String(text), () => assert.equal(baseAddress('url', text), wanted))
  }

  const wrong = [
    '',
    'localhost:4567',
    '127.0.0.1',
    '/v1',
    'ftp://events.example.com',
    'https://ada:pear@events.example.com',
    'https://ada@events.example.com',
    'ada:pear@events.example.com',
    'https://ada:pear@events example',
    'ada@x:pear@events.example.com',
    'https://events.example.com/a?key=pear',
    'https://events.example.com/a#pear',
    'htp://events.example.com/a?key=pear',
    'events.example.com#pear',
    'ada:pear?pear@events.example.com?pear',
  ]
  for (const text of wrong) {
    it(`cannot be ${JSON.stringify(text)}, and shows no password`, () => {
      assert.throws(
        () => baseAddress('hqUrl', text),
        (error: unknown) =>
          error instanceof TypeError &&
          error.message.startsWith('hqUrl must ') &&
          !error.message.includes('pear'),
      )
    })
  }
})

describe('A query', () => {
  const cases: [parameters: Record<string, QueryValue>, wanted: string][] = [
    [{}, 'http://a.example/e'],
    [{ a: undefined, b: [] }, 'http://a.example/e'],
    [{ b: 1, a: true, c: '' }, 'http://a.example/e?b=1&a=true&c='],
    [{ a: ['x', 'y & z', 'ü+'] }, 'http://a.example/e?a=x&a=y+%26+z&a=%C3%BC%2B'],
  ]
  for (const [parameters, wanted] of cases) {
    it(JSON.stringify(parameters), () => {
      assert.equal(withQuery('http://a.example/e', parameters), wanted)
    })
  }
})

describe('The headers of a request', () => {
  it('are those of the last group, in whatever case they are', () => {
    const headers = requestHeaders({ a: '1', b: '2' }, undefined, { A: '3' })
    assert.deepEqual(
      [...headers],
      [
        ['a', '3'],
        ['b', '2'],
      ],
    )
  })

  const wrong = [
    { authorization: 'Bearer secret\nx' },
    { authorization: 'Bearer secret\0' },
    { authorization: 'Bearer secret\u{1F350}' },
    { 'a header': 'secret' },
  ]
  for (const group of wrong) {
    it(`cannot be ${JSON.stringify(group)}, and are not shown`, () => {
      assert.throws(
        () => requestHeaders(group),
        (error: unknown) =>
          error instanceof TypeError &&
          error.message.includes(Object.keys(group)[0]!) &&
          error.cause === undefined &&
          !`${error.message}${error.stack}`.includes('secret'),
      )
    })
  }
})
