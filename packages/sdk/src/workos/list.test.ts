import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isAnswerError } from '../http/index.ts'
import { readList } from './list.ts'

const request = { method: 'GET', url: 'http://h/events' }
const event = { id: 'event_1', event: 'a.b', new_next_month: [1], data: { deep: { x: null } } }

describe('a page', () => {
  const cases: readonly (readonly [what: string, body: object, metadata: object])[] = [
    ['with a cursor', { list_metadata: { after: 'event_1' } }, { after: 'event_1' }],
    ['that is the last', { list_metadata: { after: null } }, { after: null }],
    ['whose cursor is empty, which is none', { list_metadata: { after: '' } }, { after: null }],
    ['without a cursor', { list_metadata: {} }, { after: null }],
    ['without metadata', {}, { after: null }],
    ['with metadata that are null', { list_metadata: null }, { after: null }],
    ['as it was in the beta', { listMetadata: { after: 'e' } }, { after: 'e' }],
    [
      'with a way back',
      { list_metadata: { before: 'e', after: null } },
      { after: null, before: 'e' },
    ],
    [
      'with no way back',
      { list_metadata: { before: null, after: 'e' } },
      { after: 'e', before: null },
    ],
  ]
  for (const [what, body, listMetadata] of cases) {
    it(`${what} is read`, () => {
      const list = readList(request, { object: 'list', data: [event], ...body })
      assert.deepEqual(list, { data: [event], listMetadata })
      assert.equal(list.data[0], event)
    })
  }

  const refused: readonly (readonly [what: string, body: unknown])[] = [
    ['nothing', undefined],
    ['null', null],
    ['a text', 'welcome'],
    ['no data', { list_metadata: { after: null } }],
    ['data that is an object', { data: {} }],
    ['an event that is null', { data: [event, null] }],
    ['an event without an id', { data: [event, { event: 'a.b' }] }],
    ['an event whose id is empty', { data: [event, { ...event, id: '' }] }],
    ['an event without a name', { data: [event, { id: 'event_2' }] }],
    ['an event whose name is a number', { data: [event, { ...event, event: 7 }] }],
  ]
  for (const [what, body] of refused) {
    it(`of ${what} is none`, () => {
      assert.throws(
        () => readList(request, body),
        (thrown) => {
          assert.ok(isAnswerError(thrown))
          assert.match(thrown.message, /GET http:\/\/h\/events .*no list of WorkOS events/)
          return true
        },
      )
    })
  }
})
