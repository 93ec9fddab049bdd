import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { ManualClock } from '../../test/support/manual-clock.ts'
import { replayFetch, type Recorded } from '../../test/support/replay.ts'
import { WorkOS } from './client.ts'
import { isAnswerError } from '../http/index.ts'
import type { PagerOptions } from './pager.ts'
import type { EventsQuery } from './query.ts'

const event = (id: string) => ({ id, event: 'user.created', data: {}, created_at: '' })
const page = (ids: string, after: string | null): Recorded => ({
  status: 200,
  body: { data: ids === '' ? [] : ids.split(' ').map(event), list_metadata: { after } },
})

/** What a pager gives for these answers, how it ends, and what it asked and waited. */
async function walk(
  answers: readonly Recorded[],
  query: EventsQuery = {},
  options: PagerOptions = {},
) {
  const { fetch, requests } = replayFetch(answers)
  const clock = new ManualClock()
  const workos = new WorkOS({ apiKey: 'sk', baseUrl: 'http://h', fetch, clock, retry: false })
  const ids: string[] = []
  let error: unknown
  try {
    for await (const { id } of workos.events.iterate(query, options)) ids.push(id)
  } catch (thrown) {
    error = thrown
  }
  const asked = requests.map(({ path }) => new URLSearchParams(path.split('?')[1]).get('after'))
  return { ids: ids.join(' '), error, asked, paths: requests.map(({ path }) => path), clock }
}

describe('a pager', () => {
  const ends: readonly (readonly [string, Recorded[], ids: string, (string | null)[]])[] = [
    ['without events', [page('', null)], '', [null]],
    ['after one page', [page('a b', null)], 'a b', [null]],
    [
      'after three',
      [page('a b', 'b'), page('c', 'c'), page('d', null)],
      'a b c d',
      [null, 'b', 'c'],
    ],
    ['at an empty page', [page('a b', 'b'), page('', null)], 'a b', [null, 'b']],
    ['at an empty page that leads back', [page('a', 'a'), page('', 'a')], 'a', [null, 'a']],
    ['at an empty page that leads on', [page('a', 'a'), page('', 'z')], 'a', [null, 'a']],
    ['where a cursor is no event', [page('a', 'x'), page('b', null)], 'a b', [null, 'x']],
  ]
  for (const [what, answers, ids, asked] of ends) {
    it(`ends ${what}`, async () => {
      const walked = await walk(answers)
      assert.equal(walked.error, undefined)
      assert.deepEqual([walked.ids, walked.asked], [ids, asked])
    })
  }

  const circles: readonly (readonly [string, string | undefined, Recorded[], ids: string])[] = [
    ['a page that leads to itself', undefined, [page('a', 'a'), page('b', 'a')], 'a'],
    ['the cursor it was given', 'a', [page('b', 'a')], ''],
    ['the event it was to go on after', 'a', [page('a', null)], ''],
    ['that event among others', 'a', [page('z a b', 'b')], ''],
    ['a page of before', undefined, [page('a', 'a'), page('b', 'b'), page('c', 'a')], 'a b'],
    ['the events of before', undefined, [page('a b', 'x'), page('a b', 'y')], 'a b'],
  ]
  for (const [what, after, answers, ids] of circles) {
    it(`refuses to go round: ${what}`, async () => {
      const walked = await walk(answers, after === undefined ? {} : { after })
      assert.ok(isAnswerError(walked.error), String(walked.error))
      assert.match(walked.error.message, /leads back to "[ab]"/)
      assert.deepEqual([walked.ids, walked.asked.length], [ids, answers.length])
    })
  }

  it('sends everything again with each cursor, ranges, too', async () => {
    const query = {
      events: ['user.created'],
      limit: 2,
      after: '0',
      rangeStart: '2026-03-01',
      rangeEnd: '2026-03-02',
      organizationId: 'org_1',
    }
    const { paths } = await walk([page('a b', 'b'), page('c', null)], query)
    const path =
      '/events?events=user.created&organization_id=org_1&range_start=2026-03-01' +
      '&range_end=2026-03-02&limit=2&after='
    assert.deepEqual(paths, [`${path}0`, `${path}b`])
  })

  it('gives no empty pages, and what a page says', async () => {
    const { fetch } = replayFetch([page('a b', 'b'), page('', null)])
    const workos = new WorkOS({ apiKey: 'sk', baseUrl: 'http://h', fetch })
    const pages = []
    for await (const one of workos.events.pages()) pages.push(one)
    const metadata = { after: 'b' }
    assert.deepEqual(pages, [{ data: [event('a'), event('b')], listMetadata: metadata }])
  })

  it('tells a mistake at once, before a page is asked for', () => {
    const workos = new WorkOS({ apiKey: 'sk' })
    assert.throws(() => workos.events.iterate({ limit: 0 }), RangeError)
    assert.throws(() => workos.events.pages({ after: '' }), TypeError)
    assert.throws(() => workos.events.iterate({}, { follow: { pollMs: 1 } }), RangeError)
    assert.throws(() => workos.events.iterate({}, { folow: true } as never), TypeError)
    assert.throws(() => workos.events.iterate({}, { follow: { poll: 1 } } as never), TypeError)
    assert.throws(() => workos.events.iterate({}, { follow: { idleMs: 0 } }), RangeError)
    assert.throws(() => workos.events.iterate({ rangeEnd: '2026' }, { follow: true }), TypeError)
  })

  it('asks for no page that nobody reads', async () => {
    const { fetch, requests } = replayFetch([page('a b', 'b'), page('c', null)])
    const workos = new WorkOS({ apiKey: 'sk', baseUrl: 'http://h', fetch })
    for await (const { id } of workos.events.iterate()) if (id === 'a') break
    assert.equal(requests.length, 1)
  })

  it('leads on for ever only where every page brings something new', async () => {
    // A server that answers whatever it likes, from few events and cursors.
    const name = fc.constantFrom('a', 'b', 'c', 'd', 'e')
    const answer = fc.tuple(
      fc.uniqueArray(name, { maxLength: 3 }),
      fc.option(fc.oneof(name, fc.constant('')), { nil: null }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(answer, { minLength: 30, maxLength: 30 }), async (answers) => {
        const pages = answers.map(([ids, after]) => page(ids.join(' '), after))
        const { asked, error, ids } = await walk(pages)
        // Each page that is gone on from ends at a new event, and there are five.
        assert.ok(asked.length <= 6, `${asked.length} pages`)
        assert.ok(error === undefined || isAnswerError(error), String(error))
        const cursors = asked.slice(1)
        assert.equal(new Set(cursors).size, cursors.length)
        // What it gives is what was answered, in order.
        const given = pages.slice(0, asked.length - (error === undefined ? 0 : 1))
        const wanted = given.flatMap(({ body }) => (body as { data: { id: string }[] }).data)
        assert.equal(ids, wanted.map(({ id }) => id).join(' '))
      }),
    )
  })

  it('gives each event of a true list once, in order, whatever the pages', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 20 }),
        async (sizes) => {
          let n = 0
          const pages = sizes.map((size, place) => {
            const ids = Array.from({ length: size }, () => `event_${(n += 1)}`)
            return page(ids.join(' '), place === sizes.length - 1 ? null : ids.at(-1)!)
          })
          const all = Array.from({ length: n }, (_, place) => `event_${place + 1}`).join(' ')
          const { ids, error } = await walk(pages.length === 0 ? [page('', null)] : pages)
          assert.deepEqual([ids, error], [all, undefined])
        },
      ),
    )
  })
})

