import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { maskedData, maskedHeaders, maskOf } from './mask.ts'

const mask = maskOf(new Headers({ authorization: 'Bearer se"cret+7', 'x-key': '1234567' }), [
  'x-key',
])

describe('A masked text', () => {
  const cases: [text: string, wanted: string][] = [
    ['No.', 'No.'],
    ['Unknown key se"cret+7.', 'Unknown key ….'],
    ['Bearer se"cret+7', '…'],
    ['se"cret+7, se"cret+7 and 1234567', '…, … and …'],
    ['{"key":"se\\"cret+7"}', '{"key":"…"}'],
    ['/login?key=se%22cret%2B7', '/login?key=…'],
  ]
  for (const [text, wanted] of cases) it(text, () => assert.equal(mask(text), wanted))

  it('hides what is sent at the moment, and nothing that is short or in other headers', () => {
    const own = maskOf(new Headers({ 'x-key': 'short', 'x-a': 'secret', cookie: 'a=secret' }), [
      'x-key',
      'x-none',
    ])
    assert.equal(own('short secret a=secret'), 'short secret …')
  })

  it('hides what follows any scheme', () => {
    const headers = new Headers({ authorization: 'Basic c2VzYW1l', 'x-key': 'AWS4-X  open7sesame' })
    assert.equal(maskOf(headers, ['x-key'])('c2VzYW1l and open7sesame'), '… and …')
  })

  const words = ['development', 'Local_key-of-the-team', 'secret']
  for (const key of words) {
    it(`leaves a word such as ${key} alone, unless it stands behind its scheme`, () => {
      const own = maskOf(new Headers({ authorization: `Bearer ${key}` }), [])
      assert.equal(own(`a ${key} server; Bearer ${key}`), `a ${key} server; …`)
    })
  }

  for (const key of ['development1', 'twenty-five-letters-or-mor', 'sk.live']) {
    it(`hides ${key}, which is no word`, () => {
      assert.equal(maskOf(new Headers({ authorization: `Bearer ${key}` }), [])(key), '…')
    })
  }
})

describe('Masked data', () => {
  const cases: [text: string, wanted: unknown][] = [
    ['{"a":["se\\"cret+7",{"1234567":7}],"b":null}', { a: ['…', { '…': 7 }], b: null }],
    ['{"a":"\\u0073e\\u0022cret+7","id":1234567,"n":12345678}', { a: '…', id: '…', n: 12_345_678 }],
    ['[true,1.5,""]', [true, 1.5, '']],
    ['<html>1234567', '<html>…'],
    ['', ''],
  ]
  for (const [text, wanted] of cases) {
    it(text, () => assert.deepEqual(maskedData(text, mask), wanted))
  }

  it('has a member __proto__ as the body has it', () => {
    const data = maskedData('{"__proto__":{"a":1}}', mask) as object
    assert.deepEqual(
      [Object.keys(data), JSON.stringify(data)],
      [['__proto__'], '{"__proto__":{"a":1}}'],
    )
  })

  it('is parsed however deep it is where there is nothing to hide', () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000)
    const { title } = maskedData(`{"title":"No.","deep":${deep}}`, mask) as { title?: string }
    assert.equal(title, 'No.')
  })

  it('too deep for that is a text', () => {
    const text = '['.repeat(200_000) + '"1234567"' + ']'.repeat(200_000)
    const data = maskedData(text, mask)
    assert.ok(!(typeof data === 'string' ? data : JSON.stringify(data)).includes('1234567'))
  })
})

describe('Masked headers', () => {
  it('have dots in its place, and all cookies', () => {
    const headers = new Headers({ 'x-echo': 'key 1234567' })
    headers.append('set-cookie', 'a=1')
    headers.append('set-cookie', 'b=1234567')
    assert.deepEqual(
      [...maskedHeaders(headers, mask)],
      [
        ['set-cookie', 'a=1'],
        ['set-cookie', 'b=...'],
        ['x-echo', 'key ...'],
      ],
    )
  })

  it('are the same where there is nothing to hide', () => {
    const headers = new Headers({ a: '1' })
    assert.equal(maskedHeaders(headers, mask), headers)
  })
})
