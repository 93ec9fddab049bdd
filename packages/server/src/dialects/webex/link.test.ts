import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MemoryApp } from '../../../test/support/memory-app.ts'
import { eventAt, pageOf } from './test/events.ts'

// The `Link` header must be an address that the client can reach, wherever it thinks the server is.

const forwarded = {
  host: '10.0.0.9:4567',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'events.example.com',
}

async function nextOf(options: object, headers: Record<string, string>): Promise<string> {
  const app = new MemoryApp(options)
  await app.post('/webex/v1/events', [eventAt(1), eventAt(2)])
  const { next } = await pageOf(app, '/webex/v1/events?max=1', headers)
  await app.close()
  return next!.origin + next!.pathname
}

describe('the next address of a Webex list', () => {
  const cases = [
    ['names the host that was asked', {}, { host: 'localhost:99' }, 'http://localhost:99'],
    ['names an IPv6 host', {}, { host: '[::1]:99' }, 'http://[::1]:99'],
    ['does not believe a proxy nobody named', {}, forwarded, 'http://10.0.0.9:4567'],
    [
      'believes a proxy that was',
      { trustProxy: 'loopback' },
      forwarded,
      'https://events.example.com',
    ],
    ['does not believe another', { trustProxy: '10.1.2.3' }, forwarded, 'http://10.0.0.9:4567'],
    [
      'is the public one where that is set',
      { publicUrl: 'https://public.example.com/log' },
      forwarded,
      'https://public.example.com/log',
    ],
    [
      'has a scheme that clients can follow, whatever a proxy passes on',
      { trustProxy: 'loopback' },
      { ...forwarded, 'x-forwarded-proto': 'x>; rel="prev", <javascript' },
      'http://events.example.com',
    ],
    [
      'is not made of a host that is none',
      { trustProxy: 'loopback' },
      { ...forwarded, 'x-forwarded-host': '...:::' },
      'https://10.0.0.9:4567',
    ],
    [
      'is not made of a host with marks that clients cut at',
      { trustProxy: 'loopback' },
      { ...forwarded, 'x-forwarded-host': 'evil.example>; rel="next", <http://x' },
      undefined,
    ],
  ] as const
  for (const [name, options, headers, base] of cases) {
    it(name, async () => {
      const next = await nextOf(options, headers)
      if (base === undefined) assert.doesNotMatch(next, /evil/)
      else assert.equal(next, `${base}/webex/v1/events`)
    })
  }
})