describe('a follower', () => {
  it('asks on after the last event, and waits only at the end', async () => {
    const answers = [
      page('a b', 'b'),
      page('c', null),
      page('', null),
      page('d', null),
      page('', null),
      page('', null),
    ]
    const follow = { pollMs: 1000, idleMs: 2000 }
    const { ids, asked, clock, error } = await walk(answers, {}, { follow })
    assert.equal(error, undefined)
    assert.equal(ids, 'a b c d')
    assert.deepEqual(asked, [null, 'b', 'c', 'c', 'd', 'd'])
    assert.deepEqual(clock.sleptMs, [1000, 1000, 1000, 1000])
  })

  it('goes on after the last event, and not after the cursor of an empty page', async () => {
    const answers = [page('a b', 'x'), page('', 'y'), page('c', null), page('', null)]
    const { ids, asked } = await walk(answers, {}, { follow: { idleMs: 10_000 } })
    assert.deepEqual([ids, asked], ['a b c', [null, 'x', 'b', 'c']])
  })

  it('asks the same again as long as nothing is there, and ends when it was idle', async () => {
    const answers = Array.from({ length: 4 }, () => page('', null))
    const { asked, clock } = await walk(answers, { after: 'x' }, { follow: { idleMs: 30_000 } })
    assert.deepEqual(asked, ['x', 'x', 'x', 'x'])
    assert.deepEqual(clock.sleptMs, [10_000, 10_000, 10_000])
  })

  it('refuses a server that shows the last event again and again', async () => {
    const answers = [page('a b', null), page('b', null)]
    const { ids, error } = await walk(answers, {}, { follow: true })
    assert.equal(ids, 'a b')
    assert.ok(isAnswerError(error))
  })

  it('throws what a question ends with, so that nothing fails unseen', async () => {
    const answers = [page('a', null), { status: 500 }]
    const { ids, error } = await walk(answers, {}, { follow: true })
    assert.equal(ids, 'a')
    assert.match(String(error), /WorkOSError.*500/)
  })

  it('ends with the signal, also while it waits', async () => {
    const controller = new AbortController()
    const { fetch } = replayFetch([page('a', null)])
    const workos = new WorkOS({ apiKey: 'sk', baseUrl: 'http://h', fetch })
    const options = { follow: { pollMs: 3_600_000 }, signal: controller.signal }
    const events = workos.events.iterate({}, options)
    assert.equal((await events.next()).value?.id, 'a')
    const next = events.next()
    controller.abort(new Error('enough'))
    await assert.rejects(next, { message: 'enough' })
  })
})
