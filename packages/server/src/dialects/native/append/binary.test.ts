import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EventwellError } from '../../../core/errors.ts'
import { binaryEvent, isBinary, namedByHeader } from './binary.ts'
import { decodeItem } from '../decode.ts'

const minimal = ['ce-specversion', '1.0', 'ce-id', '1', 'ce-source', '/svc', 'ce-type', 't']
const attributes = { specversion: '1.0', id: '1', source: '/svc', type: 't' }
const json = ['Content-Type', 'application/json']
const typed = (type: string) => ['content-type', type]
const asType = (datacontenttype: string, rest: object) => ({
  ...attributes,
  datacontenttype,
  ...rest,
})

describe('binary mode', () => {
  const cases: readonly [string, readonly string[], string | Uint8Array, object][] = [
    ['no body and no type', minimal, '', attributes],
    ['JSON', [...minimal, ...json], '{"a":[1]}', asType('application/json', { data: { a: [1] } })],
    [
      'JSON by its suffix, with a charset',
      [...minimal, ...typed('application/Geo+JSON; charset=utf-8')],
      '"é"',
      asType('application/Geo+JSON; charset=utf-8', { data: 'é' }),
    ],
    ['a type without a body', [...minimal, ...json], '', asType('application/json', {})],
    ['text', [...minimal, ...typed('text/plain')], 'ab', asType('text/plain', { data: 'ab' })],
    [
      'text with a byte order mark',
      [...minimal, ...typed('text/csv')],
      '\ufeffa',
      asType('text/csv', { data: '\ufeffa' }),
    ],
    [
      'XML',
      [...minimal, ...typed('image/svg+xml')],
      '<a/>',
      asType('image/svg+xml', { data: '<a/>' }),
    ],
    [
      'text in another charset',
      [...minimal, ...typed('text/plain; charset="latin1"')],
      Buffer.of(0xe9),
      asType('text/plain; charset="latin1"', { data_base64: '6Q==' }),
    ],
    [
      'text that is not UTF-8',
      [...minimal, ...typed('text/plain')],
      Buffer.of(0xe9),
      asType('text/plain', { data_base64: '6Q==' }),
    ],
    [
      'bytes',
      [...minimal, ...typed('application/octet-stream')],
      Buffer.of(0, 1),
      asType('application/octet-stream', { data_base64: 'AAE=' }),
    ],
    ['bytes of no type', minimal, Buffer.of(0, 1), { ...attributes, data_base64: 'AAE=' }],
    [
      'names in any case, values percent-encoded',
      [...minimal, 'CE-Subject', 'a%20b%22%25%E2%82%AC'],
      '',
      { ...attributes, subject: 'a b"%€' },
    ],
    [
      'a quoted value',
      [...minimal, 'ce-subject', '"a \\"b\\\\"'],
      '',
      { ...attributes, subject: 'a "b\\' },
    ],
    [
      'bytes of UTF-8',
      [...minimal, 'ce-subject', Buffer.from('é').toString('latin1')],
      '',
      { ...attributes, subject: 'é' },
    ],
    [
      'a percent sign alone',
      [...minimal, 'ce-subject', '5% off'],
      '',
      { ...attributes, subject: '5% off' },
    ],
    [
      'an extension',
      [...minimal, 'ce-retries', '3', 'x-other', 'y'],
      '',
      { ...attributes, retries: '3' },
    ],
  ]
  for (const [name, headers, body, wanted] of cases) {
    it(`takes ${name}`, () => {
      const event = binaryEvent(headers, Buffer.from(body))
      assert.deepEqual(event, wanted)
      decodeItem(event, 0)
    })
  }

  const refused: readonly [string, readonly string[], string, string | undefined][] = [
    ['no id', minimal.filter((_, at) => at < 2 || at > 3), '', 'ce-id'],
    ['an empty id', ['ce-specversion', '1.0', 'ce-id', ''], '', 'ce-source'],
    ['another version', ['ce-specversion', '0.3', ...minimal.slice(2)], '', 'ce-specversion'],
    ['no version', minimal.slice(2), '', 'ce-specversion'],
    ['a header sent twice', [...minimal, 'ce-id', '2'], '', 'ce-id'],
    ['a time that is none', [...minimal, 'ce-time', 'now'], '', 'ce-time'],
    ['an empty subject', [...minimal, 'ce-subject', ''], '', 'ce-subject'],
    ['data as a header', [...minimal, 'ce-data', '1'], '', 'ce-data'],
    [
      'its type as an attribute',
      [...minimal, 'ce-datacontenttype', 'a/b'],
      '',
      'ce-datacontenttype',
    ],
    ['a value that is not UTF-8', [...minimal, 'ce-subject', '%ff'], '', 'ce-subject'],
    ['a name with a hyphen', [...minimal, 'ce-my-name', 'x'], '', 'ce-my-name'],
    ['a name of the language', [...minimal, 'ce-__proto__', 'x'], '', 'ce-__proto__'],
    ['an empty type', [...minimal, 'content-type', ''], '', 'content-type'],
    ['JSON that is none', [...minimal, ...json], '{', undefined],
  ]
  for (const [name, headers, body, field] of refused) {
    it(`refuses ${name}`, () => {
      const decode = () => {
        try {
          return decodeItem(binaryEvent(headers, Buffer.from(body)), 0)
        } catch (error) {
          assert.ok(error instanceof EventwellError)
          throw namedByHeader(error)
        }
      }
      assert.throws(decode, (error: EventwellError) => error.place.field === field)
    })
  }

  it('is known by any of its own headers', () => {
    assert.ok(isBinary({ 'ce-id': '1' }))
    assert.ok(!isBinary({ 'content-type': 'application/json' }))
  })
})
