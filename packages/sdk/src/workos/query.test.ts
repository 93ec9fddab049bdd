import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { listAddress, responseLimit, type EventsQuery } from './query.ts'

const query = (asked: object) =>
  listAddress('http://h', asked as EventsQuery).slice('http://h'.length)

describe('the address of a list', () => {
  const cases: readonly (readonly [what: string, asked: EventsQuery, wanted: string])[] = [
    ['of nothing in particular', {}, `/events?limit=${responseLimit}`],
    ['of one name', { events: ['user.created'] }, '/events?events=user.created&limit=10'],
    [
      'of two, joined by a comma',
      { events: ['user.created', 'dsync.user.created'], limit: 100 },
      '/events?events=user.created%2Cdsync.user.created&limit=100',
    ],
    [
      'of no names, which is not the same as not saying',
      { events: [] },
      '/events?events=&limit=10',
    ],
    [
      'of everything that can be said',
      {
        events: ['os/cpu'],
        limit: 1,
        after: 'event_1',
        rangeStart: '2026-03-01T10:00:00+02:00',
        rangeEnd: new Date(Date.UTC(2026, 2, 2)),
        organizationId: 'org_1',
      },
      '/events?events=os%2Fcpu&organization_id=org_1&range_start=2026-03-01T10%3A00%3A00%2B02%3A00' +
        '&range_end=2026-03-02T00%3A00%3A00.000Z&limit=1&after=event_1',
    ],
  ]
  for (const [what, asked, wanted] of cases) it(what, () => assert.equal(query(asked), wanted))

  const mistakes: readonly (readonly [what: string, asked: object, error: RegExp])[] = [
    ['a limit of 0', { limit: 0 }, /RangeError: limit/],
    ['a limit of 101', { limit: 101 }, /RangeError: limit/],
    ['half an event', { limit: 1.5 }, /RangeError: limit/],
    ['a limit that is text', { limit: '5' }, /RangeError: limit/],
    ['an empty cursor, which would be the start', { after: '' }, /TypeError: after .*last event/],
    ['the cursor of a last page', { after: null }, /TypeError: after .*last event/],
    [
      'an empty organization, which would be all',
      { organizationId: ' ' },
      /TypeError: organizationId/,
    ],
    ['a slip of the pen', { organizationID: 'org_1' }, /TypeError: A query .*organizationID/],
    ['a time as text alone', new Map(), /TypeError: A query must be a plain object/],
    ['an empty time', { rangeStart: '' }, /TypeError: rangeStart/],
    ['a time that is none', { rangeEnd: new Date(NaN) }, /RangeError: rangeEnd/],
    ['a time as a number', { rangeEnd: 7 }, /TypeError: rangeEnd/],
    ['a name alone', { events: 'user.created' }, /TypeError: events must be an array/],
    ['a name with a comma, which would be two', { events: ['a,b'] }, /TypeError: events.*"a,b"/],
    ['an empty name', { events: [''] }, /TypeError: events.*""/],
    ['no name', { events: [undefined] }, /TypeError: events.*undefined/],
  ]
  for (const [what, asked, error] of mistakes) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => query(asked),
        (thrown) => error.test(String(thrown)),
      )
    })
  }
})
