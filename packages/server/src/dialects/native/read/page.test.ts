import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encodePage } from './page.ts'

describe('A page of the list', () => {
  const event = { source: '/s', id: '1', type: 't', position: 1, receivedAtMs: 0, data: '[1]' }
  const end = { cursor: 'c', more: false }
  const cases = [
    ['the last one', { ...end, events: [] }, { events: [], cursor: 'c', more: false }],
    [
      'one that was cut before anything was found',
      { cursor: 'c', more: true, events: [], next: { position: 9 } },
      { events: [], cursor: 'c', more: true, complete: false },
    ],
    [
      'one that ended early with something on it',
      { cursor: 'c', more: true, events: [event], next: { position: 9 } },
      { events: [{ id: '1', data: [1] }], cursor: 'c', more: true },
    ],
    [
      'one whose reader was overtaken',
      { ...end, events: [], overtaken: 12 },
      { events: [], ...end, gap: { through: '0000000000000012' } },
    ],
  ] as const
  for (const [name, page, shown] of cases) {
    it(`says what its reader should know: ${name}`, () => {
      assert.deepEqual(JSON.parse(encodePage(page, new Set(['id', 'data']))), shown)
    })
  }
})
