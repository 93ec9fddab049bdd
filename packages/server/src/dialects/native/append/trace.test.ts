import assert from 'node:assert/strict'
import type { IncomingHttpHeaders } from 'node:http'
import { describe, it } from 'node:test'
import { traceOf } from './trace.ts'

const ids = '0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

describe('trace of a request', () => {
  const cases: readonly [string, IncomingHttpHeaders, object | undefined][] = [
    ['none', {}, undefined],
    ['a state alone', { tracestate: 'a=1' }, undefined],
    ['a parent', { traceparent: `00-${ids}` }, { parent: `00-${ids}`, state: undefined }],
    [
      'a parent and a state',
      { traceparent: ` 00-${ids} `, tracestate: 'a=1, b=2' },
      { parent: `00-${ids}`, state: 'a=1, b=2' },
    ],
    ['a later version', { traceparent: `cc-${ids}-x` }, { parent: `00-${ids}`, state: undefined }],
    ['more than its version has', { traceparent: `00-${ids}-x` }, undefined],
    ['the version that is none', { traceparent: `ff-${ids}` }, undefined],
    ['zeros', { traceparent: `00-${'0'.repeat(32)}-b7ad6b7169203331-01` }, undefined],
    ['capitals', { traceparent: `00-${ids.toUpperCase()}` }, undefined],
    [
      'a state that is too long',
      { traceparent: `00-${ids}`, tracestate: `a=${'x'.repeat(600)}` },
      { parent: `00-${ids}`, state: undefined },
    ],
  ]
  for (const [name, headers, wanted] of cases) {
    it(name, () => assert.deepEqual(traceOf(headers), wanted))
  }
})
