import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Eventwell, type EventQuery, type Selection } from '@eventwell/client'
import { decodeList } from '../../../server/src/dialects/native/read/query.ts'
import { replayFetch } from '../support/replay.ts'
import { typedQuery } from './typed-query.ts'

/** What the client sends for a query. */
async function sent(query: EventQuery): Promise<URLSearchParams> {
  const { fetch, requests } = replayFetch([
    { status: 200, body: { events: [], cursor: 'c', more: false } },
  ])
  await new Eventwell({ url: 'http://events.example.com', key: 'k', fetch }).list(query)
  return new URL(requests[0]!.path, 'http://events.example.com').searchParams
}

const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((one) => one.isWellFormed())
const texts = fc.array(text, { minLength: 1, maxLength: 3 })
const time = fc.date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true })
const name = fc.stringMatching(/^x_[a-z_]{1,10}$/)
const optional = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined })
const selection = fc.record(
  {
    type: texts,
    resource: texts,
    action: texts,
    source: texts,
    subject: texts,
    actor: texts,
    organization: texts,
    facets: optional(fc.dictionary(name, texts, { minKeys: 1, maxKeys: 3 })),
    data: optional(fc.dictionary(name, texts, { minKeys: 1, maxKeys: 3 })),
    from: time.map((date) => date.toISOString()),
    until: time.map((date) => date.toISOString()),
    receivedFrom: time.map((date) => date.toISOString()),
    receivedUntil: time.map((date) => date.toISOString()),
    q: fc.constantFrom('word', 'two words', 'ä+b'),
    limit: fc.integer({ min: 1, max: 1000 }),
    direction: fc.constantFrom('forward', 'backward'),
    fields: fc.array(name, { minLength: 1, maxLength: 4 }),
  },
  { requiredKeys: [] },
)

describe('a query', () => {
  it('goes through the query string and back, and the server understands it', async () => {
    await fc.assert(
      fc.asyncProperty(selection, async (query) => {
        const given = JSON.parse(JSON.stringify(query)) as EventQuery
        const parameters = await sent(given)
        assert.deepEqual(JSON.parse(JSON.stringify(typedQuery(parameters))), given)
        const understood = decodeList(parameters)
        for (const { name, values, prefixes = [] } of understood.query.facets ?? []) {
          const wanted = given[name as keyof Selection] ?? given.facets?.[name] ?? []
          assert.equal(values.length + prefixes.length, (wanted as readonly string[]).length)
        }
        assert.equal(understood.query.limit, given.limit ?? 100)
        assert.equal(understood.query.direction, given.direction ?? 'forward')
      }),
      { numRuns: 300 },
    )
  })

  it('spells single values, dates, numbers and booleans', async () => {
    const parameters = await sent({
      type: 'a.*',
      data: { n: [1.5, 10n], flag: true },
      facets: { execution_id: 'e' },
      from: new Date(0),
    })
    assert.deepEqual(
      [...parameters],
      [
        ['type', 'a.*'],
        ['facet.execution_id', 'e'],
        ['data.n', '1.5'],
        ['data.n', '10'],
        ['data.flag', 'true'],
        ['from', '1970-01-01T00:00:00.000Z'],
      ],
    )
  })

  const wrong: readonly { name: string; query: object; error: ErrorConstructor }[] = [
    { name: 'an empty list', query: { type: [] }, error: RangeError },
    { name: 'an empty list in data', query: { data: { a: [] } }, error: RangeError },
    { name: 'a member that is not known', query: { typ: 'x' }, error: TypeError },
    { name: 'a number that is none', query: { data: { a: Number.NaN } }, error: RangeError },
    { name: 'a null', query: { type: null }, error: RangeError },
    { name: 'a Date that is none', query: { from: new Date(Number.NaN) }, error: RangeError },
  ]
  for (const { name, query, error } of wrong) {
    it(`is refused before it is sent: ${name}`, async () => {
      await assert.rejects(sent(query), error)
    })
  }
})
