import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runInNewContext } from 'node:vm'
import { checkedSecret } from './checked-secret.ts'
import { callersHeaders } from './headers.ts'
import { checkNames } from './known-names.ts'

const check = (given: unknown) => checkNames('It', given, { a: true, b: true })

describe('Names', () => {
  const right: [name: string, given: unknown][] = [
    ['none', {}],
    ['all that there are', { a: 1, b: null }],
    ['one that is undefined', { c: undefined }],
    ['of another realm', runInNewContext('({ a: 1 })')],
  ]
  for (const [name, given] of right) it(`${name} are right`, () => check(given))

  it('that are not known are told, with those that there are, and without their values', () => {
    const message = 'It must not have "toString"; there are a, b.'
    assert.throws(() => check({ a: 1, toString: 'secret' }), { name: 'TypeError', message })
  })

  for (const given of [undefined, null, 'secret', 7, [], new Map([['a', 1]]), new Headers()]) {
    it(`cannot be in ${Object.prototype.toString.call(given)}`, () => {
      const message = 'It must be a plain object.'
      assert.throws(() => check(given), { name: 'TypeError', message })
    })
  }
})

describe('A caller’s headers', () => {
  it('may be an object or Headers', () => {
    assert.deepEqual(callersHeaders({ 'X-A': '1' }), { 'x-a': '1' })
    assert.deepEqual(callersHeaders(new Headers({ 'X-A': '1' })), { 'x-a': '1' })
    assert.deepEqual(callersHeaders(undefined), {})
  })

  for (const headers of [new Map([['x-a', 'secret']]), [['x-a', 'secret']], 'secret', null]) {
    it(`cannot be ${Object.prototype.toString.call(headers)}`, () => {
      assert.throws(() => callersHeaders(headers), {
        name: 'TypeError',
        message: 'headers must be a plain object, or Headers.',
      })
    })
  }

  it('must be texts', () => {
    for (const value of [7, undefined, ['secret']]) {
      const message = 'headers must hold texts; "x-a" is none.'
      assert.throws(() => callersHeaders({ 'x-a': value }), { name: 'TypeError', message })
    }
  })
})

describe('A key', () => {
  it('is visible ASCII', () => assert.equal(checkedSecret('key', 'a+/=~!'), 'a+/=~!'))

  for (const key of ['', ' ', 'sec ret', 'secret\n', 'sécret', undefined, 7, ['secret']]) {
    it(`is not ${JSON.stringify(key)}, which is not shown`, () => {
      const message = 'key must be a text of visible ASCII characters, without blanks.'
      assert.throws(() => checkedSecret('key', key), { name: 'TypeError', message })
    })
  }
})
