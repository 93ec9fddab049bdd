import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AppendAnswer } from '@eventwell/client'
import fc from 'fast-check'
import { MemoryApp } from './support/memory-app.ts'

const text = fc.string({ minLength: 1, maxLength: 20 }).filter((one) => one.trim() !== '')
const stamp = fc.oneof(text, fc.integer({ min: -5, max: 5 }), fc.boolean())
const event = fc.record(
  {
    specversion: fc.constant('1.0'),
    source: fc.constantFrom('/a', 'https://example.com/b?c=d'),
    type: text,
    subject: text,
    time: fc.constantFrom('2026-03-01T10:00:00.123456789+02:00', '2026-03-01T10:00:00Z'),
    authid: text,
    organization: text,
    mine: stamp,
    cursor: stamp,
    sequence: stamp,
    recordedtime: stamp,
    eventwellcursor: stamp,
    traceparent: text,
    tracestate: text,
    data: fc.jsonValue(),
  },
  { requiredKeys: ['specversion', 'source', 'type'] },
)
const parent = fc.constantFrom(undefined, `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`)
const url = '/eventwell/events'
const batch = { 'content-type': 'application/cloudevents-batch+json' }

describe('Events as they are shown', () => {
  it('are there already when they are put in again (PROTOCOL 2.2, 2.3)', async () => {
    const property = fc.asyncProperty(
      fc.array(event, { minLength: 1, maxLength: 8 }),
      parent,
      async (events, traceparent) => {
        const [app, other] = [new MemoryApp(), new MemoryApp()]
        const given = events.map((one, index) => ({ ...one, id: `e-${index}` }))
        const headers = { ...batch, ...(traceparent !== undefined && { traceparent }) }
        assert.equal((await app.post(url, given, headers)).statusCode, 200)
        const listed = (await app.get(url)).json() as { events: object[] }
        const exported = (await app.get('/eventwell/export?format=cloudevents')).json() as object[]
        const lines = (await app.get('/eventwell/export')).body
        const again = async (to: MemoryApp, body: object[]) => {
          const answer = (await to.post(url, body, { ...batch, traceparent: '' })).json()
          return new Set((answer as AppendAnswer).events.map(({ outcome }) => outcome))
        }
        assert.deepEqual(await again(app, listed.events), new Set(['exists']))
        assert.deepEqual(await again(app, exported), new Set(['exists']))
        const taken = await app.post(url, lines, { 'content-type': 'application/x-ndjson' })
        assert.equal((taken.json() as { exists: number }).exists, events.length)
        // Elsewhere they are new once, whichever way they come.
        assert.deepEqual(await again(other, exported), new Set(['created']))
        assert.deepEqual(await again(other, listed.events), new Set(['exists']))
        // There, a trace that the first request had is the event's own.
        if (traceparent === undefined) {
          assert.deepEqual(await again(other, given), new Set(['exists']))
        }
        await app.close()
        await other.close()
      },
    )
    await fc.assert(property, { numRuns: 40 })
  })
})
