import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runInNewContext } from 'node:vm'
import { dateText, momentText } from './moment.ts'
import { pathPart } from './path-part.ts'
import { queryNames, queryText } from './query-text.ts'

const foreign = runInNewContext('new Date(0)') as Date
const functions = { pathPart, queryText, momentText, queryNames, dateText } as const
type Name = keyof typeof functions

describe('What stands in an address', () => {
  const cases: [Name, unknown, wanted: string | undefined | ErrorConstructor][] = [
    ['pathPart', 'a/ü?', 'a%2F%C3%BC%3F'],
    ['pathPart', '...', '...'],
    ['pathPart', '\u{1F350}', '%F0%9F%8D%90'],
    ['pathPart', '\ud800', RangeError],
    ['pathPart', 'a\udc00', RangeError],
    ['pathPart', '.', RangeError],
    ['pathPart', '..', RangeError],
    ['pathPart', '', TypeError],
    ['pathPart', undefined, TypeError],
    ['pathPart', 7, TypeError],
    ['queryText', 'a', 'a'],
    ['queryText', undefined, undefined],
    ['queryText', '', TypeError],
    ['queryText', ' ', TypeError],
    ['queryText', null, TypeError],
    ['queryText', 7, TypeError],
    ['momentText', '2026-03-01', '2026-03-01'],
    ['momentText', undefined, undefined],
    ['momentText', '', TypeError],
    ['momentText', null, TypeError],
    ['momentText', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['momentText', foreign, '1970-01-01T00:00:00.000Z'],
    ['momentText', new Date(NaN), RangeError],
    ['queryNames', ['a', 'b'], 'a,b'],
    ['queryNames', [], ''],
    ['queryNames', ['a,b'], TypeError],
    ['queryNames', [''], TypeError],
    ['queryNames', [undefined], TypeError],
    ['queryNames', 'a', TypeError],
    ['dateText', foreign, '1970-01-01T00:00:00.000Z'],
    ['dateText', new Date('0001-01-01T00:00:00Z'), '0001-01-01T00:00:00.000Z'],
    ['dateText', new Date('9999-12-31T23:59:59.999Z'), '9999-12-31T23:59:59.999Z'],
    ['dateText', new Date('0000-12-31T23:59:59.999Z'), RangeError],
    ['dateText', new Date('+010000-01-01T00:00:00Z'), RangeError],
    ['dateText', new Date(NaN), RangeError],
    ['dateText', '1970-01-01', TypeError],
  ]
  for (const [name, value, wanted] of cases) {
    const what = typeof wanted === 'function' ? `no ${name}` : `${name} ${wanted}`
    it(`as ${what}: ${JSON.stringify(value)}`, () => {
      if (typeof wanted === 'function') assert.throws(() => functions[name]('it', value), wanted)
      else assert.equal(functions[name]('it', value), wanted)
    })
  }
})
